/** The documented Microsoft source, with exactly its eleven fields, against the emulated Entra and Graph. */
import { pickAccount, signInAtMicrosoft } from '@foyer/testkit/entra/pick-account.ts';
import { type Entra, startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { testCa, testServerTls } from '@foyer/testkit/tls/tls.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEgress } from '#base/lib/egress/egress.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Source } from '#model/sources/source.ts';
import type { Answer, Browser } from '../../support/browser.ts';
import { expectRefusedBrowser, expectSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { createTestClock } from '../../support/test-clock.ts';

const clientId = '0a1b2c3d-1111-4222-8333-444455556666';
const clientSecret = 'Zk8Q~the-secret-value';
let entra: Entra;
let foyer: Foyer;
let domain: Domain;
let source: Source;

const documented = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  client_id: clientId,
  client_secret: clientSecret,
  site: 'https://login.microsoftonline.com',
  scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
  token_method: 'post',
  auth_scheme: 'request_body',
  token_url: `https://login.microsoftonline.com/${entra.tenantId}/oauth2/v2.0/token`,
  authorize_url: `https://login.microsoftonline.com/${entra.tenantId}/oauth2/v2.0/authorize`,
  raw_info_url: 'https://graph.microsoft.com/v1.0/me',
  info_mappings: {
    email: 'mail,userPrincipalName',
    first_name: 'givenName',
    last_name: 'surname',
    uid: 'id',
    access_token: 'token',
    refresh_token: 'refresh_token',
    expires: 'expires',
    expires_at: 'expires_at',
  },
  ...more,
});
const signIn = async (browser: Browser, email: string | null, at = source): Promise<Answer> => {
  const started = await browser.get(`/auth/oauth2?id=${at.id}&continue=%2Fapp`);
  return browser.get(await pickAccount(started.location, email, { via: entra.url }));
};

beforeAll(async () => {
  entra = await startEntra({ tls: testServerTls });
  const at = { address: '127.0.0.1', port: Number(new URL(entra.url).port) };
  const hostMap = { 'login.microsoftonline.com:443': at, 'graph.microsoft.com:443': at };
  const egress = createEgress({ clock: createTestClock(), allow: [], ca: testCa, hostMap });
  foyer = await startFoyer({ overrides: { egress } });
  domain = await foyer.seedDomain({ host: 'portal.contoso.example' });
  source = await foyer.seedSource(domain, { settings: documented() });
  entra.addApp({
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [foyer.url(domain.host, `/auth/oauth2/callback?id=${source.id}`)],
  });
  entra.addPerson({
    email: 'alice@contoso.example',
    display_name: 'Alice Adams',
    given_name: 'Alice',
    surname: 'Adams',
  });
});
afterAll(async () => {
  await foyer.close();
  await entra.close();
});

describe('the documented Microsoft source', () => {
  it('sends the person to login.microsoftonline.com with a correct request', async () => {
    const { location } = await foyer.browser(domain.host).get(`/auth/oauth2?id=${source.id}`);
    const url = new URL(location);
    expect(url.origin + url.pathname).toBe(
      `https://login.microsoftonline.com/${entra.tenantId}/oauth2/v2.0/authorize`,
    );
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: `https://portal.contoso.example/auth/oauth2/callback?id=${source.id}`,
      scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
      state: expect.any(String),
      nonce: expect.any(String),
      code_challenge_method: 'S256',
    });
  });

  it('signs the person in with a token call and a profile call, and keeps their tokens', async () => {
    const browser = foyer.browser(domain.host);
    entra.requests.clear();
    const answer = await signIn(browser, 'alice@contoso.example');
    expectSignedIn(answer);
    expect(answer.location).toBe('https://portal.contoso.example/app');
    expect((await browser.get('/auth/whoami')).json()).toMatchObject({
      name: 'Alice Adams',
      email: 'alice@contoso.example',
    });
    expect([entra.requests.count('token'), entra.requests.count('me')]).toEqual([1, 1]);
    const grant = await foyer.services.db.kysely
      .selectFrom('upstream_grants')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(grant.refresh_token_sealed).not.toBeNull();
    expect(grant.expires_at?.getTime()).toBeGreaterThan(foyer.clock.nowMs() + 30 * 60_000);
    expectSignedIn(await signIn(browser, 'alice@contoso.example'));
    expect(await foyer.services.db.kysely.selectFrom('users').select('login_count').execute()).toEqual([
      { login_count: 2 },
    ]);
  });

  it('tells an administrator which field is wrong, and where to copy the right value from', async () => {
    const admin = foyer.browser(domain.host);
    expectSignedIn(await signIn(admin, 'alice@contoso.example'));
    await foyer.services.db.kysely.updateTable('users').set({ sys_admin: true }).execute();
    const wrong = await foyer.seedSource(domain, {
      settings: documented({ client_secret: 'the-secret-id' }),
    });
    entra.addApp({
      client_id: '1a1b2c3d-1111-4222-8333-444455556666',
      client_secret: 'x',
      redirect_uris: [foyer.url(domain.host, `/auth/oauth2/callback?id=${wrong.id}`)],
    });
    const { db, changes } = foyer.services;
    const settings = { ...wrong.settings, client_id: '1a1b2c3d-1111-4222-8333-444455556666' };
    await db.kysely
      .updateTable('sources')
      .set({ settings: JSON.stringify(settings) })
      .where('id', '=', wrong.id)
      .execute();
    await changes.announce({ kind: 'source', domainId: domain.id, id: wrong.id });
    const refused = await signIn(foyer.browser(domain.host), 'alice@contoso.example', wrong);
    expectRefusedBrowser(refused, 'upstream_refused');
    const incident = /failure\?id=(\w{8})/.exec(refused.body)?.[1];
    const page = await admin.get(`/auth/failure?id=${incident}`);
    expect(page.body).toContain('<code>client_secret</code>');
    expect(page.body).toContain('Certificates &amp; secrets');
    expect(page.body).toContain('7000215');
  });

  it('takes the answer as a form_post, too', async () => {
    const posting = await foyer.seedSource(domain, {
      settings: documented({
        authorize_params: { response_mode: 'form_post' },
        client_id: '2a1b2c3d-1111-4222-8333-444455556666',
      }),
    });
    entra.addApp({
      client_id: '2a1b2c3d-1111-4222-8333-444455556666',
      client_secret: clientSecret,
      redirect_uris: [foyer.url(domain.host, `/auth/oauth2/callback?id=${posting.id}`)],
    });
    entra.addPerson({
      email: 'bob@contoso.example',
      display_name: 'Bob',
      given_name: 'Bob',
      surname: 'Brown',
    });
    const browser = foyer.browser(domain.host);
    const started = await browser.get(`/auth/oauth2?id=${posting.id}`);
    const { url, form } = await signInAtMicrosoft(started.location, 'bob@contoso.example', {
      via: entra.url,
    });
    expectSignedIn(
      await browser.post(url, { form: form ?? {}, headers: { origin: 'https://login.microsoftonline.com' } }),
    );
  });
});
