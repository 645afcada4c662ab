/**
 * @module Two domains with an administrator each, one administrator of the installation, and a client that speaks the
 * engine API with the credentials of any of them.
 */
import type { UserId } from '#base/lib/ids.ts';
import { randomToken } from '#base/lib/ids.ts';
import type { KeyPermission } from '#model/api-keys/api-key.ts';
import { createApiKey } from '#model/api-keys/api-key-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import { issueAccessToken } from '#model/tokens/access-token.ts';
import { type Foyer, type StartOptions, startFoyer } from '../../support/start-foyer.ts';

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came.
  body: any;
}

export type Call = (
  method: string,
  path: string,
  options?: { json?: unknown; raw?: string; headers?: Record<string, string>; ip?: string },
) => Promise<Answer>;

export interface World {
  foyer: Foyer;
  a: Domain;
  b: Domain;
  /** Ids of users, by role; the last three are of domain A, `other` is B's administrator. */
  users: Record<'platform' | 'admin' | 'support' | 'user' | 'other', string>;
  /** Calls as one of these users with a fresh API key of scope `public`. */
  as: Record<'platform' | 'admin' | 'support' | 'user' | 'other', Call>;
  /** Calls without credentials on a domain's host. */
  anonymous(domain: Domain): Call;
  withKey(domain: Domain, key: string): Call;
  withToken(domain: Domain, token: string): Call;
  makeKey(
    domain: Domain,
    userId: string,
    options?: { scopes?: string[]; permissions?: KeyPermission },
  ): Promise<string>;
  /** An access token of a new family of an application of the domain. */
  makeToken(
    domain: Domain,
    userId: string,
    options?: { scopes?: string[] },
  ): Promise<{ token: string; familyId: string }>;
}

export const api = '/api/engine/v2';

export const openWorld = async (options: StartOptions = {}): Promise<World> => {
  const foyer = await startFoyer(options);
  const a = await foyer.seedDomain({ host: 'a.test', name: 'Alpha' });
  const b = await foyer.seedDomain({ host: 'b.test', name: 'Beta' });
  const users = {
    platform: await foyer.seedUser(a, { platform_admin: true, sys_admin: true, name: 'Platform Admin' }),
    admin: await foyer.seedUser(a, { sys_admin: true, name: 'Admin A' }),
    support: await foyer.seedUser(a, { support: true, name: 'Support A' }),
    user: await foyer.seedUser(a, { name: 'User A' }),
    other: await foyer.seedUser(b, { sys_admin: true, name: 'Admin B' }),
  };
  const call =
    (domain: Domain, credentials: Record<string, string>): Call =>
    async (method, path, { json, raw, headers = {}, ip } = {}) => {
      const payload = raw ?? (json === undefined ? undefined : JSON.stringify(json));
      const res = await foyer.inject({
        method: method as 'GET',
        url: /^\/api\//.test(path) || path.startsWith('/docs') ? path : `${api}${path}`,
        headers: { host: domain.host, 'content-type': 'application/json', ...credentials, ...headers },
        ...(payload !== undefined && { payload }),
        ...(ip !== undefined && { remoteAddress: ip }),
      });
      let body: unknown;
      try {
        body = JSON.parse(res.body);
      } catch {
        body = undefined;
      }
      return { status: res.statusCode, headers: res.headers as Answer['headers'], text: res.body, body };
    };
  const makeKey: World['makeKey'] = async (
    domain,
    userId,
    { scopes = ['public'], permissions = 'admin_support' } = {},
  ) => {
    const key = await createApiKey(foyer.services.db, domain.id, {
      userId: userId as UserId,
      name: `key ${randomToken(6)}`,
      description: '',
      scopes,
      permissions,
    });
    return key.secret;
  };
  const makeToken: World['makeToken'] = async (domain, userId, { scopes = ['public'] } = {}) => {
    const { services } = foyer;
    const uid = randomToken(8);
    const app = await services.db.kysely
      .insertInto('applications')
      .values({ domain_id: domain.id, uid, name: uid, redirect_uri: `https://${uid}.test/` })
      .returning('id')
      .executeTakeFirstOrThrow();
    const familyId = randomToken(12);
    await services.db.kysely
      .insertInto('token_families')
      .values({
        domain_id: domain.id,
        id: familyId,
        application_id: app.id,
        user_id: userId,
        scope: scopes.join(' '),
        expires_at: new Date(Date.now() + 86_400_000),
      })
      .execute();
    const { token } = await issueAccessToken(services, {
      domain,
      user: {
        id: userId as UserId,
        name: 'n',
        email: 'e@x.test',
        groups: [],
        sysAdmin: false,
        platformAdmin: false,
        support: false,
      },
      scopes,
      clientId: uid,
      familyId,
    });
    return { token, familyId };
  };
  const asUser = async (domain: Domain, userId: string): Promise<Call> =>
    call(domain, { 'x-api-key': await makeKey(domain, userId) });
  return {
    foyer,
    a,
    b,
    users,
    as: {
      platform: await asUser(a, users.platform),
      admin: await asUser(a, users.admin),
      support: await asUser(a, users.support),
      user: await asUser(a, users.user),
      other: await asUser(b, users.other),
    },
    anonymous: (domain) => call(domain, {}),
    withKey: (domain, key) => call(domain, { 'x-api-key': key }),
    withToken: (domain, token) => call(domain, { authorization: `Bearer ${token}` }),
    makeKey,
    makeToken,
  };
};
