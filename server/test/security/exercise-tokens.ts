/** @module The part of the exercise that deals in tokens: an application's, and the provider's. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Canaries } from './canaries.ts';
import type { Answer, Ask } from './recording-client.ts';
import type { SecuredWorld } from './secured-world.ts';

const api = '/api/engine/v2';

/** A value that stands nowhere else. */
export const secret = (what: string): string => `canary-${what}-${randomBytes(18).toString('base64url')}`;

export type Jar = Map<string, string>;

export interface Exercise {
  world: SecuredWorld;
  canaries: Canaries;
}

/** An application's whole life with its tokens. */
export const useApplication = async (
  run: Exercise,
  apiKey: string,
  domainId: string,
  jar: Jar,
): Promise<void> => {
  const { world, canaries } = run;
  const { client } = world;
  const headers = { 'x-api-key': apiKey, accept: 'application/json' };
  const redirectUri = 'https://app.example.test/callback';
  const made = await client.ask(`${api}/oauth_apps`, {
    headers,
    hands: 'a secret in the body',
    json: {
      name: 'Panel',
      owner_id: domainId,
      redirect_uri: redirectUri,
      scopes: 'public openid',
      confidential: true,
      skip_authorization: true,
    },
  });
  expect(made.status).toBe(201);
  const app = made.json<{ id: number; uid: string; secret: string }>();
  canaries.plant('application secret', app.secret);
  const rotated = await client.ask(`${api}/oauth_apps/${app.id}/secret`, {
    method: 'POST',
    headers,
    hands: 'a secret in the body',
  });
  canaries.plant('next application secret', rotated.json<{ secret: string }>().secret);
  for (const path of ['/oauth_apps', `/oauth_apps/${app.id}`]) await client.ask(`${api}${path}`, { headers });

  const verifier = canaries.plant('code verifier', randomBytes(32).toString('base64url'));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.uid,
    redirect_uri: redirectUri,
    scope: 'public openid',
    state: 'state-of-the-app',
    nonce: 'nonce-of-the-app',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const granted = await client.ask(`/auth/oauth/authorize?${query}`, {
    jar,
    hands: 'a code in the location',
  });
  const code = new URL(granted.location).searchParams.get('code') as string;
  canaries.plant('code', code);
  const who = { client_id: app.uid, client_secret: app.secret };
  const exchange = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...who };
  const token = (form: Record<string, string>, hands?: Ask['hands']): Promise<Answer> =>
    client.ask('/auth/oauth/token', { form, ...(hands && { hands }) });
  await token({
    ...exchange,
    code_verifier: verifier,
    client_secret: canaries.plant('wrong secret', secret('wrong')),
  });
  const tokens = (await token({ ...exchange, code_verifier: verifier }, 'a secret in the body')).json<
    Record<'access_token' | 'refresh_token' | 'id_token', string>
  >();
  canaries.plant('access token', tokens.access_token);
  canaries.plant('refresh token', tokens.refresh_token);
  canaries.plant('ID token', tokens.id_token);
  const refreshing = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, ...who };
  const next = (await token(refreshing, 'a secret in the body')).json<
    Record<'access_token' | 'refresh_token', string>
  >();
  canaries.plant('next access token', next.access_token);
  canaries.plant('next refresh token', next.refresh_token);
  const bearer = { authorization: `Bearer ${next.access_token}`, accept: 'application/json' };
  await client.ask('/auth/oauth/userinfo', { headers: bearer });
  await client.ask('/auth/oauth/token/info', { headers: bearer });
  await client.ask(`${api}/users/current`, { headers: bearer });
  await client.ask('/auth/oauth/introspect', { form: { token: next.access_token, ...who } });
  await client.ask(`/auth/oauth/introspect?client_secret=${app.secret}`, {
    form: { token: next.access_token },
  });
  await client.ask(`/auth/oauth/token?refresh_token=${next.refresh_token}&grant_type=refresh_token`, {
    form: who,
  });
  await client.ask(`/auth/logout?id_token_hint=${tokens.id_token}`, { jar: new Map() });
  const device = (
    await client.ask('/auth/oauth/device_authorization', { form: who, hands: 'a secret in the body' })
  ).json<{ device_code?: string }>();
  if (device.device_code) {
    canaries.plant('device code', device.device_code);
    await token({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
      ...who,
    });
  }
  await token({ ...exchange, code_verifier: verifier });
  await token(refreshing);
};

/** The provider's token: to its owner and to an administrator by scope, to nobody else. */
export const useProviderTokens = async (
  { world, canaries }: Exercise,
  apiKey: string,
  jar: Jar,
): Promise<void> => {
  const me = (await world.client.ask('/auth/whoami', { jar })).json<{ id: string }>();
  const headers = { 'x-api-key': apiKey, accept: 'application/json' };
  const path = `${api}/users/${me.id}/resource_token`;
  await sleep(1_000);
  for (const name of ['first', 'second']) {
    const answer = await world.client.ask(path, { method: 'POST', headers, hands: 'a secret in the body' });
    expect({ name, status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    canaries.plant(`resource token, ${name}`, answer.json<{ token: string }>().token);
  }
  const { accept } = headers;
  expect((await world.client.ask(path, { method: 'POST', headers: { accept } })).status).toBe(401);
  expect((await world.client.ask(path, { method: 'POST', headers: { accept }, jar })).status).toBe(401);
};

/** What travelled between Foyer and Microsoft, as the emulator saw it. */
export const plantUpstreamTokens = ({ world, canaries }: Exercise): void => {
  const refreshTokens = world.entra.requests
    .all('token')
    .flatMap(({ body }) => (typeof body.refresh_token === 'string' ? [body.refresh_token] : []));
  const accessTokens = world.entra.requests
    .all('me')
    .flatMap(({ headers }) => /^Bearer (\S+)$/.exec(String(headers.authorization))?.[1] ?? []);
  expect(refreshTokens.length).toBeGreaterThan(0);
  expect(accessTokens.length).toBeGreaterThan(0);
  for (const token of new Set(refreshTokens)) canaries.plant("provider's refresh token", token);
  for (const token of new Set(accessTokens)) canaries.plant("provider's access token", token);
};
