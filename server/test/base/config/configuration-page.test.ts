import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configDocs } from '#base/config/config.ts';
import { renderConfiguration } from '../../../../docs/generate-configuration.ts';

const sourceOf = (path: string): string =>
  readFileSync(new URL(`../../../src/${path}`, import.meta.url), 'utf8');

test('the reference page of the configuration is up to date (node docs/generate-configuration.ts)', () => {
  const file = new URL('../../../../docs/reference/configuration.md', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(renderConfiguration());
});

test('every variable that the configuration reads is in the list, and no other', () => {
  const source = sourceOf('base/config/config.ts');
  const read = [...source.matchAll(/\benv\.([A-Z_]+)|Of\(env, '([A-Z_]+)'/g)].map(([, a, b]) => a ?? b);
  expect(configDocs.map(({ name }) => name).sort()).toEqual([...new Set(read)].sort());
});
