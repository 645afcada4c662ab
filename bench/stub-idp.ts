/**
 * @module The identity provider behind every measured server: quick, on node:http, without a store.
 * Codes and tokens carry the person they stand for. `/authorize` approves at once; the person is
 * `login_hint`, which the driver adds as a person would pick an account. PKCE (S256) is checked.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

const port = Number(process.env.PORT);
const issuer = `http://127.0.0.1:${port}`;
let serial = 0;

const pack = (...parts: string[]): string => Buffer.from(parts.join('\0')).toString('base64url');
const unpack = (packed: string): string[] => Buffer.from(packed, 'base64url').toString().split('\0');

/** A person's profile: the fields of Microsoft Graph's /me and the claims of OpenID Connect at once. */
function profile(user: string): Record<string, unknown> {
  const hex = createHash('md5').update(user).digest('hex');
  const id = hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
  const email = `${user}@example.test`;
  return {
    id,
    displayName: `Given ${user} Surname`,
    givenName: `Given ${user}`,
    surname: 'Surname',
    mail: email,
    userPrincipalName: email,
    jobTitle: 'Tester',
    officeLocation: 'L3',
    mobilePhone: null,
    businessPhones: ['+1 555 0100'],
    preferredLanguage: 'en',
    sub: id,
    email,
    email_verified: true,
    name: `Given ${user} Surname`,
    given_name: `Given ${user}`,
    family_name: 'Surname',
    preferred_username: email,
  };
}

function send(res: ServerResponse, status: number, body: unknown): void {
  const answer = JSON.stringify(body);
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(answer),
    'cache-control': 'no-store',
  });
  res.end(answer);
}

function authorize(res: ServerResponse, query: URLSearchParams): void {
  const redirectUri = query.get('redirect_uri');
  const clientId = query.get('client_id');
  if (!redirectUri || !clientId) {
    send(res, 400, { error: 'invalid_request' });
    return;
  }
  const user = query.get('login_hint') ?? 'nobody';
  const code = pack('code', user, query.get('code_challenge') ?? '', String(++serial));
  const location = new URL(redirectUri);
  location.searchParams.set('code', code);
  if (query.has('state')) location.searchParams.set('state', query.get('state') ?? '');
  location.searchParams.set('iss', issuer);
  res.writeHead(302, { location: location.href, 'content-length': 0 });
  res.end();
}

async function token(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = new URLSearchParams(await text(req));
  const isRefresh = body.get('grant_type') === 'refresh_token';
  const [kind, user, challenge] = unpack(body.get(isRefresh ? 'refresh_token' : 'code') ?? '');
  if (!user || kind !== (isRefresh ? 'refresh' : 'code')) return send(res, 400, { error: 'invalid_grant' });
  if (!isRefresh && challenge) {
    const given = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (given !== challenge) return send(res, 400, { error: 'invalid_grant', error_description: 'PKCE' });
  }
  send(res, 200, {
    access_token: pack('access', user, String(++serial)),
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'profile email',
    refresh_token: pack('refresh', user),
  });
}

function person(req: IncomingMessage, res: ServerResponse): void {
  const [kind, user] = unpack((req.headers.authorization ?? '').replace(/^Bearer /, ''));
  if (kind === 'access' && user) send(res, 200, profile(user));
  else send(res, 401, { error: 'invalid_token' });
}

const discovery = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
};

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [path, query] = (req.url ?? '/').split('?', 2);
  switch (path) {
    case '/authorize':
      return authorize(res, new URLSearchParams(query));
    case '/token':
      return await token(req, res);
    case '/userinfo':
    case '/me':
      return person(req, res);
    case '/.well-known/openid-configuration':
      return send(res, 200, discovery);
    case '/jwks':
      return send(res, 200, { keys: [] });
    case '/healthz':
      return send(res, 200, {});
    default:
      return send(res, 404, { error: 'not_found' });
  }
}

const server = createServer((req, res) => {
  handle(req, res).catch((error: unknown) => send(res, 500, { error: String(error) }));
});
server.keepAliveTimeout = 120_000;
server.listen(port, '127.0.0.1');
