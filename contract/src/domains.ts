/** A domain (PlaceOS: authority) on the wire. */
import type { Static } from 'typebox';
import { AnyObject, UnixTime } from './engine.ts';
import { Type } from './schema.ts';

export const DomainLegacyView = Type.Object({
  embedded_apps: Type.Optional(Type.Boolean({ description: 'session cookie with SameSite=None' })),
  scripted_sign_in: Type.Optional(
    Type.Boolean({ description: 'POST /auth/signin without Origin and Sec-Fetch-Site headers' }),
  ),
});

/** What may be written. Everything else in a body is ignored. */
export const DomainBody = Type.Object({
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  domain: Type.Optional(Type.String({ description: 'host name, or a URL that is reduced to its host' })),
  login_url: Type.Optional(
    Type.String({ description: 'relative, or on the same host; {{url}} is the place to come back to' }),
  ),
  logout_url: Type.Optional(Type.String()),
  email_domains: Type.Optional(Type.Array(Type.String())),
  config: Type.Optional(AnyObject),
  internals: Type.Optional(AnyObject),
  password_sign_in: Type.Optional(Type.Boolean()),
  session_idle_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 31_536_000 })),
  session_absolute_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 31_536_000 })),
  legacy: Type.Optional(DomainLegacyView),
  warning_emails: Type.Optional(
    Type.Array(Type.String(), {
      description: 'who is told before a secret ends, if the server can send mail',
    }),
  ),
  warning_webhook_url: Type.Optional(
    Type.String({ description: 'https address that gets the same warnings as JSON' }),
  ),
});
export type DomainBody = Static<typeof DomainBody>;

/** `internals` only for administrators of the installation. */
export const DomainView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  domain: Type.String(),
  login_url: Type.String(),
  logout_url: Type.String(),
  email_domains: Type.Array(Type.String()),
  config: AnyObject,
  internals: Type.Optional(AnyObject),
  password_sign_in: Type.Boolean(),
  session_idle_seconds: Type.Integer(),
  session_absolute_seconds: Type.Integer(),
  legacy: DomainLegacyView,
  warning_emails: Type.Array(Type.String()),
  warning_webhook_url: Type.String(),
  created_at: UnixTime,
  updated_at: UnixTime,
});
export type DomainView = Static<typeof DomainView>;
