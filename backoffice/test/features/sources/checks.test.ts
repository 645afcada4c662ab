/** Findings of the checks in both languages: by code, with values, and never with a hole. */
import type { SourceCheck } from '@foyer/contract/dry-runs.ts';
import { describe, expect, it } from 'vitest';
import { worded } from '#features/sources/checks/worded.ts';
import { checkWords } from '#features/sources/checks/words.ts';

const check = (more: Partial<SourceCheck> = {}): SourceCheck => ({
  field: 'token_url',
  level: 'error',
  code: 'tenants_differ',
  message: 'Authorize URL names the tenant a, Token URL b.',
  fix: 'Use the same tenant in both.',
  values: { authorize: 'a', token: 'b' },
  ...more,
});

describe('a finding', () => {
  it('is worded by its code with its values, in both languages', () => {
    expect(worded(check(), checkWords.en).message).toBe('Authorize URL names the tenant a, Token URL b.');
    expect(worded(check(), checkWords.de).message).toBe('Authorize URL nennt den Mandanten a, Token URL b.');
  });

  it('falls back to the server’s words for an unknown code, and when a value is missing', () => {
    const unknown = check({ code: 'from_the_future', message: 'New.', fix: 'Do.' });
    expect(worded(unknown, checkWords.de)).toMatchObject({ message: 'New.', fix: 'Do.' });
    const { values: _values, ...bare } = check();
    expect(worded(bare, checkWords.de).message).toBe(bare.message);
  });

  it('a value that looks like a placeholder stays what it is', () => {
    const hostile = check({ values: { authorize: '{token}', token: '<b>' } });
    expect(worded(hostile, checkWords.de).message).toBe(
      'Authorize URL nennt den Mandanten {token}, Token URL <b>.',
    );
  });

  it('a code named like a member of every object is just unknown', () => {
    expect(worded(check({ code: 'constructor' }), checkWords.en).message).toBe(check().message);
  });
});

describe('the words', () => {
  /** The server's checks name their codes as literals: `code: 'host_denied'`, `finding('info_mappings', 'uid_unmapped', …`. */
  const files = import.meta.glob<string>('../../../../server/src/upstream/identity/oauth2/check-*.ts', {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const source = Object.values(files).join('\n');
  const codes = [
    ...source.matchAll(/code: '([a-z0-9_]+)'/g),
    ...source.matchAll(/finding\(\s*'[a-z_]+',\s*'([a-z0-9_]+)'/g),
  ].map(([, code]) => code as string);

  it('know every code that the server can find', () => {
    expect(codes.length).toBeGreaterThan(30);
    for (const language of ['en', 'de'] as const) {
      expect(codes.filter((code) => checkWords[language][code] === undefined)).toEqual([]);
    }
  });

  it('are the same codes with the same values in both languages', () => {
    const holes = (text: string) => [...text.matchAll(/\{[a-z]+\}/g)].map(([hole]) => hole).sort();
    expect(Object.keys(checkWords.de).sort()).toEqual(Object.keys(checkWords.en).sort());
    for (const [code, words] of Object.entries(checkWords.en)) {
      expect(holes(checkWords.de[code]?.message ?? ''), code).toEqual(holes(words?.message ?? ''));
    }
  });
});
