import { describe, expect, it } from 'vitest';
import type { EgressResponse } from '#base/lib/egress/egress.ts';
import { githubEmailsUrl, withVerifiedEmail } from '#upstream/identity/oauth2/github-email.ts';
import { readSettings } from '#upstream/identity/oauth2/settings.ts';

const asking = readSettings({ scope: 'read:user user:email' });
const answering = (status: number, body: unknown): EgressResponse =>
  ({ status, headers: {}, text: JSON.stringify(body), json: () => body }) as unknown as EgressResponse;
const list = [
  { email: 'old@contoso.test', primary: false, verified: true },
  { email: 'Ada@contoso.test', primary: true, verified: true },
  { email: 'new@contoso.test', primary: false, verified: false },
];

describe('where GitHub tells the e-mail addresses', () => {
  it.each([
    ['https://api.github.com/user', 'https://api.github.com/user/emails'],
    ['https://github.contoso.test/api/v3/user', 'https://github.contoso.test/api/v3/user/emails'],
    ['https://api.github.com/orgs', undefined],
    ['https://api.github.com.evil.example/user', undefined],
    ['https://id.example.test/user', undefined],
  ])('for %s it is %s', (profileUrl, expected) => {
    expect(githubEmailsUrl(profileUrl, asking)).toBe(expected);
  });

  it('is not asked without the scope', () => {
    expect(
      githubEmailsUrl('https://api.github.com/user', readSettings({ scope: 'read:user' })),
    ).toBeUndefined();
  });
});

describe('a profile of GitHub', () => {
  it('gets the primary address when it shows none', () => {
    expect(withVerifiedEmail({ id: 1, email: null }, answering(200, list))).toEqual({
      id: 1,
      email: 'Ada@contoso.test',
      email_verified: true,
    });
  });

  it('keeps the address that it shows, and says whether that one is verified', () => {
    const of = (email: string) => withVerifiedEmail({ email }, answering(200, list));
    expect(of('ada@contoso.test')).toEqual({ email: 'ada@contoso.test', email_verified: true });
    expect(of('new@contoso.test')).toEqual({ email: 'new@contoso.test' });
    expect(of('somebody@else.test')).toEqual({ email: 'somebody@else.test' });
  });

  it.each([
    [403, { message: 'Forbidden' }],
    [404, { message: 'Not Found' }],
    [200, { email: 'ada@contoso.test', verified: true, primary: true }],
    [200, [null, 'ada@contoso.test', { email: 7, verified: true, primary: true }]],
    [200, [{ email: 'ada@contoso.test', primary: true, verified: 'true' }]],
  ])('stays as it is when the answer is %s %j', (status, body) => {
    expect(withVerifiedEmail({ id: 1, email: null }, answering(status, body))).toEqual({
      id: 1,
      email: null,
    });
  });
});
