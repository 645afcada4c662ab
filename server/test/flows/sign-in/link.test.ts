import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfTokenFor } from '#base/http/csrf.ts';
import { identityRef } from '#model/identities/identity-store.ts';
import type { Source } from '#model/sources/source.ts';
import type { Answer, Browser } from '../../support/browser.ts';
import { expectRefusedBrowser, expectSignedIn } from '../../support/expectations.ts';
import { type Broker, startBroker } from './broker.ts';

let broker: Broker;
let second: Source;
let n = 0;

beforeAll(async () => {
  broker = await startBroker({ config: { signInStartsPerMinute: 0 } });
  second = await broker.addSource(broker.domain, { name: 'Second' });
});
beforeEach(() => {
  n += 1;
});
afterAll(() => broker.close());

const email = (): string => `link${n}@example.com`;
const csrfOf = async (browser: Browser): Promise<string> =>
  csrfTokenFor(
    await broker.foyer.services.keyring.purposeKey('csrf'),
    browser.cookies.get('__Host-foyer_session') ?? '',
  );
const signedIn = async (id = `a${n}`): Promise<Browser> => {
  const browser = broker.foyer.browser(broker.domain.host);
  broker.provider.next({ id, email: email() });
  expectSignedIn(await broker.signIn(browser));
  return browser;
};
const identities = async (browser: Browser) => {
  const { id } = (await browser.get('/auth/whoami')).json<{ id: string }>();
  return broker.foyer.services.db.kysely
    .selectFrom('identities')
    .selectAll()
    .where('user_id', '=', id)
    .orderBy('created_at')
    .execute();
};
const beginLink = async (
  browser: Browser,
  options: { csrf?: string; headers?: Record<string, string> } = {},
) =>
  browser.post('/auth/identities/link', {
    form: { id: second.id, csrf: options.csrf ?? (await csrfOf(browser)) },
    ...(options.headers && { headers: options.headers }),
  });
/** From our page on to the provider, and to the callback's address. */
const goOn = async (browser: Browser, begun: Answer): Promise<string> => {
  const to = /url=(.*)$/.exec(String(begun.headers.refresh))?.[1] as string;
  return (await browser.get(to)).location;
};

describe('linking while signed in', () => {
  it('S-33 joins the second source to the account, tokens included', async () => {
    const browser = await signedIn();
    broker.provider.next({ id: `b${n}`, email: `other-${email()}` });
    const answer = await browser.get(await goOn(browser, await beginLink(browser)));
    expect(answer.status).toBe(302);
    expect(await identities(browser)).toMatchObject([
      { subject: `a${n}` },
      { subject: `b${n}`, source_id: second.id },
    ]);
    const grants = await broker.foyer.services.db.kysely
      .selectFrom('upstream_grants')
      .select('subject')
      .where('subject', '=', `b${n}`)
      .execute();
    expect(grants).toHaveLength(1);
    expect((await broker.audit()).at(-1)).toMatchObject({ action: 'identity.link', source_id: second.id });
    const again = broker.foyer.browser(broker.domain.host);
    expectSignedIn(await broker.signIn(again, { source: second }));
    expect((await identities(again)).length).toBe(2);
  });

  it('S-33 S-84 needs the token of this session and a page of ours', async () => {
    const browser = await signedIn();
    const other = await signedIn(`other${n}`).catch(() => browser);
    expectRefusedBrowser(await beginLink(browser, { csrf: '' }), 'csrf_refused');
    expectRefusedBrowser(await beginLink(browser, { csrf: 'x'.repeat(43) }), 'csrf_refused');
    if (other !== browser) {
      expectRefusedBrowser(await beginLink(browser, { csrf: await csrfOf(other) }), 'csrf_refused');
    }
    for (const headers of [
      { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { origin: broker.foyer.url(broker.domain.host), 'sec-fetch-site': 'same-site' },
    ]) {
      expectRefusedBrowser(await beginLink(browser, { headers }), 'csrf_refused');
    }
    expect((await browser.get(`/auth/identities/link?id=${second.id}`)).status).not.toBe(200);
  });

  it('S-33 needs a sign-in of the last five minutes', async () => {
    const browser = await signedIn();
    broker.foyer.clock.advance(5 * 60_000 + 1_000);
    expectRefusedBrowser(await beginLink(browser), 'reauthentication_required');
    broker.foyer.clock.advance(-5 * 60_000 - 1_000);
  });

  it('S-33 links nothing when somebody else, or nobody, is signed in at the end', async () => {
    const browser = await signedIn();
    broker.provider.next({ id: `b${n}` });
    const callback = await goOn(browser, await beginLink(browser));
    const mine = browser.cookies.get('__Host-foyer_session') as string;
    broker.provider.next({ id: `c${n}` });
    expectSignedIn(await broker.signIn(browser));
    expectRefusedBrowser(await browser.get(callback), 'state_mismatch');
    expect(await identities(browser)).toHaveLength(1);
    expect(mine).not.toBe(browser.cookies.get('__Host-foyer_session'));
  });

  it('S-27 refuses to take an identity that belongs to another account', async () => {
    const browser = await signedIn();
    broker.provider.next({ id: `theirs${n}` });
    expectSignedIn(await broker.signIn(broker.foyer.browser(broker.domain.host), { source: second }));
    const answer = await browser.get(await goOn(browser, await beginLink(browser)));
    expectRefusedBrowser(answer, 'account_exists');
    expect(await identities(browser)).toHaveLength(1);
  });
});

describe('an account with the same address', () => {
  /** A sign-in at the second source meets the account that `signedIn` made. */
  const meet = async (): Promise<{ browser: Browser; owner: Browser }> => {
    const owner = await signedIn();
    const browser = broker.foyer.browser(broker.domain.host);
    broker.provider.next({ id: `b${n}`, email: email() });
    const refused = await broker.signIn(browser, { source: second });
    expectRefusedBrowser(refused, 'account_exists');
    expect(refused.body).toContain('/login?continue=%2Fauth%2Flink');
    return { browser, owner };
  };
  const proveAndConfirm = async (browser: Browser): Promise<Answer> => {
    broker.provider.next({ id: `a${n}`, email: email() });
    expectSignedIn(await broker.signIn(browser, { continueTo: '/auth/link' }));
    return browser.post('/auth/link', { form: { csrf: await csrfOf(browser) } });
  };

  it('S-29 S-34 is connected after the person has proved the existing method', async () => {
    const { browser } = await meet();
    broker.provider.next({ id: `a${n}`, email: email() });
    const answer = await broker.signIn(browser, { continueTo: '/auth/link' });
    const page = await browser.get(answer.location);
    expect(page.status).toBe(200);
    expect(page.body).toContain('Connect Second');
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] as string;
    const confirmed = await browser.post('/auth/link', { form: { csrf } });
    expect(confirmed.status).toBe(303);
    expect(await identities(browser)).toMatchObject([{ subject: `a${n}` }, { subject: `b${n}` }]);
  });

  it('S-34 connects nobody else, no other browser, and only once', async () => {
    const { browser, owner } = await meet();
    const pending = browser.cookies.get('__Host-foyer_link') as string;
    // Another person proves another account in the same browser.
    broker.provider.next({ id: `stranger${n}`, email: `stranger-${email()}` });
    expectSignedIn(await broker.signIn(browser));
    const csrf = await csrfOf(browser);
    expectRefusedBrowser(await browser.post('/auth/link', { form: { csrf } }), 'state_mismatch');
    // The account's owner, in a browser that did not meet it.
    expectRefusedBrowser(
      await owner.post('/auth/link', { form: { csrf: await csrfOf(owner) } }),
      'state_mismatch',
    );
    browser.cookies.set('__Host-foyer_link', pending);
    expect((await proveAndConfirm(browser)).status).toBe(303);
    browser.cookies.set('__Host-foyer_link', pending);
    expectRefusedBrowser(await proveAndConfirm(browser), 'flow_used');
  });

  it('S-34 dies with an unlink, and after ten minutes', async () => {
    const { browser, owner } = await meet();
    const pending = browser.cookies.get('__Host-foyer_link') as string;
    await broker.foyer.services.db.kysely
      .insertInto('identities')
      .values({
        domain_id: broker.domain.id,
        source_id: second.id,
        issuer: 'i',
        subject: `tmp${n}`,
        user_id: (await owner.get('/auth/whoami')).json<{ id: string }>().id,
      })
      .execute();
    const ref = identityRef({ sourceId: second.id, issuer: 'i', subject: `tmp${n}` });
    const unlinked = await owner.post('/auth/identities/unlink', {
      form: { identity: ref, csrf: await csrfOf(owner) },
    });
    expect(unlinked.status).toBe(303);
    expectRefusedBrowser(await proveAndConfirm(browser), 'state_mismatch');
    n += 1;
    const late = await meet();
    broker.foyer.clock.advance(601_000);
    expect(late.browser.cookies.get('__Host-foyer_link')).not.toBe(pending);
    const { db } = broker.foyer.services;
    broker.provider.next({ id: `a${n}`, email: email() });
    expectSignedIn(await broker.signIn(late.browser));
    // The session is as old as the store's clock says, so it is made fresh for the clock that was moved.
    await db.kysely.updateTable('sessions').set({ authenticated_at: broker.foyer.clock.now() }).execute();
    const csrf = await csrfOf(late.browser);
    expectRefusedBrowser(await late.browser.post('/auth/link', { form: { csrf } }), 'state_mismatch');
    broker.foyer.clock.advance(-601_000);
  });
});

describe('unlinking', () => {
  const unlink = async (browser: Browser, ref: string): Promise<Answer> =>
    browser.post('/auth/identities/unlink', { form: { identity: ref, csrf: await csrfOf(browser) } });
  const refsOf = async (browser: Browser): Promise<string[]> =>
    (await identities(browser)).map(({ source_id, issuer, subject }) =>
      identityRef({ sourceId: source_id as Source['id'], issuer, subject }),
    );

  it('S-38 refuses to take the last way to sign in, and takes the tokens along with another', async () => {
    const browser = await signedIn();
    const [only = ''] = await refsOf(browser);
    expectRefusedBrowser(await unlink(browser, only), 'last_sign_in_method');
    broker.provider.next({ id: `b${n}` });
    await browser.get(await goOn(browser, await beginLink(browser)));
    expect((await unlink(browser, only)).status).toBe(303);
    expect(await identities(browser)).toMatchObject([{ subject: `b${n}` }]);
    const grants = await broker.foyer.services.db.kysely
      .selectFrom('upstream_grants')
      .select('subject')
      .where('subject', 'in', [`a${n}`, `b${n}`])
      .execute();
    expect(grants).toEqual([{ subject: `b${n}` }]);
  });

  it('S-38 keeps one of two ways when both are taken at the same instant', async () => {
    const browser = await signedIn();
    broker.provider.next({ id: `b${n}` });
    await browser.get(await goOn(browser, await beginLink(browser)));
    const refs = await refsOf(browser);
    const answers = await Promise.all(refs.map((ref) => unlink(browser, ref)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await identities(browser)).toHaveLength(1);
  });

  it('S-38 lets the last source go when there is a password', async () => {
    const browser = await signedIn();
    const [only = ''] = await refsOf(browser);
    await broker.foyer.services.db.kysely
      .updateTable('users')
      .set({ password_digest: 'x' })
      .where('email_canonical', '=', email())
      .execute();
    expect((await unlink(browser, only)).status).toBe(303);
  });

  it('does not take what belongs to another person', async () => {
    const browser = await signedIn();
    n += 1;
    const other = await signedIn();
    const [theirs = ''] = await refsOf(other);
    expectRefusedBrowser(await unlink(browser, theirs), 'not_found');
    expect(await identities(other)).toHaveLength(1);
  });
});
