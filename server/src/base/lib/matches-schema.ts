import { createRequire } from 'node:module';
import type { TSchema } from 'typebox';
import type { Check } from 'typebox/value';

const require = createRequire(import.meta.url);
let check: typeof Check | undefined;

/** Whether a value is of a schema's form. The checker is large, so no start waits for it. */
export const matchesSchema = (schema: TSchema, value: unknown): boolean => {
  check ??= (require('typebox/value') as { Check: typeof Check }).Check;
  return check(schema, value);
};
