/**
 * The documented Microsoft source, with exactly its values: an administrator makes it by API, a person signs in through
 * it in a browser, and what Foyer then knows and keeps is right. And what both see when the secret is wrong.
 */
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import { findViolations, openWindow, type Window } from './support/chromium.ts';
import { visitor } from './support/front.ts';
import {
  administrator,
  host,
  login,
  type MicrosoftSource,
  origin,
  type Portal,
  startPortal,
} from './support/portal.ts';

let portal: Portal;
let source: MicrosoftSource;
beforeAll(async () => {
  portal = await startPortal();
  source = await portal.addMicrosoft();
  const login_url = `/auth/login?provider=oauth2&id=${source.id}&continue={{url}}`;
  expect(await portal.engine('PATCH', `domains/${portal.domainId}`, { login_url })).toMatchObject({
    status: 200,
    body: { login_url },
  });
});
afterAll(() => portal?.close());

/** The emulator's certificate, and the front's, come from a test authority. */
const inWindow = async (story: (window: Window) => Promise<void>, more: BrowserContextOptions = {}) => {
  const window = await openWindow(portal.browser, { ignoreHTTPSErrors: true, ...more });
  try {
    await story(window);
    expect(window.offences).toEqual([]);
  } finally {
    await window.close();
  }
};

const enter = (id = source.id): string => `${origin}/auth/login?provider=oauth2&id=${id}&continue=%2Faccount`;

describe('the documented Microsoft source', () => {
  it('is stored as typed, under the names of the API, and its secret is not shown again', async () => {
    const { status, body } = await portal.engine('GET', `oauth_auths/${source.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      site: login,
      scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
      token_method: 'post',
      auth_scheme: 'request_body',
      token_url: `${login}/${portal.entra.tenantId}/oauth2/v2.0/token`,
      authorize_url: `${login}/${portal.entra.tenantId}/oauth2/v2.0/authorize`,
      raw_info_url: 'https://graph.microsoft.com/v1.0/me',
      info_mappings: { email: 'mail,userPrincipalName', uid: 'id', access_token: 'token' },
      client_secret_set: true,
    });
    expect(body).not.toHaveProperty('client_secret');
  });

  it('signs a person in: from login.microsoftonline.com to their own account page', () =>
    inWindow(async ({ page, picture }) => {
      await page.goto(enter());
      const asked = new URL(page.url());
      expect(asked.origin + asked.pathname).toBe(`${login}/${portal.entra.tenantId}/oauth2/v2.0/authorize`);
      expect(Object.fromEntries(asked.searchParams)).toMatchObject({
        response_type: 'code',
        redirect_uri: `${origin}/auth/oauth2/callback?id=${source.id}`,
        scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
        code_challenge_method: 'S256',
      });
      await picture('microsoft');
      await page.getByRole('button', { name: /Alice Adams/ }).click();
      expect(page.url()).toBe(`${origin}/account`);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Alice Adams');
      // The proxy said so, and it is trusted.
      expect(await page.getByText(visitor).count()).toBe(1);
      const cookies = (await page.context().cookies(origin)).filter(({ httpOnly }) => httpOnly);
      expect(cookies.map(({ name }) => name).sort()).toEqual(['__Host-foyer_session', 'verified']);
      for (const cookie of cookies) {
        expect(cookie).toMatchObject({ domain: host, path: '/', secure: true, sameSite: 'Lax' });
      }
    }));

  it('maps the person, and keeps their tokens sealed', async () => {
    const { db } = portal.foyer.services;
    const domainId = portal.domainId as DomainId;
    const alice = await db.kysely
      .selectFrom('users')
      .select(['id', 'email', 'first_name', 'last_name', 'login_count'])
      .where('domain_id', '=', domainId)
      .where('email', '=', 'alice@contoso.example')
      .executeTakeFirstOrThrow();
    expect(alice).toMatchObject({ first_name: 'Alice', last_name: 'Adams', login_count: 1 });
    const grant = await db.kysely
      .selectFrom('upstream_grants')
      .selectAll()
      .where('domain_id', '=', domainId)
      .where('source_id', '=', source.id as SourceId)
      .executeTakeFirstOrThrow();
    expect(grant.access_token_sealed).not.toBeNull();
    expect(grant.refresh_token_sealed).not.toBeNull();
    expect(JSON.stringify(grant)).not.toContain('eyJ');
    // Entra's tokens live 60 to 90 minutes.
    const minutes = ((grant.expires_at?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(55);
    expect(minutes).toBeLessThan(95);
  });

  it('hands the token, fresh, to a service that may, and Graph takes it', async () => {
    const owner = await portal.engine('GET', 'users/current');
    const service = await portal.engine('POST', 'api_keys', {
      name: 'staff service',
      scopes: ['users'],
      permissions: 'admin',
      user_id: owner.body.id,
    });
    expect(service).toMatchObject({ status: 201 });
    const read = (key: string) =>
      portal.foyer.inject({
        method: 'POST',
        url: '/api/engine/v2/users/alice@contoso.example/resource_token',
        headers: { host, 'x-api-key': key },
      });
    const answer = await read(String(service.body.x_api_key));
    expect(answer.statusCode).toBe(200);
    const { token, expires } = answer.json<{ token: string; expires: number }>();
    expect(expires).toBeGreaterThan(Date.now() / 1_000);
    const asGraph = await portal.foyer.services.egress.request({
      url: 'https://graph.microsoft.com/v1.0/me',
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(asGraph.json()).toMatchObject({ displayName: 'Alice Adams' });
    // The administrator's own key has the scope `public`, which does not stand for this one.
    const refused = await portal.engine('POST', 'users/alice@contoso.example/resource_token');
    expect(refused.status).toBe(403);
  });

  it('takes the user principal name of a person without a mailbox', () =>
    inWindow(async ({ page }) => {
      await page.goto(enter());
      await page.getByRole('button', { name: /Gus Guest/ }).click();
      expect(page.url()).toBe(`${origin}/account`);
      expect(await page.getByText('gus@contoso.example').count()).toBeGreaterThan(0);
    }));

  it('goes on where the person wanted to be', () =>
    inWindow(async ({ page }) => {
      await page.goto(`${origin}/account`);
      expect(new URL(page.url()).pathname).toBe('/login');
      await page.getByRole('link', { name: 'Continue with Microsoft', exact: true }).click();
      await page.getByRole('button', { name: /Alice Adams/ }).click();
      expect(page.url()).toBe(`${origin}/account`);
    }));
});

describe('a Microsoft source with a wrong secret', () => {
  let wrong: MicrosoftSource;
  let reference: string;
  beforeAll(async () => {
    wrong = await portal.addMicrosoft({ name: 'Microsoft (new)', pastesSecretId: true });
  });

  it('tells the person a short id and plain words, and nothing of the cause', () =>
    inWindow(
      async ({ page, picture, offences }) => {
        await page.goto(enter(wrong.id));
        await page.getByRole('button', { name: /Alice Adams/ }).click();
        await picture('wrong-secret-person');
        const words = (await page.locator('main').textContent()) ?? '';
        expect(words).not.toMatch(/AADSTS|secret|client/i);
        expect(words).not.toContain(wrong.secretId);
        reference = (await page.getByText(/^[2-9a-z]{8}$/).textContent()) ?? '';
        expect(reference).toMatch(/^[2-9a-z]{8}$/);
        expect(await findViolations(page)).toEqual([]);
        await page.getByRole('link', { name: 'Administrators find the cause here' }).click();
        await picture('wrong-secret-nobody');
        expect(await page.locator('main').textContent()).not.toMatch(/AADSTS|client_secret/);
        expect(offences).toEqual([]);
      },
      { bypassCSP: true },
    ));

  it('tells an administrator, in by another door, the field and where to copy the right value', () =>
    inWindow(
      async ({ page, picture }) => {
        await page.goto(`${origin}/auth/failure?id=${reference}`);
        await page.getByRole('link', { name: 'Go to the sign-in page' }).click();
        await page.getByLabel('E-mail').fill(administrator.email);
        await page.getByLabel('Password').fill(administrator.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await page.goto(`${origin}/auth/failure?id=${reference}`);
        await picture('wrong-secret-administrator');
        const words = (await page.locator('main').textContent()) ?? '';
        expect(words).toContain('AADSTS7000215');
        expect(await page.getByText('client_secret', { exact: true }).count()).toBeGreaterThan(0);
        expect(words).toContain('Certificates & secrets');
        expect(words).toMatch(/Value/);
        // What was typed is a secret all the same.
        expect(words).not.toContain(wrong.secretId);
        expect(await findViolations(page)).toEqual([]);
      },
      { bypassCSP: true },
    ));

  it('works once the administrator has pasted the value', () =>
    inWindow(async ({ page }) => {
      const { status } = await portal.engine('PATCH', `oauth_auths/${wrong.id}`, {
        client_secret: wrong.secret,
      });
      expect(status).toBe(200);
      await page.goto(enter(wrong.id));
      // Whom no other source knows yet: an account is never taken over by its e-mail address.
      await page.getByRole('button', { name: /Dora Dahl/ }).click();
      expect(page.url()).toBe(`${origin}/account`);
    }));
});
