/**
 * @module passport with passport-oauth2 (state and PKCE on), express-session and connect-pg-simple, wired
 * as their READMEs show. The application keeps the people in a table of its own.
 */
import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';
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

class StubStrategy extends OAuth2Strategy {
  userProfile(accessToken, done) {
    this._oauth2.useAuthorizationHeaderforGET(true);
    this._oauth2.get(`${stub}/me`, accessToken, (error, body) => {
      if (error) return done(error);
      const me = JSON.parse(body);
      done(null, { id: me.id, displayName: me.displayName, emails: [{ value: me.mail }] });
    });
  }
}

const strategy = new StubStrategy(
  {
    authorizationURL: `${stub}/authorize`,
    tokenURL: `${stub}/token`,
    clientID: 'passport',
    clientSecret: 'secret',
    callbackURL: `http://127.0.0.1:${port}/callback`,
    scope: ['profile', 'email'],
    state: true,
    pkce: true,
  },
  (_accessToken, _refreshToken, profile, done) => {
    const values = [stub, profile.id, profile.emails[0].value, profile.displayName];
    pool.query(UPSERT, values).then(({ rows }) => done(null, rows[0]), done);
  },
);
passport.use('stub', strategy);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.get('/healthz', (_req, res) => res.send('ok'));
const PgStore = connectPgSimple(session);
app.use(
  session({
    secret: 'a secret of at least thirty-two characters',
    resave: false,
    saveUninitialized: false,
    store: new PgStore({ pool, createTableIfMissing: true }),
    cookie: { maxAge: 86_400_000 },
  }),
);
app.use(passport.authenticate('session'));
app.get('/login', passport.authenticate('stub'));
app.get('/callback', passport.authenticate('stub', { successRedirect: '/app', failureRedirect: '/failed' }));
app.get('/whoami', (req, res) => (req.user ? res.json(req.user) : res.status(401).json({})));
app.listen(port, '127.0.0.1');
