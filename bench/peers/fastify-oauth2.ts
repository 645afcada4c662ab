/**
 * @module @fastify/oauth2 with PKCE and @fastify/session over connect-pg-simple, wired as their READMEs
 * show. The application keeps the people in a table of its own.
 */
import cookie from '@fastify/cookie';
import oauth2 from '@fastify/oauth2';
import session from '@fastify/session';
import connectPgSimple from 'connect-pg-simple';
import expressSession from 'express-session';
import Fastify from 'fastify';
import pg from 'pg';

const port = Number(process.env.PORT);
const stub = process.env.STUB_URL;
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(`
create table if not exists users (
  id bigint generated always as identity primary key,
  issuer text not null, subject text not null, email text, name text, unique (issuer, subject))`);
const UPSERT = `
insert into users (issuer, subject, email, name) values ($1, $2, $3, $4)
on conflict (issuer, subject) do update set email = excluded.email, name = excluded.name
returning id, email, name`;

const app = Fastify({ logger: false });
await app.register(cookie);
const PgStore = connectPgSimple(expressSession);
await app.register(session, {
  secret: 'a secret of at least thirty-two characters',
  saveUninitialized: false,
  cookie: { secure: false, maxAge: 86_400_000 },
  store: new PgStore({ pool, createTableIfMissing: true }),
});
await app.register(oauth2, {
  name: 'stub',
  scope: ['profile', 'email'],
  pkce: 'S256',
  startRedirectPath: '/login',
  callbackUri: `http://127.0.0.1:${port}/callback`,
  cookie: { secure: false, sameSite: 'lax', path: '/', httpOnly: true },
  credentials: { client: { id: 'fastify', secret: 'secret' } },
  discovery: { issuer: stub },
});
app.get('/healthz', async () => 'ok');
app.get('/callback', async (req, reply) => {
  const { token } = await app.stub.getAccessTokenFromAuthorizationCodeFlow(req, reply);
  const me = await app.stub.userinfo(token.access_token);
  const { rows } = await pool.query(UPSERT, [stub, me.sub, me.email, me.name]);
  await req.session.regenerate();
  req.session.set('user', rows[0]);
  return reply.redirect('/app');
});
app.get('/whoami', async (req, reply) => req.session.get('user') ?? reply.code(401).send({}));
await app.listen({ port, host: '127.0.0.1' });
