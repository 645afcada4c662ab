/**
 * @module Plain oidc-provider on an adapter of one table with a jsonb column, in the shape of its example
 * adapters. It has no sign-in of its own: the interaction accepts whomever login_hint names.
 * FORMAT chooses `jwt` (RS256) or `opaque` access tokens; introspection needs the latter.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import pg from 'pg';

const port = Number(process.env.PORT);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(`
create table if not exists oidc (
  id text not null, type text not null, payload jsonb not null, grant_id text, user_code text, uid text,
  expires_at timestamptz, consumed_at timestamptz, primary key (id, type));
create index if not exists oidc_grant on oidc (grant_id);
create index if not exists oidc_uid on oidc (uid);`);

class Adapter {
  constructor(type) {
    this.type = type;
  }

  async one(name, condition, value) {
    const text = `select payload, consumed_at from oidc where ${condition} and type = $2
      and (expires_at is null or expires_at > now())`;
    const { rows } = await pool.query({ name, text, values: [value, this.type] });
    return rows[0] && { ...rows[0].payload, ...(rows[0].consumed_at ? { consumed: true } : {}) };
  }

  async change(name, text, value) {
    await pool.query({ name, text, values: [value, this.type] });
  }

  async upsert(id, payload, expiresIn) {
    const expiresAt = expiresIn ? new Date(Date.now() + expiresIn * 1000) : null;
    await pool.query({
      name: 'upsert',
      text: `insert into oidc (id, type, payload, grant_id, user_code, uid, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (id, type) do update set payload = excluded.payload, grant_id = excluded.grant_id,
          uid = excluded.uid, expires_at = excluded.expires_at`,
      values: [id, this.type, payload, payload.grantId, payload.userCode, payload.uid, expiresAt],
    });
  }

  find = (id) => this.one('find', 'id = $1', id);
  findByUid = (uid) => this.one('by-uid', 'uid = $1', uid);
  findByUserCode = (code) => this.one('by-code', 'user_code = $1', code);
  destroy = (id) => this.change('destroy', 'delete from oidc where id = $1 and type = $2', id);
  consume = (id) =>
    this.change('consume', 'update oidc set consumed_at = now() where id = $1 and type = $2', id);
  revokeByGrantId = (id) => this.change('revoke', 'delete from oidc where grant_id = $1 and type = $2', id);
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RESOURCE = 'urn:api';
const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: Adapter,
  clients: [
    {
      client_id: 'app',
      client_secret: 'app-secret',
      redirect_uris: ['http://127.0.0.1:9/cb'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['a key for cookies'] },
  scopes: ['openid', 'public'],
  findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  async loadExistingGrant(ctx) {
    const { client, session, result } = ctx.oidc;
    const id = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
    if (id) return await provider.Grant.find(id);
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid public');
    grant.addResourceScope(RESOURCE, 'public');
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'public',
        audience: RESOURCE,
        accessTokenTTL: 7200,
        accessTokenFormat: process.env.FORMAT ?? 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});

const handle = provider.callback();
createServer(async (req, res) => {
  if (req.url === '/healthz') return res.end('ok');
  if (!req.url.startsWith('/interaction/')) return handle(req, res);
  try {
    const { params } = await provider.interactionDetails(req, res);
    const login = { accountId: params.login_hint };
    await provider.interactionFinished(req, res, { login }, { mergeWithLastSubmission: false });
  } catch (error) {
    res.statusCode = 500;
    res.end(String(error));
  }
}).listen(port, '127.0.0.1');
