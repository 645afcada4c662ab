/**
 * An OpenID provider that says what a test tells it to, signed with real keys. It knows no person and checks nothing:
 * it is there for the answers that no honest provider gives.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';
import { onTestFinished } from 'vitest';

export interface Reply {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  /** A value becomes JSON, a text stays as it is. */
  body: unknown;
}

export interface SeenRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

export interface FakeProvider {
  url: string;
  /** For the operator's allow-list. */
  rule: string;
  seen: SeenRequest[];
  count(path: string): number;
  /** What each path answers; change it at will. */
  replies: Record<string, Reply>;
  keys: { key: CryptoKey; jwk: JWK }[];
  addKey(alg?: string, kid?: string): Promise<{ key: CryptoKey; jwk: JWK }>;
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>, key?: CryptoKey): Promise<string>;
}

export const clientId = 'foyer-client';

/** A provider with discovery, one RS256 key, and a profile of `{ sub: 'alice' }`. */
export const startFakeProvider = async (): Promise<FakeProvider> => {
  const seen: SeenRequest[] = [];
  const replies: Record<string, Reply> = {};
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        body,
        headers: request.headers,
      });
      const reply = replies[url.pathname] ?? { status: 404, body: { error: 'not_found' } };
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
      response.writeHead(reply.status ?? 200, {
        'content-type': reply.type ?? 'application/json',
        ...reply.headers,
      });
      response.end(text);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const keys: FakeProvider['keys'] = [];

  const provider: FakeProvider = {
    url,
    rule: `127.0.0.1:${port}`,
    seen,
    replies,
    keys,
    count: (path) => seen.filter((request) => request.path === path).length,
    async addKey(alg = 'RS256', kid = `key-${keys.length + 1}`) {
      const pair = await generateKeyPair(alg, { extractable: true });
      const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' };
      const made = { key: pair.privateKey as CryptoKey, jwk };
      keys.push(made);
      replies['/keys'] = { body: { keys: keys.map((each) => each.jwk) } };
      return made;
    },
    sign(claims, header = {}, key = keys[0]?.key) {
      const protectedHeader = { alg: 'RS256', kid: keys[0]?.jwk.kid, ...header } as JWTHeaderParameters;
      for (const name of Object.keys(protectedHeader)) {
        if (protectedHeader[name] === undefined) delete protectedHeader[name];
      }
      return new SignJWT(claims).setProtectedHeader(protectedHeader).sign(key as CryptoKey);
    },
  };
  await provider.addKey();
  replies['/.well-known/openid-configuration'] = { body: discoveryOf(url) };
  replies['/me'] = { body: { sub: 'alice', email: 'alice@example.test' } };
  return provider;
};

export const discoveryOf = (url: string): Record<string, unknown> => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  userinfo_endpoint: `${url}/me`,
  jwks_uri: `${url}/keys`,
});

/** Settings of a source at `provider`, with an explicit issuer. */
export const settingsFor = (
  provider: FakeProvider,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  client_id: clientId,
  client_secret: 'a-secret',
  site: provider.url,
  authorize_url: '/authorize',
  token_url: '/token',
  raw_info_url: '/me',
  scope: 'openid email',
  issuer: provider.url,
  info_mappings: { uid: 'sub', email: 'email' },
  ...more,
});

/** Claims of a good ID token, issued now. */
export const claimsFor = (
  provider: FakeProvider,
  nonce: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1000);
  const claims: Record<string, unknown> = {
    iss: provider.url,
    aud: clientId,
    sub: 'alice',
    nonce,
    iat: now,
    exp: now + 300,
    ...more,
  };
  for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name];
  return claims;
};

export const tokenReply = (idToken: string | undefined, more: Record<string, unknown> = {}): Reply => ({
  body: {
    access_token: 'an-access-token',
    token_type: 'Bearer',
    expires_in: 3600,
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...more,
  },
});
