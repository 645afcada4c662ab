import type { TObject, TSchema } from 'typebox';
import { matchesSchema } from '#base/lib/matches-schema.ts';

const simpleTypes: readonly unknown[] = ['string', 'integer', 'number', 'boolean'];

const isSimple = (schema: TSchema): boolean => simpleTypes.includes((schema as { type?: unknown }).type);

/**
 * The members that an answer of this shape can say. A stored setting of another kind is left out, so that one damaged
 * source does not take the list along; simple values are converted by the answer itself.
 */
export const readableMembers = (
  view: TObject,
  members: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members).filter(([name, value]) => {
      const schema = view.properties[name];
      if (schema === undefined || value === null || matchesSchema(schema, value)) return true;
      return isSimple(schema) && typeof value !== 'object';
    }),
  );
