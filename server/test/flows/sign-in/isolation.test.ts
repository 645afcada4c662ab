import { type Provider, startProvider } from '@foyer/testkit/oauth2/start-provider.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Source } from '#model/sources/source.ts';
import { expectRefusedBrowser, expectSignedIn, isSignedIn } from '../../support/expectations.ts';
import { type Broker, startBroker } from './broker.ts';

let broker: Broker;
let a: { domain: Domain; source: Source };
let b: { domain: Domain; source: Source; provider: Provider };
const disable = async (source: Source, enabled = false): Promise<void> => {
  const { db, changes } = broker.foyer.services;
  await db.kysely.updateTable('sources').set({ enabled }).where('id', '=', source.id).execute();
  await changes.announce({ kind: 'source', domainId: source.domainId, id: source.id });
};

beforeAll(async () => {
  const provider = await startProvider({ clientId: 'client-b', clientSecret: 'secret-b' });
  broker = await startBroker({ config: { signInStartsPerMinute: 0 }, allow: [provider.address] });
  a = { domain: broker.domain, source: broker.source };
  const domain = await broker.foyer.seedDomain();
  const source = await broker.addSource(domain, {
    at: provider,
    settings: { client_id: 'client-b', client_secret: 'secret-b', scope: 'scope-b' },
  });
  b = { domain, source, provider };
});
afterAll(async () => {
  await broker.close();
  await b.provider.close();
});

describe('two domains', () => {
  it('S-40 D-02 answers for a source of another domain as for none, at start and at callback', async () => {
    const browser = broker.foyer.browser(a.domain.host);
    for (const path of ['/auth/oauth2?id=', '/auth/oauth2/callback?code=c&state=s&id=']) {
      const foreign = await browser.get(`${path}${b.source.id}`);
      const unknown = await browser.get(`${path}oauth_strat-unknown123`);
      expectRefusedBrowser(foreign, 'source_not_found');
      expectRefusedBrowser(unknown, 'source_not_found');
      const comparable = (body: string): string => body.replace(/<code>[^<]*<\/code>|failure\?id=\w+/g, '');
      expect(comparable(foreign.body)).toBe(comparable(unknown.body));
    }
  });

  it('S-19 answers 404 for a source of another protocol, an odd id, and one disabled at start or in between', async () => {
    const browser = broker.foyer.browser(a.domain.host);
    const saml = await broker.addSource(a.domain, { kind: 'saml', name: 'SAML' });
    for (const id of [saml.id, 'x', '../x', 'a'.repeat(65), '%27%20or%201=1', 'oauth_strat-%ff']) {
      const answer = await browser.get(`/auth/oauth2?id=${id}`);
      expect(answer.status === 404 || answer.status === 400).toBe(true);
    }
    const source = await broker.addSource(a.domain);
    const callback = await broker.begin(browser, { source });
    await disable(source);
    expectRefusedBrowser(await browser.get(callback), 'source_not_found');
    expectRefusedBrowser(await browser.get(`/auth/oauth2?id=${source.id}`), 'source_not_found');
    await disable(source, true);
    expectSignedIn(await browser.get(callback));
  });

  it('answers clearly for protocols that are stored but not available yet', async () => {
    const browser = broker.foyer.browser(a.domain.host);
    for (const [kind, provider] of [
      ['saml', 'adfs'],
      ['ldap', 'ldap'],
    ] as const) {
      const { id } = await broker.addSource(a.domain, { kind, name: kind });
      expectRefusedBrowser(await browser.get(`/auth/${provider}?id=${id}`), 'not_available_yet');
      expectRefusedBrowser(
        await browser.post(`/auth/${provider}/callback?id=${id}`, { form: {} }),
        'not_available_yet',
      );
    }
  });

  it('S-20 D-20 has no implicit source; an explicit default_callback_uri serves', async () => {
    const browser = broker.foyer.browser(a.domain.host);
    const callback = new URL(await broker.begin(browser));
    callback.searchParams.delete('id');
    expectRefusedBrowser(await browser.get(callback.href), 'bad_request');
    expectRefusedBrowser(await browser.get('/auth/oauth2'), 'bad_request');
    const { db, changes } = broker.foyer.services;
    const set = async (internals: object): Promise<void> => {
      await db.kysely
        .updateTable('domains')
        .set({ internals: JSON.stringify(internals) })
        .where('id', '=', a.domain.id)
        .execute();
      await changes.announce({ kind: 'domain', domainId: a.domain.id });
    };
    await set({ default_callback_uri: a.source.id });
    expectSignedIn(await browser.get(callback.href));
    await set({});
  });

  it('S-41 S-44 does not know a session or a flow of the other domain', async () => {
    const atA = broker.foyer.browser(a.domain.host);
    const atB = broker.foyer.browser(b.domain.host);
    const callback = new URL(await broker.begin(atA));
    for (const [name, value] of atA.cookies) atB.cookies.set(name, value);
    callback.hostname = b.domain.host;
    callback.searchParams.set('id', b.source.id);
    expectRefusedBrowser(await atB.get(callback.href), 'state_mismatch');
    expectSignedIn(await broker.signIn(atA));
    for (const [name, value] of atA.cookies) atB.cookies.set(name, value);
    expect(await isSignedIn(atA)).toBe(true);
    expect(await isSignedIn(atB)).toBe(false);
    expect((await atB.get('/auth/whoami')).status).toBe(401);
  });

  it('S-27 keeps the same subject of two sources, and look-alike keys, apart', async () => {
    const second = await broker.addSource(a.domain, { name: 'Second' });
    const ids = new Set<string>();
    for (const [source, id] of [
      [a.source, 'same'],
      [second, 'same'],
      [a.source, 'a-b'],
      [a.source, 'b'],
      [second, 'a-b'],
    ] as const) {
      broker.provider.next({ id });
      const browser = broker.foyer.browser(a.domain.host);
      expectSignedIn(await broker.signIn(browser, { source }));
      ids.add((await browser.get('/auth/whoami')).json<{ id: string }>().id);
    }
    expect(ids.size).toBe(5);
  });

  it('S-21 S-48 never mixes the settings of 200 interleaved flows over two domains', async () => {
    broker.provider.hits.length = 0;
    b.provider.hits.length = 0;
    await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        for (const { domain, source } of i % 2 ? [a, b] : [b, a]) {
          expectSignedIn(await broker.signIn(broker.foyer.browser(domain.host), { source }));
        }
      }),
    );
    const seen = (provider: Provider, name: string) => [
      ...new Set(provider.hits.flatMap(({ params }) => params[name] ?? [])),
    ];
    expect(seen(broker.provider, 'client_id')).toEqual(['client']);
    expect(seen(b.provider, 'client_id')).toEqual(['client-b']);
    expect(seen(broker.provider, 'client_secret')).toEqual(['secret']);
    expect(seen(b.provider, 'client_secret')).toEqual(['secret-b']);
    expect(seen(broker.provider, 'scope')).toEqual(['profile']);
    expect(seen(b.provider, 'scope')).toEqual(['scope-b']);
    expect(broker.provider.count('token')).toBe(100);
    const verifiers = [broker.provider, b.provider].flatMap((each) => seen(each, 'code_verifier'));
    expect(verifiers).toHaveLength(200);
  }, 60_000);

  it('S-91 S-48 stores the tokens sealed, each for its own identity', async () => {
    broker.provider.next({ id: 'sealed' });
    expectSignedIn(await broker.signIn(broker.foyer.browser(a.domain.host)));
    const { accessToken, refreshToken } = broker.provider.issued.at(-1) as {
      accessToken: string;
      refreshToken: string;
    };
    const { db, keyring } = broker.foyer.services;
    const row = await db.kysely
      .selectFrom('upstream_grants')
      .selectAll()
      .where('subject', '=', 'sealed')
      .executeTakeFirstOrThrow();
    const { grantPlace } = await import('#model/upstream-grants/seal-grant.ts');
    const key = { domainId: a.domain.id, sourceId: a.source.id, issuer: row.issuer, subject: 'sealed' };
    const open = (column: 'access_token_sealed' | 'refresh_token_sealed', subject = 'sealed') =>
      keyring.open(grantPlace({ ...key, subject }, column), Buffer.from(row[column] as Buffer));
    expect(await open('access_token_sealed')).toBe(accessToken);
    expect(await open('refresh_token_sealed')).toBe(refreshToken);
    await expect(open('access_token_sealed', 'other')).rejects.toMatchObject({ code: 'secret_unreadable' });
    expect(JSON.stringify(row)).not.toContain(accessToken);
    // a provider that does not repeat its refresh token does not take it away.
    broker.provider.tokenAnswer = { refresh_token: undefined };
    expectSignedIn(await broker.signIn(broker.foyer.browser(a.domain.host)));
    broker.provider.tokenAnswer = {};
    const after = await db.kysely
      .selectFrom('upstream_grants')
      .selectAll()
      .where('subject', '=', 'sealed')
      .executeTakeFirstOrThrow();
    expect(Buffer.from(after.refresh_token_sealed as Buffer)).toEqual(
      Buffer.from(row.refresh_token_sealed as Buffer),
    );
    expect(after.version).toBe(row.version + 1);
  });

  it('S-92 keeps a source with an unreadable secret from everybody else', async () => {
    const broken = await broker.addSource(a.domain, { name: 'Broken' });
    const { db, changes } = broker.foyer.services;
    await db.kysely
      .updateTable('sources')
      .set({ secrets: JSON.stringify({ client_secret: Buffer.alloc(64, 1).toString('base64') }) })
      .where('id', '=', broken.id)
      .execute();
    await changes.announce({ kind: 'source', domainId: a.domain.id, id: broken.id });
    const browser = broker.foyer.browser(a.domain.host);
    expectRefusedBrowser(await browser.get(`/auth/oauth2?id=${broken.id}`), 'secret_unreadable');
    expectSignedIn(await broker.signIn(browser));
  });
});
