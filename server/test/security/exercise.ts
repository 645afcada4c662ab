/**
 * @module Everything that has to do with secrets, done once on a running server: set-up, sign-ins that succeed and that
 * fail, the engine API with secrets in every field that takes one, an application's tokens, the provider's tokens. Each
 * secret on the way is planted as a canary.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFoyerCommand } from '@foyer/testkit/process/foyer-process.ts';
import { expect } from 'vitest';
import type { Canaries } from './canaries.ts';
import {
  type Exercise,
  type Jar,
  plantUpstreamTokens,
  secret,
  useApplication,
  useProviderTokens,
} from './exercise-tokens.ts';
import type { Answer, Ask } from './recording-client.ts';
import { host, microsoftSource, origin, setUpForm } from './secured-world.ts';

const api = '/api/engine/v2';

/** Does it all; answers the credentials that still work. */
export const exerciseEverything = async (run: Exercise): Promise<{ apiKey: string; jar: Jar }> => {
  const admin = await setUp(run);
  const { apiKey, domainId } = await makeKeys(run, admin);
  const sourceId = await administer(run, apiKey, domainId);
  const jar = await signInAtMicrosoft(run, sourceId);
  await failToSignIn(run, sourceId, jar);
  await useApplication(run, apiKey, domainId, jar);
  await useProviderTokens(run, apiKey, jar);
  await lookAround(run, apiKey, admin);
  plantUpstreamTokens(run);
  return { apiKey, jar };
};

const plantCookies = ({ canaries }: Exercise, jar: Jar, who: string): void => {
  for (const [name, value] of jar) {
    if (value.length >= 16) canaries.plant(`cookie ${name} of ${who}`, value);
  }
};

const setUp = async (run: Exercise): Promise<{ jar: Jar; password: string }> => {
  const { world, canaries } = run;
  canaries.plant('set-up token', world.setupToken);
  const keys = world.env.FOYER_KEYS ?? readFileSync(join(world.store.folder, 'keys'), 'utf8');
  for (const line of keys.trim().split(/[\n,]/)) {
    const encoded = line.slice(line.indexOf(':') + 1);
    canaries.plantBytes('key-encryption key', Buffer.from(encoded, 'base64'));
  }
  const password = canaries.plant("administrator's password", secret('admin-password'));
  const tries = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const jar: Jar = new Map();
      const form = setUpForm(world.setupToken, `ada-${i}@example.test`, password);
      const answer = await world.client.ask('/setup', { form, jar, hands: 'the session cookie' });
      return { jar, answer };
    }),
  );
  // S-90: one of twenty wins.
  expect(tries.map(({ answer }) => answer.status).sort()).toEqual([302, ...Array(19).fill(404)]);
  const { jar } = tries.find(({ answer }) => answer.status === 302) as { jar: Jar };
  await world.client.ask(`/setup?token=${world.setupToken}`);
  await world.client.ask(`/setup?token=${canaries.plant('guessed set-up token', secret('setup'))}`);
  plantCookies(run, jar, 'the administrator');
  return { jar, password };
};

const plantKey = (canaries: Canaries, name: string, key: string): string => {
  canaries.plant(name, key.slice(key.indexOf('.') + 1));
  return key;
};

const makeKeys = async (
  { world, canaries }: Exercise,
  { jar }: { jar: Jar },
): Promise<{ apiKey: string; domainId: string }> => {
  const account = ['admin', 'create', '--domain', host, '--email', 'operator@example.test', '--api-key'];
  const made = await runFoyerCommand(world.env, account);
  const first = plantKey(canaries, 'API key of the command line', String(made.api_key));
  canaries.plant('password of the command line', String(made.password));
  const json = {
    name: 'By the API',
    user_id: String(made.user_id),
    scopes: ['public', 'users'],
    permissions: 'admin',
  };
  const answer = await world.client.ask(`${api}/api_keys`, {
    json,
    headers: { 'x-api-key': first, 'idempotency-key': 'the-same-twice', accept: 'application/json' },
    hands: 'a secret in the body',
  });
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  const { x_api_key } = answer.json<{ x_api_key: string }>();
  const apiKey = plantKey(canaries, 'API key of the API', x_api_key);
  await world.client.ask(`${api}/api_keys`, {
    json,
    headers: { 'x-api-key': first, 'idempotency-key': 'the-same-twice', accept: 'application/json' },
    hands: 'a secret in the body',
  });
  const domains = await world.client.ask(`${api}/domains`, {
    headers: { 'x-api-key': apiKey, accept: 'application/json' },
  });
  await world.client.ask('/account', { jar });
  return { apiKey, domainId: domains.json<{ id: string }[]>()[0]?.id as string };
};

/** Secrets in every field that takes one, and in answers that refuse them; answers the source that works. */
const administer = async (
  { world, canaries }: Exercise,
  apiKey: string,
  domainId: string,
): Promise<string> => {
  const call = (path: string, ask: Ask = {}): Promise<Answer> =>
    world.client.ask(`${api}${path}`, {
      ...ask,
      headers: { 'x-api-key': apiKey, accept: 'application/json', ...ask.headers },
    });
  const make = async (path: string, json: unknown, ask: Ask = {}): Promise<{ id: string }> => {
    const answer = await call(path, { json, ...ask });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json<{ id: string }>();
  };
  const clientId = randomUUID();
  const clientSecret = canaries.plant('client_secret', secret('client-secret'));
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  canaries.plant('client_private_key', pem.split('\n')[12] as string);
  const fields = { authority_id: domainId, client_id: clientId, client_secret: clientSecret };
  const source = await make('/oauth_auths', microsoftSource(world, fields));
  world.entra.addApp({
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [`${origin}/auth/oauth2/callback?id=${source.id}`],
  });
  const certified = { ...fields, name: 'Certified', client_private_key: pem };
  const other = await make('/oauth_auths', microsoftSource(world, certified));
  const ldap = await make('/ldap_auths', {
    name: 'Directory',
    authority_id: domainId,
    host: 'ldap.example.test',
    port: 636,
    auth_method: 'ssl',
    uid: 'uid',
    base: 'dc=example,dc=test',
    bind_dn: 'cn=reader',
    password: canaries.plant('LDAP password', secret('ldap')),
  });
  const person = await make('/users', {
    name: 'Lois Local',
    email: 'local@example.test',
    authority_id: domainId,
    password: canaries.plant("person's password", secret('password')),
  });
  // Refused with the secret in the body: by the fields, by the parser, by the version, by the rules of passwords.
  const refused = canaries.plant('secret of a refused body', secret('refused'));
  await call('/oauth_auths', {
    json: microsoftSource(world, { ...fields, token_url: 'http://10.0.0.1/', client_secret: refused }),
  });
  await call(`/oauth_auths/${source.id}`, { method: 'PATCH', json: { token_url: 'https://other.test/t' } });
  await call(`/oauth_auths/${source.id}`, {
    method: 'PATCH',
    json: { client_secret: refused },
    headers: { 'if-match': '"999"' },
  });
  await call(`/oauth_auths/${source.id}`, { method: 'PATCH', json: { client_secret: { is: refused } } });
  const type = { 'content-type': 'application/json' };
  await call('/oauth_auths', { raw: `{"client_secret":"${refused}`, headers: type });
  await call('/oauth_auths', { raw: `{"client_secret":"${refused}\\u0000"}`, headers: type });
  await call('/oauth_auths', { raw: `client_secret=${refused}`, headers: { 'content-type': 'text/plain' } });
  await call('/users', { json: { name: 'x', email: 'local@example.test', password: refused } });
  await call(`/users/${person.id}`, { method: 'PATCH', json: { password: [refused] } });
  await call(`/users/${person.id}?password=${refused}`, { method: 'PATCH', json: { name: refused.length } });
  await call('/users', { headers: { 'x-api-key': `${'0'.repeat(32)}.${refused}` } });
  await call('/users', { headers: { 'x-api-key': '', authorization: `Bearer ${refused}` } });
  await call(`/users?bearer_token=${refused}&api-key=${refused}`, { headers: { 'x-api-key': '' } });
  // Read back.
  for (const path of ['/oauth_auths', '/ldap_auths', '/users', '/api_keys', '/domains', '/users/current']) {
    expect((await call(path)).status).toBe(200);
  }
  for (const path of [`/oauth_auths/${other.id}`, `/ldap_auths/${ldap.id}`, `/users/${person.id}`]) {
    expect((await call(path)).status).toBe(200);
  }
  await call('/api_keys/inspect');
  const renamed = { name: 'Renamed', client_secret: '' };
  expect((await call(`/oauth_auths/${other.id}`, { method: 'PATCH', json: renamed })).status).toBe(200);
  // A rotation, and the way back: the replaced secret stays, sealed.
  const next_client_secret = canaries.plant('next_client_secret', secret('next-secret'));
  const rotation = { method: 'PATCH', json: { next_client_secret } };
  expect((await call(`/oauth_auths/${other.id}`, rotation)).status).toBe(200);
  for (const [step, json] of [
    ['promote_secret', {}],
    ['roll_back', { version: 1 }],
    ['passes', { pass: refused }],
    ['duplicate', {}],
  ] as const) {
    const { status } = await call(`/sources/${other.id}/${step}`, { json });
    expect({ step, status }).toEqual({ step, status: expect.toSatisfy((code: number) => code < 500) });
  }
  expect((await call(`/sources/${other.id}/revisions`)).status).toBe(200);
  expect((await call(`/oauth_auths/${other.id}`, { method: 'DELETE' })).status).toBe(202);
  return source.id;
};

interface Begun {
  jar: Jar;
  callback: string;
}

const begin = async (run: Exercise, sourceId: string, email: string): Promise<Begun> => {
  const { world, canaries } = run;
  const jar: Jar = new Map();
  const start = await world.client.ask(`/auth/oauth2?id=${sourceId}&continue=/app`, {
    jar,
    hands: 'a code in the location',
  });
  expect(start.status).toBe(302);
  const url = new URL(start.location);
  canaries.plant('state of a sign-in', url.searchParams.get('state') as string);
  plantCookies(run, jar, `the flow of ${email}`);
  url.searchParams.set('login_hint', email);
  const back = await fetch(url, { redirect: 'manual' });
  await back.body?.cancel();
  const location = back.headers.get('location');
  if (!location) return { jar, callback: '' };
  const { pathname, search, searchParams } = new URL(location);
  const code = searchParams.get('code');
  if (code) canaries.plant("provider's code", code);
  return { jar, callback: pathname + search };
};

const signInAtMicrosoft = async (run: Exercise, sourceId: string): Promise<Jar> => {
  const { world } = run;
  world.entra.addPerson({
    email: 'alice@contoso.example',
    display_name: 'Alice',
    given_name: 'A',
    surname: 'B',
  });
  // Over when it is asked for: then the refresh token travels, too.
  world.entra.fault('short_lived_token', { times: 1, seconds: 1 });
  const { jar, callback } = await begin(run, sourceId, 'alice@contoso.example');
  const answer = await world.client.ask(callback, { jar, hands: 'the session cookie' });
  expect({ status: answer.status, location: answer.location }).toEqual({
    status: 302,
    location: `${origin}/app`,
  });
  plantCookies(run, jar, 'Alice');
  await world.client.ask('/account', { jar });
  await world.client.ask('/auth/whoami', { jar });
  await world.client.ask('/auth/authority', { jar });
  await world.client.ask(callback, { jar });
  return jar;
};

/** Failures of the provider, of the browser and of people who guess. */
const failToSignIn = async (run: Exercise, sourceId: string, signedIn: Jar): Promise<void> => {
  const { world, canaries } = run;
  const { entra, client } = world;
  const email = 'alice@contoso.example';
  const faults = [
    'AADSTS7000215',
    'html_token',
    'garbage_token',
    'wrong_nonce',
    'bad_signature',
    'profile_401',
    'html_profile',
    'missing_id',
    'truncated_json',
    'drop_connection',
    'access_denied',
    'wrong_state',
  ] as const;
  for (const fault of faults) {
    entra.fault(fault, { times: 1 });
    const { jar, callback } = await begin(run, sourceId, email);
    entra.clearFaults();
    if (callback === '') continue;
    if (fault !== 'access_denied' && fault !== 'wrong_state') entra.fault(fault, { times: 1 });
    const answer = await client.ask(callback, { jar });
    entra.clearFaults();
    expect({ fault, status: answer.status }).not.toMatchObject({ status: 302 });
    const incident = /\/auth\/failure\?id=(\w+)/.exec(answer.text)?.[1];
    if (incident) await client.ask(`/auth/failure?id=${incident}`, { jar: signedIn });
  }
  const typed = canaries.plant('what somebody typed', secret('typed'));
  for (const path of [
    `/auth/oauth2/callback?id=${sourceId}&code=${typed}&state=${typed}`,
    `/auth/oauth2/callback?id=${sourceId}&error=access_denied&error_description=none&state=${typed}`,
    `/auth/oauth2/callback/${sourceId}?id=other&code=${typed}`,
    `/auth/oauth2/callback/%zz?code=${typed}`,
    `/auth/%ff?code=${typed}&token=${typed}`,
    `/auth/nothing?code=${typed}`,
    `/auth/oauth/authorize?client_id=x&redirect_uri=https://x.test/&response_type=code&id_token_hint=${typed}`,
    `/auth/failure?id=${typed}`,
    `/auth/logout?id_token_hint=${typed}&post_logout_redirect_uri=https://x.test/`,
    `/setup?token=${typed}`,
  ]) {
    const answer = await client.ask(path);
    expect({ path, status: answer.status >= 200 && answer.status < 500 }).toMatchObject({ status: true });
  }
  await client.ask('/account', { jar: new Map([['foyer_session', typed]]) });
  const jar: Jar = new Map();
  const csrf = async (): Promise<string> =>
    /name="csrf" value="([^"]+)"/.exec((await client.ask('/login', { jar })).text)?.[1] ?? '';
  const wrong = { email: 'local@example.test', password: typed, continue: '/' };
  await client.ask('/auth/signin', { jar, form: { ...wrong, csrf: await csrf() } });
  await client.ask('/auth/signin', { jar, form: { ...wrong, email: 'nobody@example.test' } });
  await client.ask(`/auth/signin?password=${typed}`, { jar, form: { email: 'local@example.test' } });
  await client.ask('/auth/signin', { headers: { origin: 'https://evil.test' }, form: wrong });
};

const lookAround = async ({ world }: Exercise, apiKey: string, admin: { jar: Jar }): Promise<void> => {
  const { client } = world;
  for (const path of [
    '/',
    '/login',
    '/account',
    '/docs',
    '/healthz',
    '/readyz',
    '/nothing-here',
    '/auth/device',
  ]) {
    await client.ask(path, { jar: admin.jar });
  }
  for (const path of ['/openapi.json', '/version', '/platform', '/scopes', '/cluster/versions', '/']) {
    await client.ask(`${api}${path}`, { headers: { 'x-api-key': apiKey, accept: 'application/json' } });
  }
  for (const path of ['/.well-known/openid-configuration', '/auth/oauth/discovery/keys', '/auth/jwks']) {
    await client.ask(path, { headers: { accept: 'application/json' } });
  }
};
