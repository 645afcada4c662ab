/**
 * S-82. The database's clock is the reference, so a session ages here by setting its row back, as if the time had
 * passed; the browser's cookie stays as it is, or is made to last for ever.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionCookieName } from '#base/http/session-cookie.ts';
import { sha256 } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import { updateDomain } from '#model/domains/domain-store.ts';
import { seedLocalPerson, signIn } from '../flows/account/local-person.ts';
import type { Browser } from '../support/browser.ts';
import { expectSignedIn, isSignedIn } from '../support/expectations.ts';
import { type Foyer, startFoyer } from '../support/start-foyer.ts';

const minute = 60;
const hour = 60 * minute;

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let cookie: string;

beforeAll(async () => {
  foyer = await startFoyer();
});
beforeEach(async () => {
  domain = await foyer.seedDomain({ sessionIdleSeconds: hour, sessionAbsoluteSeconds: 8 * hour });
  browser = foyer.browser(domain.host);
  await seedLocalPerson(foyer, domain, 'ada@example.test');
  cookie = expectSignedIn(await signIn(browser));
});
afterAll(() => foyer.close());

/** As if the session had been begun, used and given its limits this much earlier. */
const age = async (seconds: number): Promise<void> => {
  const passed = sql`make_interval(secs => ${seconds})`;
  await sql`update sessions set authenticated_at = authenticated_at - ${passed}, created_at = created_at - ${passed},
                   last_seen_at = last_seen_at - ${passed}, idle_expires_at = idle_expires_at - ${passed},
                   expires_at = expires_at - ${passed}
             where domain_id = ${domain.id} and id_hash = ${sha256(cookie)}`.execute(
    foyer.services.db.kysely,
  );
};

/** A use of the session pushes its idle limit out in the background. */
const use = async (): Promise<boolean> => {
  const signedIn = await isSignedIn(browser);
  await foyer.services.db.ping();
  return signedIn;
};

/** Every door that a session opens is shut. */
const expectSignedOut = async (): Promise<void> => {
  expect(await isSignedIn(browser)).toBe(false);
  expect((await browser.get('/auth/whoami')).status).toBe(401);
  expect((await browser.get('/account')).location).toContain('/login');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'x',
    redirect_uri: 'https://x.test/',
  });
  expect((await browser.get(`/auth/oauth/authorize?${query}`)).location).not.toContain('code=');
};

describe('S-82 a session ends on the server', () => {
  it('S-82 after the idle time without use', async () => {
    await age(hour - minute);
    expect(await use()).toBe(true);
    await age(hour + 5);
    await expectSignedOut();
  });

  it('S-82 after the absolute time, however often it is used', async () => {
    for (let hours = 0; hours < 15; hours++) {
      await age(hour / 2);
      expect(await use()).toBe(true);
    }
    await age(hour / 2 + 5);
    await expectSignedOut();
  });

  it('S-82 and use never pushes the idle limit beyond the absolute one', async () => {
    for (let halfHours = 0; halfHours < 15; halfHours++) {
      await age(hour / 2);
      await use();
    }
    const { rows } = await sql<{ inside: boolean; left: number }>`
      select idle_expires_at <= expires_at as inside, extract(epoch from expires_at - now())::int as left
        from sessions where id_hash = ${sha256(cookie)}`.execute(foyer.services.db.kysely);
    expect(rows[0]?.inside).toBe(true);
    expect(rows[0]?.left).toBeLessThanOrEqual(hour / 2);
  });

  it('S-82 at the limits of its own domain', async () => {
    const longer = await foyer.seedDomain({
      sessionIdleSeconds: 12 * hour,
      sessionAbsoluteSeconds: 24 * hour,
    });
    const other = foyer.browser(longer.host);
    await seedLocalPerson(foyer, longer, 'ada@example.test');
    const its = expectSignedIn(await signIn(other));
    await age(hour + 5);
    await expectSignedOut();
    domain = longer;
    cookie = its;
    await age(hour + 5);
    expect(await isSignedIn(other)).toBe(true);
    await age(12 * hour + 5);
    expect(await isSignedIn(other)).toBe(false);
  });

  it('S-82 at PlaceOS’ session_timeout, in minutes, when the domain has one', async () => {
    await updateDomain(foyer.services.db, domain.id, { internals: { session_timeout: '90' } });
    await foyer.services.changes.announce({ kind: 'domain', domainId: domain.id });
    cookie = expectSignedIn(await signIn(browser));
    const attributes = browser.attributesOf(sessionCookieName(true));
    expect(attributes).toContain('max-age=5400');
    await age(50 * minute);
    expect(await use()).toBe(true);
    await age(39 * minute);
    expect(await use()).toBe(true);
    await age(minute + 5);
    await expectSignedOut();
  });
});

describe('S-82 edits of the cookie', () => {
  it('S-82 do not extend a session: a browser that keeps it for ever is signed out all the same', async () => {
    await age(hour + 5);
    // The jar of these tests knows no expiry: the cookie is sent as long as it is there.
    expect(browser.cookies.get(sessionCookieName(true))).toBe(cookie);
    await expectSignedOut();
  });

  it('S-82 cannot bring a time along: the value is all there is', async () => {
    await age(hour + 5);
    const name = sessionCookieName(true);
    const later = 'Fri, 31 Dec 9999 23:59:59 GMT';
    for (const line of [
      `${name}=${cookie}; Max-Age=99999999`,
      `${name}=${cookie}; Expires=${later}`,
      `${name}=${cookie}.9999999999`,
      `${name}=${cookie}; ${name}_expires=9999999999`,
    ]) {
      const answer = await foyer.browser(domain.host).get('/auth/authority', { headers: { cookie: line } });
      expect({ line, session: answer.json().session }).toEqual({ line, session: false });
    }
  });

  it('S-82 R-07 do not matter, and neither does a node whose clock was set back', async () => {
    await age(hour + 5);
    foyer.clock.advance(-2 * hour * 1_000);
    await expectSignedOut();
    foyer.clock.advance(2 * hour * 1_000);
  });
});
