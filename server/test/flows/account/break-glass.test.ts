import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Answer } from '../../support/browser.ts';
import { expectSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { password, seedLocalPerson, signIn } from './local-person.ts';

let foyer: Foyer;
let domain: Domain;

beforeAll(async () => {
  foyer = await startFoyer();
});
beforeEach(async () => {
  domain = await foyer.seedDomain({ passwordSignIn: false });
  await foyer.seedSource(domain);
});
afterAll(() => foyer.close());

const admin = (email: string, fields = {}) =>
  seedLocalPerson(foyer, domain, email, { sys_admin: true, break_glass: true, ...fields });
const page = async (query: string): Promise<string> =>
  (await foyer.browser(domain.host).get(`/login${query}`)).body;
const form = '<form method="post" action="/auth/signin">';

describe('a domain that lets nobody in by password', () => {
  it('has a form for administrators behind a link, and keeps where to go on', async () => {
    await admin('admin@example.test');
    const closed = await page('?continue=/app');
    expect(closed).not.toContain(form);
    expect(closed).toContain('href="/login?local=1&amp;continue=%2Fapp"');
    expect(closed).toContain('Administrators: sign in with a local password');
    const open = await page('?local=1&continue=/app');
    expect(open).toContain(form);
    expect(open).toContain('name="continue" value="/app"');
  });

  it.each([
    ['is no administrator', { sys_admin: false }],
    ['has no flag', { break_glass: false }],
    ['has no password', { password_digest: null }],
    ['is disabled', { disabled_at: new Date() }],
    ['is deleted', { deleted_at: new Date() }],
  ])('has neither link nor form nor sign-in when the only candidate %s', async (_what, fields) => {
    await admin('admin@example.test', fields);
    expect(await page('')).not.toContain('local=1');
    expect(await page('?local=1')).not.toContain(form);
    expect((await signIn(foyer.browser(domain.host), 'admin@example.test')).status).toBe(404);
  });

  it('lets the break-glass administrator in, and the audit log says so', async () => {
    const id = await admin('admin@example.test');
    expectSignedIn(await signIn(foyer.browser(domain.host), 'admin@example.test'));
    const rows = await foyer.services.db.kysely
      .selectFrom('audit')
      .select(['action', 'outcome', 'target', 'detail'])
      .where('domain_id', '=', domain.id)
      .execute();
    expect(rows).toMatchObject([
      { action: 'sign_in', outcome: 'ok', target: id, detail: { how: 'password', break_glass: true } },
    ]);
  });

  it('S-87, S-134 refuses everybody else alike, whatever the password', async () => {
    await admin('admin@example.test');
    await admin('plain@example.test', { break_glass: false });
    await seedLocalPerson(foyer, domain, 'person@example.test');
    await seedLocalPerson(foyer, domain, 'flagged@example.test', { break_glass: true });
    const tries: [email: string, password: string][] = [
      ['plain@example.test', password],
      ['person@example.test', password],
      ['flagged@example.test', password],
      ['nobody@example.test', password],
      ['admin@example.test', 'wrong'],
    ];
    const hashes = vi.spyOn(foyer.services.passwords, 'verify');
    onTestFinished(() => hashes.mockRestore());
    const answers: unknown[] = [];
    for (const [email, given] of tries) {
      const answer = await foyer
        .browser(domain.host)
        .post('/auth/signin', { form: { email, password: given, continue: '/account' } });
      answers.push(visible(answer, email));
    }
    for (const seen of answers) expect(seen).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 401 });
    // Each of them cost a hash, so that time tells nothing either.
    expect(hashes).toHaveBeenCalledTimes(tries.length);
  });
});

it('a domain with passwords shows its form at once', async () => {
  domain = await foyer.seedDomain();
  await admin('admin@example.test');
  for (const query of ['', '?local=1']) {
    const body = await page(query);
    expect(body).toContain(form);
    expect(body).not.toContain('local=1');
  }
});

/** All that a stranger can compare, without what is random or what they sent themselves. */
const visible = ({ status, headers, body }: Answer, email: string) => ({
  status,
  headers: Object.keys(headers).sort(),
  body: body.replaceAll(email, '').replace(/name="csrf" value="[^"]*"/, ''),
});
