import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderProviderErrors } from '../../../../docs/generate-provider-errors.ts';

test('the reference page of provider errors is up to date (node docs/generate-provider-errors.ts)', () => {
  const file = new URL('../../../../docs/reference/provider-errors.md', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(renderProviderErrors());
});
