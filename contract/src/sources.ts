/**
 * @module Sources on the wire, one collection for each protocol. Secrets are written, never read: an answer says
 * `<field>_set`. A blank, absent or masked secret keeps the stored one, `null` clears it.
 */
import type { TProperties } from 'typebox';
import { StringLists, StringMap, UnixTime } from './engine.ts';
import { Type } from './schema.ts';
import { SecretNote } from './source-lifecycle.ts';

const text = (description?: string) =>
  Type.Optional(description === undefined ? Type.String() : Type.String({ description }));
const clearable = (description?: string) =>
  Type.Optional(Type.Union([Type.String(), Type.Null()], description === undefined ? {} : { description }));
const strings = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));
const secret = Type.Optional(
  Type.Union([Type.String(), Type.Null()], {
    description: 'never read back; blank or absent keeps the stored one, null clears it',
  }),
);

const shared = {
  name: text(),
  authority_id: text('the domain; cannot be changed later'),
  enabled: Type.Optional(
    Type.Boolean({ description: 'default true; false: a draft that nobody is offered' }),
  ),
  id: text('with `reservation`, on create only: the id that was reserved'),
  reservation: text('on create only'),
  dry_run_pass: text('proof that a dry run of exactly this configuration has passed'),
};

const expiry = Type.Optional(
  Type.Union([Type.Integer(), Type.Null()], { description: 'Unix time when the provider ends the secret' }),
);

export const oauthSettings = {
  client_id: text(),
  site: text('base of relative URLs'),
  authorize_url: text(),
  token_url: text(),
  token_method: text('post, get or put'),
  auth_scheme: text('request_body, basic_auth, …; also accepted as authentication_scheme'),
  scope: text('separated by spaces, sent as it is'),
  raw_info_url: clearable('user profile URL; also accepted as user_profile_url'),
  info_mappings: Type.Optional(StringMap),
  authorize_params: Type.Optional(StringMap),
  ensure_matching: Type.Optional(StringLists),
  // Foyer's own, unknown to PlaceOS clients.
  issuer: clearable('OpenID Connect issuer, or its discovery document'),
  pkce: Type.Optional(Type.Boolean({ description: 'on unless the provider refuses it' })),
  allowed_algs: strings('signatures that an ID token may have; empty: all secure ones'),
  tid_allow: strings('ids of the Microsoft tenants whose people may sign in'),
  client_certificate: clearable('PEM, for private_key_jwt'),
  trusted_email_domains: strings('whose verified addresses may link to an existing account'),
  provisioning: Type.Optional(Type.Boolean({ description: 'make accounts at the first sign-in' })),
  linking: Type.Optional(Type.Boolean({ description: 'false: never joined to an existing account' })),
  link_by_email: Type.Optional(Type.Boolean({ description: 'legacy switch for migrations; off by default' })),
};

export const OauthSourceBody = Type.Object({
  ...shared,
  ...oauthSettings,
  client_secret: secret,
  client_secret_expires_at: expiry,
  next_client_secret: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description:
        'tried when the first secret is refused, so that a rotation has no gap; blank keeps, null clears',
    }),
  ),
  next_client_secret_expires_at: expiry,
  client_private_key: secret,
});

const RequestAttribute = Type.Object({
  name: Type.String(),
  name_format: Type.String(),
  friendly_name: Type.String(),
});

export const samlSettings = {
  issuer: text('our entity id'),
  assertion_consumer_service_url: text(),
  idp_sso_target_url: text(),
  idp_sso_target_url_runtime_params: Type.Optional(StringMap),
  name_identifier_format: text(),
  uid_attribute: clearable(),
  idp_cert: clearable('PEM'),
  idp_cert_fingerprint: clearable(),
  attribute_service_name: clearable(),
  attribute_statements: Type.Optional(StringLists),
  request_attributes: Type.Optional(Type.Array(RequestAttribute)),
  idp_slo_target_url: clearable(),
  slo_default_relay_state: clearable(),
};

export const SamlSourceBody = Type.Object({ ...shared, ...samlSettings });

export const ldapSettings = {
  host: text(),
  port: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  auth_method: text('plain, ssl or tls'),
  uid: text(),
  base: text(),
  bind_dn: clearable(),
  filter: clearable(),
};

export const LdapSourceBody = Type.Object({ ...shared, ...ldapSettings, password: secret });

const viewOf = <P extends TProperties>(settings: P) => ({
  id: Type.String(),
  secret_notes: Type.Optional(Type.Record(Type.String(), SecretNote)),
  revision: Type.Optional(Type.Integer({ description: 'number of the current revision' })),
  name: Type.String(),
  authority_id: Type.String(),
  enabled: Type.Boolean(),
  ...settings,
  created_at: UnixTime,
  updated_at: UnixTime,
});

export const OauthSourceView = Type.Object({
  ...viewOf(oauthSettings),
  raw_info_url: text(),
  issuer: text(),
  client_certificate: text(),
  client_secret_set: Type.Boolean(),
  next_client_secret_set: Type.Boolean(),
  client_private_key_set: Type.Boolean(),
});

export const SamlSourceView = Type.Object({
  ...viewOf(samlSettings),
  uid_attribute: text(),
  idp_cert: text(),
  idp_cert_fingerprint: text(),
  attribute_service_name: text(),
  idp_slo_target_url: text(),
  slo_default_relay_state: text(),
});

export const LdapSourceView = Type.Object({
  ...viewOf(ldapSettings),
  port: Type.Integer(),
  bind_dn: text(),
  filter: text(),
  password_set: Type.Boolean(),
});
