/**
 * @module A portal as in production, at https://portal.example.test: TLS and an app's files in front, Foyer behind, and
 * Microsoft under its real names, played by the emulator. Domain and sources are made as an administrator makes them,
 * with an API key and the field names of the documented procedure.
 */
import { randomUUID } from 'node:crypto';
import { type Entra, startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import { testCa, testServerTls } from '@foyer/testkit/tls/tls.ts';
import type { Vendors } from '@foyer/testkit/vendors/start-vendors.ts';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { createEgress } from '#base/lib/egress/egress.ts';
import { addDomain } from '../../../src/cli/operations/add-domain.ts';
import { createAdmin } from '../../../src/cli/operations/create-admin.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { launchChromium } from './chromium.ts';
import { type Front, startFront } from './front.ts';

export const host = 'portal.example.test';
export const origin = `https://${host}`;
/** The first domain: the operator's. */
export const platformHost = 'platform.example.test';
export const login = 'https://login.microsoftonline.com';

export const administrator = { email: 'admin@contoso.example', password: 'correct horse battery' };

interface EngineAnswer {
  status: number;
  body: Record<string, unknown>;
}

export interface MicrosoftSource {
  id: string;
  secret: string;
  /** The id of the secret: beside its value in Microsoft's portal, and easily copied in its place. */
  secretId: string;
}

export interface Portal {
  foyer: Foyer;
  entra: Entra;
  front: Front;
  browser: Browser;
  domainId: string;
  /** The engine API with the administrator's key. */
  engine(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<EngineAnswer>;
  /** Registers an app at Microsoft and makes a source of it. */
  addMicrosoft(options?: { name?: string; pastesSecretId?: boolean }): Promise<MicrosoftSource>;
  close(): Promise<void>;
}

export interface PortalOptions {
  /** Served by the proxy. */
  files?: Readonly<Record<string, string>>;
  /** Served by Foyer in place of its own console. */
  backofficeFolder?: string;
  /** Further identity providers, under their hosts. */
  vendors?: Vendors;
}

export const startPortal = async (options: PortalOptions = {}): Promise<Portal> => {
  const { files = {}, backofficeFolder, vendors } = options;
  const entra = await startEntra({ tls: testServerTls });
  entra.addPerson({ email: 'alice@contoso.example', display_name: 'Alice Adams' });
  // A guest without a mailbox: only the user principal name tells who it is.
  entra.addPerson({ email: 'gus@contoso.example', display_name: 'Gus Guest', mail: null });
  entra.addPerson({ email: 'dora@contoso.example', display_name: 'Dora Dahl' });
  const microsoft = { address: '127.0.0.1', port: Number(new URL(entra.url).port) };
  const hostMap = {
    ...vendors?.hostMap,
    'login.microsoftonline.com:443': microsoft,
    'graph.microsoft.com:443': microsoft,
  };
  const egress = createEgress({ clock: createTestClock(), allow: [], ca: testCa, hostMap });
  const foyerPort = await freePort();
  const foyer = await startFoyer({
    config: {
      publicUrl: new URL(origin),
      trustedProxies: ['127.0.0.1/32'],
      ...(backofficeFolder && { backofficeFolder, consolePath: '/console/' }),
    },
    overrides: { egress },
  });
  await foyer.app.listen({ port: foyerPort, host: '127.0.0.1' });
  const front = await startFront({ foyerPort, files });
  const browser = await launchChromium(
    `--host-resolver-rules=${[
      `MAP ${host} 127.0.0.1:${front.port}`,
      `MAP ${platformHost} 127.0.0.1:${front.port}`,
      `MAP login.microsoftonline.com 127.0.0.1:${microsoft.port}`,
      ...Object.keys(vendors?.hostMap ?? {}).map(
        (name) => `MAP ${name.replace(/:443$/, '')} 127.0.0.1:${vendors?.port}`,
      ),
    ].join(', ')}`,
  );

  // The first domain and administrator are the operator's; the portal's domain is then the administrator's work.
  await addDomain(foyer.services, { host: platformHost });
  const operator = await createAdmin(foyer.services, { email: administrator.email, 'api-key': true });
  const ask = async (
    method: 'GET' | 'POST' | 'PATCH',
    at: string,
    key: unknown,
    path: string,
    body?: object,
  ): Promise<EngineAnswer> => {
    const answer = await foyer.inject({
      method,
      url: `/api/engine/v2/${path}`,
      headers: { host: at, 'x-api-key': String(key) },
      ...(body && { payload: body }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() };
  };
  const made = await ask('POST', platformHost, operator.data.api_key, 'domains', {
    name: 'Contoso',
    domain: host,
  });
  expect(made).toMatchObject({ status: 201, body: { domain: host } });
  const own = await createAdmin(foyer.services, { ...administrator, domain: host, 'api-key': true });
  const engine: Portal['engine'] = (method, path, body) => ask(method, host, own.data.api_key, path, body);
  const domainId = String(made.body.id);

  return {
    foyer,
    entra,
    front,
    browser,
    domainId,
    engine,
    async addMicrosoft({ name = 'Microsoft', pastesSecretId = false } = {}) {
      const [client_id, secret, secretId] = [randomUUID(), `8Q~${randomUUID()}`, randomUUID()];
      const { status, body } = await engine('POST', 'oauth_auths', {
        ...documented(entra.tenantId),
        name,
        client_id,
        client_secret: pastesSecretId ? secretId : secret,
        authority_id: domainId,
      });
      expect({ status, body }).toMatchObject({
        status: 201,
        body: { id: expect.stringMatching(/^oauth_strat-/) },
      });
      const id = String(body.id);
      const redirect_uris = [`${origin}/auth/oauth2/callback?id=${id}`];
      entra.addApp({ client_id, client_secret: secret, secret_id: secretId, name: 'Portal', redirect_uris });
      return { id, secret, secretId };
    },
    async close() {
      await browser.close();
      await front.close();
      await foyer.close();
      await egress.close();
      await entra.close();
    },
  };
};

/** The documented Microsoft source, under the names of its documentation. */
const documented = (tenantId: string): Record<string, unknown> => ({
  site: login,
  scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
  token_method: 'POST',
  authentication_scheme: 'Request Body',
  token_url: `${login}/${tenantId}/oauth2/v2.0/token`,
  authorize_url: `${login}/${tenantId}/oauth2/v2.0/authorize`,
  user_profile_url: 'https://graph.microsoft.com/v1.0/me',
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
