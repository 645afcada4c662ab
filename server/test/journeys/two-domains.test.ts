/** Two domains on two hosts of one server: what is one's is nothing at the other. */
import { type Provider, startProvider } from '@foyer/testkit/oauth2/start-provider.ts';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Source } from '#model/sources/source.ts';
import {
  authorizePath,
  queryOf,
  type RegisteredApp,
  registerApp,
  type Tokens,
  verifier,
} from '../flows/provider/support.ts';
import { settingsFor } from '../flows/sign-in/broker.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { launchChromium, openWindow, type Window } from './support/chromium.ts';
import { startListening } from './support/listen.ts';

interface Side {
  domain: Domain;
  source: Source;
  app: RegisteredApp;
}

let foyer: Foyer;
let provider: Provider;
let browser: Browser;
let window: Window;
let a: Side;
let b: Side;

const seed = async (name: string): Promise<Side> => {
  const domain = await foyer.seedDomain({ host: `${name}.localhost`, name: `Domain ${name.toUpperCase()}` });
  const source = await foyer.seedSource(domain, {
    name: `Login of ${name.toUpperCase()}`,
    settings: settingsFor(provider),
  });
  const redirectUri = foyer.url(domain.host, '/app/oauth-resp.html');
  return { domain, source, app: await registerApp(foyer, domain, { redirectUri }) };
};

beforeAll(async () => {
  [provider, browser] = await Promise.all([startProvider(), launchChromium()]);
  foyer = await startListening({ config: { egressAllow: provider.address } });
  [a, b] = [await seed('a'), await seed('b')];
  // One cookie jar for all that follows.
  window = await openWindow(browser);
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
  await provider?.close();
});

const at = (side: Side, path: string): string => foyer.url(side.domain.host, path);

const authority = async (side: Side): Promise<Record<string, unknown>> => {
  await window.page.goto(at(side, '/auth/authority'));
  return JSON.parse((await window.page.locator('body').textContent()) ?? '') as Record<string, unknown>;
};

const signIn = async (side: Side, id: string): Promise<void> => {
  provider.next({ id, email: `${id}@example.test`, name: `Person ${id}` });
  await window.page.goto(at(side, '/login?continue=/account'));
  await window.page.getByRole('link', { name: `Continue with ${side.source.name}`, exact: true }).click();
  expect(window.page.url()).toBe(at(side, '/account'));
};

/** As a program at that host; a browser has no part in it. */
const ask = (side: Side, method: 'GET' | 'POST', path: string, bearer?: string) =>
  foyer.inject({
    method,
    url: path,
    headers: { host: side.domain.host, ...(bearer && { authorization: `Bearer ${bearer}` }) },
  });

const redeem = (side: Side, app: RegisteredApp, code: string) =>
  ask(
    side,
    'POST',
    `/auth/oauth/token?${queryOf({
      client_id: app.uid,
      redirect_uri: app.redirectUri,
      code,
      grant_type: 'authorization_code',
      code_verifier: verifier,
    })}`,
  );

describe('two domains on two hosts', () => {
  it('each shows its own name and its own ways to sign in', async () => {
    for (const [side, other] of [
      [a, b],
      [b, a],
    ] as const) {
      await window.page.goto(at(side, '/login'));
      expect(await window.page.getByRole('heading', { level: 1 }).textContent()).toBe(
        `Sign in to ${side.domain.name}`,
      );
      expect(await window.page.getByRole('link', { name: /^Continue with/ }).allTextContents()).toEqual([
        `Continue with ${side.source.name}`,
      ]);
      expect(await window.page.content()).not.toContain(other.source.id);
    }
    expect(window.offences).toEqual([]);
  });

  it('S-41 a session at one is none at the other, not even with its cookie carried over', async () => {
    await signIn(a, 'ann');
    expect(await authority(a)).toMatchObject({ id: a.domain.id, session: true });
    expect(await authority(b)).toMatchObject({ id: b.domain.id, session: false });
    await window.page.goto(at(b, '/account'));
    expect(new URL(window.page.url()).pathname).toBe('/login');
    const context = window.page.context();
    const [cookie] = (await context.cookies(at(a, '/'))).filter(({ name }) => name === 'foyer_session');
    expect(cookie).toBeDefined();
    await context.addCookies([{ name: 'foyer_session', value: String(cookie?.value), url: at(b, '/') }]);
    expect(await authority(b)).toMatchObject({ session: false });
    await context.clearCookies({ domain: b.domain.host });
    expect(await authority(a)).toMatchObject({ session: true });
  });

  it('signing out of one leaves the other alone', async () => {
    await signIn(b, 'ben');
    await window.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    expect(await authority(b)).toMatchObject({ session: false });
    expect(await authority(a)).toMatchObject({ session: true });
  });

  it('S-40 a source of one is not found at the other', async () => {
    for (const path of [
      `/auth/oauth2?id=${a.source.id}`,
      `/auth/oauth2/callback?id=${a.source.id}&code=x&state=y`,
    ]) {
      const answer = await window.page.goto(at(b, path));
      expect(answer?.status()).toBe(404);
    }
    await window.picture('foreign-source');
    await window.page.goto(at(b, `/auth/login?provider=oauth2&id=${a.source.id}&continue=/`));
    expect(window.page.url()).not.toContain(provider.url);
    expect(provider.hits.map(({ params }) => params.redirect_uri).filter(Boolean)).not.toContain(
      at(b, `/auth/oauth2/callback?id=${a.source.id}`),
    );
  });

  it('S-42 app, code and tokens of one are refused at the other', async () => {
    await signIn(b, 'ben');
    const refused = await window.page.goto(at(b, authorizePath(a.app)));
    expect(refused?.status()).toBe(401);
    expect(window.page.url()).toContain(b.domain.host);

    await window.page.goto(at(a, authorizePath(a.app)));
    const code = new URL(window.page.url()).searchParams.get('code') ?? '';
    expect(window.page.url()).toContain(`${a.app.redirectUri}?code=`);
    expect((await redeem(b, a.app, code)).json()).toMatchObject({ error: 'invalid_client' });
    expect((await redeem(b, b.app, code)).json()).toMatchObject({ error: 'invalid_grant' });

    const tokens = (await redeem(a, a.app, code)).json<Tokens>();
    const current = '/api/engine/v2/users/current';
    expect((await ask(a, 'GET', current, tokens.access_token)).json()).toMatchObject({
      email: 'ann@example.test',
    });
    expect((await ask(b, 'GET', current, tokens.access_token)).statusCode).toBe(401);
    expect((await ask(b, 'GET', '/auth/oauth/token/info', tokens.access_token)).statusCode).toBe(401);
    const renewed = (side: Side, app: RegisteredApp) =>
      foyer.inject({
        method: 'POST',
        url: '/auth/oauth/token',
        headers: { host: side.domain.host, 'content-type': 'application/x-www-form-urlencoded' },
        payload: queryOf({
          grant_type: 'refresh_token',
          client_id: app.uid,
          refresh_token: tokens.refresh_token,
        }),
      });
    expect((await renewed(b, a.app)).json()).toMatchObject({ error: 'invalid_client' });
    expect((await renewed(b, b.app)).json()).toMatchObject({ error: 'invalid_grant' });
    expect((await renewed(a, a.app)).statusCode).toBe(200);
  });
});
