/**
 * An app on the unmodified `@placeos/ts-client`: it signs in, works with domains and sources, refreshes, signs out. With
 * the newest release, served beside Foyer by a proxy; and with the one that PlaceOS' console ships, in that console's
 * place, served by Foyer under the policy that it needs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientIdOf } from '#base/lib/ids.ts';
import { buildClientApp, type ClientRelease, clientReleases } from './support/build-client-app.ts';
import { openWindow, type Window } from './support/chromium.ts';
import type { Seen } from './support/front.ts';
import {
  administrator,
  host,
  origin,
  type Portal,
  type PortalOptions,
  startPortal,
} from './support/portal.ts';

interface Token {
  access: string;
  refresh: string;
}

interface Source {
  id: string;
  name: string;
  client_id: string;
  client_secret: string;
  scope: string;
  site: string;
}

interface List<T> {
  total: number;
  data: T[];
}

const redirectUri = `${origin}/backoffice/oauth-resp.html`;

const folder = mkdtempSync(join(tmpdir(), 'foyer-client-app-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const served = async (release: ClientRelease): Promise<PortalOptions> => {
  const files = Object.entries(await buildClientApp(release));
  if (release === '4.7.7') {
    return { files: Object.fromEntries(files.map(([name, text]) => [`/backoffice/${name}`, text])) };
  }
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return { backofficeFolder: folder };
};

describe.each(clientReleases)('an app on @placeos/ts-client %s', (release) => {
  let portal: Portal;
  let window: Window;
  let first: Token;
  let made: Source;

  beforeAll(async () => {
    portal = await startPortal(await served(release));
    window = await openWindow(portal.browser, { ignoreHTTPSErrors: true });
  });
  afterAll(() => portal?.close());

  const call = <T>(step: string, ...args: unknown[]): Promise<T> =>
    window.page.evaluate(`app.${step}(...${JSON.stringify(args)})`) as Promise<T>;
  const seen = (path: string): Seen[] => portal.front.seen.filter((request) => request.path === path);
  /** Status of a call with a token that the app once had. */
  const statusWith = async (token: string): Promise<number> =>
    (
      await portal.foyer.inject({
        url: '/api/engine/v2/users/current',
        headers: { host, authorization: `Bearer ${token}` },
      })
    ).statusCode;
  const ready = () => window.page.getByText(/^Signed in as /).waitFor();

  it('is sent to sign in, comes back, and gets its tokens in a hidden frame', async () => {
    const { page } = window;
    await page.goto(`${origin}/backoffice/#/domains`);
    await page.waitForURL(`${origin}/login?**`);
    await page.getByLabel('E-mail').fill(administrator.email);
    await page.getByLabel('Password').fill(administrator.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await ready();
    await window.picture(`client-app-${release}`);
    expect(page.url()).toBe(`${origin}/backoffice/#/domains`);
    expect(await page.locator('html').getAttribute('data-inline')).toBe('42');
    // The app is at the console's address, whose application nobody had to make.
    const apps = await portal.engine('GET', `oauth_apps?authority_id=${portal.domainId}&q=backoffice`);
    expect(apps).toMatchObject({
      status: 200,
      body: [{ uid: clientIdOf(redirectUri), redirect_uri: redirectUri, skip_authorization: true }],
    });
    const [authorize] = seen('/auth/oauth/authorize');
    expect(authorize).toMatchObject({ method: 'GET', status: 302 });
    expect(authorize?.query.get('client_id')).toBe(clientIdOf(redirectUri));
    expect(authorize?.query.get('code_challenge_method')).toBe('S256');
    const [exchange] = seen('/auth/oauth/token');
    expect(exchange).toMatchObject({ method: 'POST', body: '', status: 200 });
    expect(exchange?.query.get('grant_type')).toBe('authorization_code');
    first = await call<Token>('token');
    expect(first.access.split('.')).toHaveLength(3);
    expect(first.refresh).toMatch(/^[A-Za-z0-9_-]{43}$/);
    // The client itself throws this when it leaves for the sign-in page.
    expect(window.offences.splice(0)).toEqual(['Error: Redirecting to login page...']);
  });

  it('comes back signed in after a reload, without a page in between', async () => {
    const before = seen('/login').length;
    await window.page.reload();
    await ready();
    expect(seen('/login')).toHaveLength(before);
    first = await call<Token>('token');
  });

  it('S-39 reaches Foyer by the proxy’s word on the host, which counts from a named address only', async () => {
    const ask = (remoteAddress: string) =>
      portal.foyer.inject({
        url: '/auth/authority',
        remoteAddress,
        headers: { host: 'elsewhere.test', 'x-forwarded-host': host, 'x-forwarded-proto': 'https' },
      });
    expect((await ask('127.0.0.1')).json()).toMatchObject({ domain: host });
    expect((await ask('127.0.0.2')).statusCode).toBe(404);
  });

  it('lists the domains and their sources', async () => {
    const { total, data } = await call<List<{ id: string; domain: string }>>('domains');
    expect(total).toBe(2);
    expect(data.map(({ domain }) => domain).sort()).toEqual(['platform.example.test', host]);
    expect(await call('sources', portal.domainId)).toEqual({ total: 0, data: [] });
  });

  it('creates a source, and edits it with a blank secret, which keeps the stored one', async () => {
    const { entra } = portal;
    const registration = { client_id: '5a1b2c3d-1111-4222-8333-444455556666', client_secret: '8Q~right' };
    const microsoft = `https://login.microsoftonline.com/${entra.tenantId}/oauth2/v2.0`;
    made = await call<Source>('addSource', {
      ...registration,
      name: 'Microsoft',
      authority_id: portal.domainId,
      site: 'https://login.microsoftonline.com',
      scope: 'openid offline_access user.read.all',
      token_method: 'post',
      auth_scheme: 'request_body',
      token_url: `${microsoft}/token`,
      authorize_url: `${microsoft}/authorize`,
      raw_info_url: 'https://graph.microsoft.com/v1.0/me',
      info_mappings: {
        email: 'mail,userPrincipalName',
        first_name: 'givenName',
        last_name: 'surname',
        uid: 'id',
        access_token: 'token',
        refresh_token: 'refresh_token',
      },
    });
    expect(made).toMatchObject({ id: expect.stringMatching(/^oauth_strat-/), name: 'Microsoft' });
    expect(made.client_secret).toBe('');
    const edited = await call<Source>('editSource', made.id, { name: 'Microsoft 365' });
    expect(edited).toMatchObject({ id: made.id, name: 'Microsoft 365', client_id: registration.client_id });
    const { total, data } = await call<List<Source>>('sources', portal.domainId);
    expect({ total, names: data.map(({ name }) => name) }).toEqual({ total: 1, names: ['Microsoft 365'] });

    entra.addApp({ ...registration, redirect_uris: [`${origin}/auth/oauth2/callback?id=${made.id}`] });
  });

  it('lets a person of the domain in through that source, straight from the app', async () => {
    const login_url = `/auth/login?provider=oauth2&id=${made.id}&continue={{url}}`;
    expect((await portal.engine('PATCH', `domains/${portal.domainId}`, { login_url })).status).toBe(200);
    const { page, close } = await openWindow(portal.browser, { ignoreHTTPSErrors: true });
    await page.goto(`${origin}/backoffice/#/domains`);
    await page.getByRole('button', { name: /Alice Adams/ }).click();
    await page.getByText('Signed in as Alice Adams').waitFor();
    expect(page.url()).toBe(`${origin}/backoffice/#/domains`);
    await close();
  });

  it('refreshes its token, with a form body, and goes on with the new one', async () => {
    const second = await call<Token>('refresh');
    const request = seen('/auth/oauth/token').findLast(({ body }) => body !== '');
    expect(request).toMatchObject({ method: 'POST', status: 200 });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: clientIdOf(redirectUri),
      redirect_uri: redirectUri,
      refresh_token: first.refresh,
    });
    expect(second.access).not.toBe(first.access);
    expect(second.refresh).not.toBe(first.refresh);
    expect(await call('currentUser')).toMatchObject({ email: administrator.email });
  });

  it('removes the source', async () => {
    await call('removeSource', made.id);
    expect(await call('sources', portal.domainId)).toEqual({ total: 0, data: [] });
    expect(window.offences).toEqual([]);
  });

  it('S-61 signs out: no session, and every token of it is dead', async () => {
    const last = await call<Token>('token');
    expect(await statusWith(last.access)).toBe(200);
    await window.page.evaluate('void app.signOut()');
    await window.page.waitForURL(`${origin}/login**`);
    await window.picture(`client-app-signed-out-${release}`);
    await window.page.goto(`${origin}/auth/authority`);
    expect(JSON.parse((await window.page.locator('body').textContent()) ?? '')).toMatchObject({
      session: false,
    });
    for (const { access, refresh } of [first, last]) {
      expect(await statusWith(access)).toBe(401);
      const renewed = await portal.foyer.inject({
        method: 'POST',
        url: '/auth/oauth/token',
        headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: clientIdOf(redirectUri),
          refresh_token: refresh,
        }).toString(),
      });
      expect(renewed.json()).toMatchObject({ error: 'invalid_grant' });
    }
  });
});
