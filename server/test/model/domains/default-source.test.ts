import { expect, it } from 'vitest';
import { defaultSourceIdOf, loginUrlOf, signInPageUrl } from '#model/domains/default-source.ts';

it.each(['oauth2', 'saml', 'ldap'] as const)('reads the source that it has written (%s)', (kind) => {
  expect(defaultSourceIdOf(loginUrlOf({ kind, id: 'oauth_strat-a_~-B' }))).toBe('oauth_strat-a_~-B');
});

it('writes the documented form', () => {
  expect(loginUrlOf({ kind: 'oauth2', id: 'oauth_strat-1' })).toBe(
    '/auth/login?provider=oauth2&id=oauth_strat-1&continue={{url}}',
  );
});

it.each([
  ['https://a.test/auth/login?id=x-1&provider=adfs&continue={{url}}', 'x-1'],
  ['/auth/login?provider=oauth2&id=x-1', 'x-1'],
  [signInPageUrl, undefined],
  ['/auth/login?continue={{url}}', undefined],
  ['/auth/login?provider=oauth2&continue={{url}}', undefined],
  ['/portal/login?provider=oauth2&id=x-1', undefined],
  ['', undefined],
])('finds the source in %s', (loginUrl, id) => {
  expect(defaultSourceIdOf(loginUrl)).toBe(id);
});
