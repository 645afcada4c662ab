import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Passwords } from '#model/users/password.ts';
import { expectSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

/** Counts the hashes instead of computing them. */
const counting = (): Passwords & { checks: number } => ({
  checks: 0,
  digest: async (text) => text,
  redigest: async (text) => text,
  isOutdated: () => false,
  async verify(text, digest) {
    this.checks++;
    return text === digest;
  },
});

let foyer: Foyer;
let second: Foyer;
let passwords: ReturnType<typeof counting>;
let domain: Domain;

beforeAll(async () => {
  passwords = counting();
  foyer = await startFoyer({ overrides: { passwords }, config: { trustedProxies: ['10.0.0.1'] } });
  second = await startFoyer({ overrides: { passwords }, sameStoreAs: foyer });
});
beforeEach(async () => {
  domain = await foyer.seedDomain();
  second.browser(domain.host);
  await foyer.seedUser(domain, { email: 'ada@example.test', password_digest: 'right' });
  passwords.checks = 0;
});
afterAll(async () => {
  await second.close();
  await foyer.close();
});

const attempt = (
  at: Foyer,
  ip: string,
  given: {
    email?: string;
    password?: string;
    headers?: Record<string, string>;
    browser?: ReturnType<Foyer['browser']>;
  } = {},
) =>
  (given.browser ?? at.browser(domain.host)).post('/auth/signin', {
    form: { email: given.email ?? 'ada@example.test', password: given.password ?? 'wrong', continue: '/' },
    ip,
    ...(given.headers && { headers: given.headers }),
  });

describe('S-134 password tries', () => {
  it('stops one address at one account after ten, before any hashing, over all nodes', async () => {
    for (let i = 0; i < 10; i++)
      expect((await attempt(i % 2 ? foyer : second, '203.0.113.1')).status).toBe(401);
    for (const node of [foyer, second]) {
      const answer = await attempt(node, '203.0.113.1', { password: 'right' });
      expect(answer.status).toBe(429);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(900);
      expect(answer.body).toContain('rate_limited');
    }
    expect(passwords.checks).toBe(10);
  });

  it('stops one address over many accounts after sixty', async () => {
    const statuses = [];
    for (let i = 0; i < 61; i++) {
      statuses.push((await attempt(foyer, '203.0.113.2', { email: `p${i}@example.test` })).status);
    }
    expect(statuses.slice(0, 60).every((status) => status === 401)).toBe(true);
    expect(statuses[60]).toBe(429);
  });

  it('slows an account that many addresses try, for a minute at most', async () => {
    const answers = [];
    for (let i = 0; i < 21; i++) answers.push(await attempt(foyer, `198.51.100.${i}`));
    expect(answers.slice(0, 20).every(({ status }) => status === 401)).toBe(true);
    expect(answers[20]?.status).toBe(429);
    expect(Number(answers[20]?.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('lets a browser that was signed in before in, whatever strangers do', async () => {
    const own = foyer.browser(domain.host);
    expectSignedIn(await attempt(foyer, '192.0.2.9', { password: 'right', browser: own }));
    for (let i = 0; i < 40; i++) await attempt(foyer, `198.51.100.${i}`);
    for (let i = 0; i < 12; i++) await attempt(foyer, '192.0.2.9');
    expect((await attempt(foyer, '192.0.2.9', { password: 'right' })).status).toBe(429);
    expectSignedIn(await attempt(foyer, '192.0.2.9', { password: 'right', browser: own }));
  });

  it('limits that browser, too, and takes its mark for no other account', async () => {
    const own = foyer.browser(domain.host);
    expectSignedIn(await attempt(foyer, '192.0.2.1', { password: 'right', browser: own }));
    for (let i = 0; i < 10; i++) await attempt(foyer, '192.0.2.1', { browser: own });
    expect((await attempt(foyer, '192.0.2.1', { browser: own })).status).toBe(429);
    const rows = await foyer.services.db.kysely
      .selectFrom('rate_limits')
      .select('key')
      .where('domain_id', '=', domain.id)
      .where('key', 'like', 'password:browser:%')
      .execute();
    await attempt(foyer, '192.0.2.1', { browser: own, email: 'bob@example.test' });
    const after = await foyer.services.db.kysely
      .selectFrom('rate_limits')
      .select('key')
      .where('domain_id', '=', domain.id)
      .where('key', 'like', 'password:browser:%')
      .execute();
    expect(after).toEqual(rows);
  });

  it('does not count right passwords, so an office behind one address signs in', async () => {
    for (let i = 0; i < 15; i++) {
      expectSignedIn(await attempt(foyer, '203.0.113.7', { password: 'right' }));
    }
  });

  it('counts each domain for itself', async () => {
    for (let i = 0; i < 11; i++) await attempt(foyer, '203.0.113.8');
    expect((await attempt(foyer, '203.0.113.8')).status).toBe(429);
    domain = await foyer.seedDomain();
    expect((await attempt(foyer, '203.0.113.8')).status).toBe(401);
  });

  it('believes X-Forwarded-For from the trusted proxy only', async () => {
    const forged = (i: number) => ({ headers: { 'x-forwarded-for': `192.0.2.${i}` } });
    for (let i = 0; i < 10; i++) await attempt(foyer, '203.0.113.9', forged(i));
    expect((await attempt(foyer, '203.0.113.9', forged(99))).status).toBe(429);
    for (let i = 0; i < 10; i++) expect((await attempt(foyer, '10.0.0.1', forged(100))).status).toBe(401);
    expect((await attempt(foyer, '10.0.0.1', forged(100))).status).toBe(429);
    expect((await attempt(foyer, '10.0.0.1', { ...forged(101), email: 'bob@example.test' })).status).toBe(
      401,
    );
  });

  it('writes the first refusal of a window to the audit log, and no more', async () => {
    for (let i = 0; i < 14; i++) await attempt(foyer, '203.0.113.10');
    const rows = await foyer.services.db.kysely
      .selectFrom('audit')
      .select('reason')
      .where('domain_id', '=', domain.id)
      .where('reason', '=', 'rate_limited')
      .execute();
    expect(rows).toHaveLength(1);
  });
});
