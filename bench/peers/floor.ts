/**
 * @module The floor: no product, but the least work that is still an honest sign-in and an honest OAuth2
 * provider. node:http without a framework; the flow's state in a signed cookie; two calls to the identity
 * provider over connections that stay open; one database round trip a request. No domains, no validation,
 * no audit, no limits, no error pages. FLOOR_DB chooses `postgres`, `pg` or `pglite`.
 */
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Pool } from 'undici';

type Row = Record<string, string>;
interface Database {
  run(script: string): Promise<unknown>;
  query(statement: string, values: unknown[]): Promise<Row[]>;
}

async function openDatabase(kind: string): Promise<Database> {
  const url = process.env.DATABASE_URL ?? '';
  if (kind === 'postgres') {
    const sql = (await import('postgres')).default(url, { max: 10, onnotice() {} });
    return {
      run: (script) => sql.unsafe(script),
      query: async (statement, values) =>
        (await sql.unsafe(statement, values as string[], { prepare: true })) as Row[],
    };
  }
  if (kind === 'pg') {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    const names = new Map<string, string>();
    return {
      run: (script) => pool.query(script),
      async query(statement, values) {
        let name = names.get(statement);
        if (!name) {
          name = `s${names.size}`;
          names.set(statement, name);
        }
        return (await pool.query({ name, text: statement, values })).rows;
      },
    };
  }
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create(process.env.DATA_FOLDER);
  return {
    run: (script) => db.exec(script),
    query: async (statement, values) => (await db.query<Row>(statement, values)).rows,
  };
}

const port = Number(process.env.PORT);
const stub = process.env.STUB_URL ?? '';
const base = `http://127.0.0.1:${port}`;
const db = await openDatabase(process.env.FLOOR_DB ?? 'postgres');
await db.run(`
create table if not exists users (
  id bigint generated always as identity primary key,
  issuer text not null, subject text not null, email text, name text, profile jsonb, last_login timestamptz,
  unique (issuer, subject));
create table if not exists sessions (
  id text primary key, user_id bigint not null references users (id) on delete cascade,
  expires_at timestamptz not null);
create table if not exists grants (
  id text primary key, kind text not null, user_id bigint not null, client_id text not null,
  expires_at timestamptz not null);`);

const SIGN_IN = `
with person as (
  insert into users (issuer, subject, email, name, profile, last_login)
  values ($1, $2, $3, $4, $5::text::jsonb, now())
  on conflict (issuer, subject) do update
    set email = excluded.email, name = excluded.name, profile = excluded.profile, last_login = now()
  returning id)
insert into sessions select $6, id, now() + interval '1 day' from person`;
const WHO = `
select u.id, u.email, u.name from sessions s join users u on u.id = s.user_id
where s.id = $1 and s.expires_at > now()`;
const NEW_CODE = `
insert into grants select $1, 'code', user_id, $2, now() + interval '60 seconds'
from sessions where id = $3 and expires_at > now() returning user_id`;
const EXCHANGE = `
with spent as (
  delete from grants where id = $1 and kind = $2 and client_id = $3 and expires_at > now()
  returning user_id, client_id)
insert into grants select $4, 'refresh', user_id, client_id, now() + interval '14 days' from spent
returning user_id`;

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const secret = randomBytes(32);
const upstream = new Pool(stub, { connections: 32 });
const JWT_SECONDS = 7200;
const JWT_HEADER = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url');

const random = (): string => randomBytes(24).toString('base64url');
const digest = (value: string): string => createHash('sha256').update(value).digest('base64url');
const mac = (value: string): string => createHmac('sha256', secret).update(value).digest('base64url');
const formOf = async (req: IncomingMessage) => new URLSearchParams(await text(req));

function cookie(req: IncomingMessage, name: string): string {
  return new RegExp(`(?:^|; )${name}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1] ?? '';
}

function json(res: ServerResponse, status: number, body: unknown): void {
  const answer = JSON.stringify(body);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
  res.end(answer);
}

function redirect(res: ServerResponse, location: string, cookies: string[] = []): void {
  res.writeHead(302, { location, 'content-length': 0, ...(cookies.length ? { 'set-cookie': cookies } : {}) });
  res.end();
}

function accessToken(userId: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'floor',
    iat: now,
    exp: now + JWT_SECONDS,
    jti: random(),
    aud: '127.0.0.1',
    scope: ['public'],
    sub: userId,
    u: { n: 'A B', e: 'a@example.test', p: 0, r: [] },
  };
  const input = `${JWT_HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`;
}

function login(_req: IncomingMessage, res: ServerResponse): void {
  const state = random();
  const verifier = random() + random();
  const value = `${state}.${verifier}`;
  const query =
    `response_type=code&client_id=floor&scope=profile+email&redirect_uri=${encodeURIComponent(`${base}/callback`)}` +
    `&state=${state}&code_challenge=${digest(verifier)}&code_challenge_method=S256`;
  redirect(res, `${stub}/authorize?${query}`, [`st=${value}.${mac(value)}; Path=/; HttpOnly; SameSite=Lax`]);
}

async function callback(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): Promise<void> {
  const [state, verifier, signature] = cookie(req, 'st').split('.');
  if (!verifier || signature !== mac(`${state}.${verifier}`) || query.get('state') !== state) {
    return json(res, 400, { error: 'state' });
  }
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: query.get('code') ?? '',
    redirect_uri: `${base}/callback`,
    client_id: 'floor',
    client_secret: 'secret',
    code_verifier: verifier,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await upstream.request({ method: 'POST', path: '/token', headers, body });
  const { access_token } = (await answer.body.json()) as Row;
  const authorization = `Bearer ${access_token}`;
  const info = await upstream.request({ method: 'GET', path: '/me', headers: { authorization } });
  const me = (await info.body.json()) as Row;
  const session = random();
  await db.query(SIGN_IN, [stub, me.id, me.mail, me.displayName, JSON.stringify(me), digest(session)]);
  redirect(res, '/app', ['st=; Path=/; Max-Age=0', `sid=${session}; Path=/; HttpOnly; SameSite=Lax`]);
}

async function whoami(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [user] = await db.query(WHO, [digest(cookie(req, 'sid'))]);
  if (!user) return json(res, 401, {});
  json(res, 200, { id: String(user.id), email: user.email, name: user.name });
}

async function authorize(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): Promise<void> {
  const code = random();
  const rows = await db.query(NEW_CODE, [digest(code), query.get('client_id'), digest(cookie(req, 'sid'))]);
  if (rows.length === 0) return json(res, 401, {});
  redirect(res, `${query.get('redirect_uri')}?code=${code}&state=${query.get('state')}`);
}

async function token(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const form = await formOf(req);
  const kind = form.get('grant_type') === 'refresh_token' ? 'refresh' : 'code';
  const spent = form.get(kind === 'code' ? 'code' : 'refresh_token') ?? '';
  const refresh = random();
  const [row] = await db.query(EXCHANGE, [digest(spent), kind, form.get('client_id'), digest(refresh)]);
  if (!row) return json(res, 400, { error: 'invalid_grant' });
  json(res, 200, {
    access_token: accessToken(String(row.user_id)),
    token_type: 'Bearer',
    expires_in: JWT_SECONDS,
    refresh_token: refresh,
    scope: 'public',
  });
}

async function introspect(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [header, claims, signature] = ((await formOf(req)).get('token') ?? '').split('.');
  const input = Buffer.from(`${header}.${claims}`);
  const genuine = verify('RSA-SHA256', input, publicKey, Buffer.from(signature ?? '', 'base64url'));
  if (!genuine) return json(res, 200, { active: false });
  json(res, 200, { active: true, ...JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()) });
}

type Handler = (req: IncomingMessage, res: ServerResponse, query: URLSearchParams) => Promise<void> | void;
const routes: Record<string, Handler> = {
  '/healthz': (_req, res) => json(res, 200, {}),
  '/login': login,
  '/callback': callback,
  '/whoami': whoami,
  '/oauth/authorize': authorize,
  '/oauth/token': token,
  '/oauth/introspect': introspect,
};

createServer(async (req, res) => {
  const [path = '/', query] = (req.url ?? '/').split('?', 2);
  try {
    const handler = routes[path];
    if (handler) await handler(req, res, new URLSearchParams(query));
    else json(res, 404, {});
  } catch (error) {
    console.error(error);
    json(res, 500, { error: String(error) });
  }
}).listen(port, '127.0.0.1');
