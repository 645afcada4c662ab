/**
 * @module `foyer demo`: Foyer on a store in memory, an emulated Microsoft beside it, one domain, one source, one app.
 * Everything is made through the same functions as for a real administrator; nothing is kept.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { loadConfig } from '#base/config/config.ts';
import { readEnv } from '#base/config/env.ts';
import { openPglite } from '#base/db/pglite.ts';
import { consoleClient } from '#model/applications/console-application.ts';
import type { Tables } from '#model/tables.ts';
import { runUntilSignal, startServer } from '../main.ts';
import { addDomain } from './operations/add-domain.ts';
import { createAdmin } from './operations/create-admin.ts';

const people = [
  { email: 'alice@contoso.example', given: 'Alice', surname: 'Adams' },
  { email: 'bob@contoso.example', given: 'Bob', surname: 'Brown' },
  { email: 'carol@contoso.example', given: 'Carol', surname: 'Chen' },
];

export const demo = async ({ json }: { json: boolean }): Promise<void> => {
  const env = readEnv();
  const port = env.PORT ?? '3000';
  const say = json ? () => {} : (words: string) => console.log(words);
  say('Starting an emulated Microsoft …');
  const entra = await startEntra({ port: 0, host: '127.0.0.1' });
  const providerUrl = entra.url;
  const folder = mkdtempSync(join(tmpdir(), 'foyer-demo-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  say('Starting Foyer on a store in memory …');
  const config = loadConfig({
    PORT: port,
    PUBLIC_URL: `http://localhost:${port}`,
    HOST: '127.0.0.1',
    FOYER_DATA: folder,
    FOYER_EGRESS_ALLOW: new URL(providerUrl).host,
    LOG_LEVEL: env.LOG_LEVEL ?? 'warn',
  });
  const keks = [{ id: 'demo', key: randomBytes(32) }];
  const running = await startServer(config, { db: await openPglite<Tables>({}), keks });
  const { services } = running;

  const domain = await addDomain(services, { host: 'localhost', name: 'Contoso' });
  const admin = await createAdmin(services, {
    domain: 'localhost',
    email: 'admin@contoso.example',
    'api-key': true,
  });
  const url = config.publicUrl.origin;
  const post = async (path: string, body: Record<string, unknown>): Promise<Record<string, string>> => {
    const answer = await running.app.inject({
      method: 'POST',
      url: `/api/engine/v2/${path}`,
      headers: { host: config.publicUrl.host, 'x-api-key': String(admin.data.api_key) },
      body,
    });
    if (answer.statusCode !== 201) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
    return answer.json();
  };
  // What an administrator does by hand: the source first, then the app registration with the callback of its id.
  const registration = { client_id: randomUUID(), client_secret: randomBytes(24).toString('base64url') };
  const source = await post('oauth_auths', {
    ...registration,
    name: 'Microsoft',
    authority_id: domain.data.id,
    site: providerUrl,
    scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
    token_method: 'POST',
    authentication_scheme: 'Request Body',
    token_url: `${providerUrl}/${entra.tenantId}/oauth2/v2.0/token`,
    authorize_url: `${providerUrl}/${entra.tenantId}/oauth2/v2.0/authorize`,
    user_profile_url: `${providerUrl}/v1.0/me`,
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
  });
  entra.addApp({
    ...registration,
    name: 'Foyer demo',
    redirect_uris: [`${url}/auth/oauth2/callback?id=${source.id}`],
  });
  for (const { email, given, surname } of people) {
    entra.addPerson({ email, display_name: `${given} ${surname}`, given_name: given, surname });
  }
  runUntilSignal(
    {
      ...running,
      async stop() {
        await running.stop();
        await services.db.close();
        await entra.close();
      },
    },
    { stopDelaySeconds: 0, stopTimeoutSeconds: 5 },
  );
  const app = consoleClient(`${url}/backoffice/`);
  if (json) {
    console.log(
      JSON.stringify({
        url,
        domain: 'localhost',
        admin: { email: admin.data.email, password: admin.data.password },
        api_key: admin.data.api_key,
        source_id: source.id,
        app: { client_id: app.clientId, redirect_uri: app.redirectUri },
        people: people.map(({ email }) => ({ email })),
        provider: { url: providerUrl },
      }),
    );
    return;
  }
  console.log(`
Foyer is ready. Open

    ${url}/login

and click "Continue with Microsoft", then pick a person:

${people.map(({ email, given, surname }) => `    ${`${given} ${surname}`.padEnd(14)} ${email}`).join('\n')}

The console is at ${url}/backoffice/

Administrator (local password): ${admin.data.email}  ${admin.data.password}
API key for ${url}/api/engine/v2:  ${admin.data.api_key}
The emulated Microsoft is at ${providerUrl}. Nothing of this is kept. Ctrl-C stops it.
`);
};
