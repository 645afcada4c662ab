import type { AuditView } from '@foyer/contract/audit.ts';
import { describe, expect, it } from 'vitest';
import { actionWords } from '#features/audit/action-words.ts';
import { tell, tellText } from '#features/audit/tell.ts';

const row = (more: Partial<AuditView>): AuditView => ({
  id: '1',
  authority_id: 'authority-1',
  at: 1_790_000_000,
  action: 'source.update',
  outcome: 'ok',
  actor: { kind: 'user', id: 'user-1', name: 'Alice' },
  target: 'oauth_strat-1',
  target_name: 'Microsoft',
  fields: ['scope', 'tokenUrl'],
  detail: {},
  ...more,
});

const sourceFiles = import.meta.glob<string>('../../../../server/src/**/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Names of actions as the server's code writes them, in TypeScript and in SQL. */
const actionsOfServer = (): string[] => {
  const patterns = [
    /\baction: '([a-z_.]+)'/g,
    /\baction: [^'\n]+\? '([a-z_.]+)' : '([a-z_.]+)'/g,
    /select \$1, '([a-z_.]+)', (?:'ok'|'denied'|case)/g,
    /type Revocation = '([a-z_.]+)' \| '([a-z_.]+)' \| '([a-z_.]+)'/g,
  ];
  const found = Object.values(sourceFiles).flatMap((text) =>
    patterns.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, ...names]) => names)),
  );
  return [...new Set(found.filter((each) => each !== undefined))].sort();
};

describe('an audit row', () => {
  it('is a sentence in both languages, with what changed', () => {
    expect(tellText(row({}), 'en')).toBe('Alice changed the source Microsoft: scope, token_url');
    expect(tellText(row({}), 'de')).toBe('Alice hat die Quelle Microsoft geändert: scope, token_url');
  });

  it('keeps names apart from words, whatever is in them', () => {
    const hostile = '{who} <img src=x onerror=alert(1)>: ';
    expect(tell(row({ target_name: hostile, fields: [] }), 'en')).toEqual([
      { text: 'Alice', isName: true },
      { text: ' changed the source ', isName: false },
      { text: hostile, isName: true },
    ]);
  });

  it.each([
    [{ action: 'sign_in', target: 'user-1', source_name: 'Microsoft' }, 'Alice signed in through Microsoft'],
    [{ action: 'sign_in', target: 'user-1' }, 'Alice signed in with a password'],
    [
      { action: 'sign_in', outcome: 'denied', reason: 'bad_credentials', actor: { kind: 'anonymous' } },
      'Somebody (Microsoft) could not sign in with a password: wrong e-mail address or password',
    ],
    [
      { action: 'user.update', target: 'user-1', fields: ['disabledAt', 'firstName'] },
      'Alice changed their own account: blocked or not, first_name',
    ],
    [
      { action: 'token.issue', actor: { kind: 'api_key', id: 'k' }, application_name: 'Planner' },
      'The application Planner got tokens for the API key k',
    ],
    [{ action: 'user.create', actor: { kind: 'system' }, target_name: 'Bob' }, 'Foyer added Bob'],
    [
      { action: 'source.delete', outcome: 'denied', reason: 'forbidden' },
      'Refused: Alice deleted the source Microsoft: forbidden',
    ],
    [
      { action: 'source.make_default', detail: { overridden: ['not_tested'], reason: 'a pilot' } },
      'Alice made Microsoft the default way to sign in, although this version had passed no dry run: a pilot',
    ],
    [{ action: 'moon.land', fields: [] }, 'Alice: moon.land Microsoft'],
  ])('%j is told as it is', (more, sentence) => {
    expect(tellText(row(more as Partial<AuditView>), 'en')).toBe(sentence);
  });

  it('has words for every action that the server writes', () => {
    const actions = actionsOfServer();
    expect(actions.length).toBeGreaterThan(40);
    const known = Object.keys(actionWords.en).map((each) => each.replace(/\.denied$/, ''));
    expect(actions.filter((each) => !known.includes(each))).toEqual([]);
  });

  it('uses the same places in both languages', () => {
    const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [action, sentence] of Object.entries(actionWords.en)) {
      expect([action, places(actionWords.de[action as keyof typeof actionWords.de])]).toEqual([
        action,
        places(sentence),
      ]);
    }
  });
});
