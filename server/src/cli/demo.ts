/**
 * @module `foyer demo`: Foyer on a store in memory, an emulated Microsoft beside it, one domain, one source, one app.
 * Everything is made through the same functions as for a real administrator; nothing is kept.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { loadConfig } from '#base/config/config.ts';
import { readEnv } from '#base/config/env.ts';
import { openPglite } from '#base/db/pglite.ts';
import { clientIdOf, newSourceId } from '#base/lib/ids.ts';
import { createApplication } from '#model/applications/application-store.ts';
import { createSource } from '#model/sources/source-store.ts';
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
  const domainId = domain.data.id as never;
  const admin = await createAdmin(services, {
    domain: 'localhost',
    email: 'admin@contoso.example',
    'api-key': true,
  });
  const url = config.publicUrl.origin;
  const sourceId = newSourceId('oauth');
  const app = entra.addApp({
    name: 'Foyer demo',
    redirect_uris: [`${url}/auth/oauth2/callback?id=${sourceId}`],
  });
  for (const { email, given, surname } of people) {
    entra.addPerson({ email, display_name: `${given} ${surname}`, given_name: given, surname });
  }
  const redirectUri = `${url}/backoffice/oauth-resp.html`;
  await services.db.transaction(async (tx) => {
    await createSource(tx, services.keyring, domainId, {
      id: sourceId,
      kind: 'oauth2',
      name: 'Microsoft',
      settings: {
        client_id: app.client_id,
        site: providerUrl,
        scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
        token_method: 'post',
        auth_scheme: 'request_body',
        token_url: `${providerUrl}/${entra.tenantId}/oauth2/v2.0/token`,
        authorize_url: `${providerUrl}/${entra.tenantId}/oauth2/v2.0/authorize`,
        raw_info_url: `${providerUrl}/v1.0/me`,
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
      },
      secrets: { client_secret: app.client_secret },
    });
    await createApplication(tx, domainId, {
      name: 'backoffice',
      redirectUri,
      uid: clientIdOf(redirectUri),
      scopes: 'public',
      skipAuthorization: true,
    });
  });
  runUntilSignal(
    {
      ...running,
      async stop() {
        await running.stop();
        await services.db.close();
        await entra.close();
      },
    },
    5,
  );
  if (json) {
    console.log(
      JSON.stringify({
        url,
        domain: 'localhost',
        admin: { email: admin.data.email, password: admin.data.password },
        api_key: admin.data.api_key,
        source_id: sourceId,
        app: { client_id: clientIdOf(redirectUri), redirect_uri: redirectUri },
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

Administrator (local password): ${admin.data.email}  ${admin.data.password}
API key for ${url}/api/engine/v2:  ${admin.data.api_key}
The emulated Microsoft is at ${providerUrl}. Nothing of this is kept. Ctrl-C stops it.
`);
};
