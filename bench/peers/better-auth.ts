/**
 * @module better-auth with its generic OAuth plugin and passwords, on PostgreSQL through pg. Its limit on
 * requests is off, since one address sends them all; telemetry is off.
 */
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { genericOAuth } from 'better-auth/plugins';
import pg from 'pg';

const port = Number(process.env.PORT);
const stub = process.env.STUB_URL;
const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret: 'a secret of at least thirty-two characters',
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
  plugins: [
    genericOAuth({
      config: [
        {
          providerId: 'stub',
          authorizationUrl: `${stub}/authorize`,
          tokenUrl: `${stub}/token`,
          userInfoUrl: `${stub}/userinfo`,
          clientId: 'better-auth',
          clientSecret: 'secret',
          scopes: ['profile', 'email'],
          pkce: true,
        },
      ],
    }),
  ],
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const handler = toNodeHandler(auth);
createServer((req, res) => {
  if (req.url === '/healthz') res.end('ok');
  else void handler(req, res);
}).listen(port, '127.0.0.1');
