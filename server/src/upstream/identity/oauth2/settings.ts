/**
 * @module What an administrator sets on an OAuth2 or OpenID Connect source.
 *
 * `oauth2Schema` describes the fields under their wire names; forms are drawn from it. `normaliseInput` brings
 * whatever a client wrote to the stored form, `readSettings` brings the stored form to what the code works with.
 * Neither refuses anything: that is `validate-settings.ts`, and `missing-settings.ts` says what is lacking for use.
 */
import { Type } from '#base/lib/schema.ts';

export const tokenMethods = ['post', 'get', 'put', 'post_with_query_string'] as const;
export type TokenMethod = (typeof tokenMethods)[number];

export const authSchemes = ['request_body', 'basic_auth', 'private_key_jwt', 'tls_client_auth'] as const;
export type AuthScheme = (typeof authSchemes)[number];

/** Signatures that an ID token may have: asymmetric ones only (S-07). */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

const text = (title: string, description: string, more: object = {}) =>
  Type.Optional(Type.String({ title, description, ...more }));
const flag = (title: string, description: string, fallback: boolean) =>
  Type.Optional(Type.Boolean({ title, description, default: fallback }));
const list = (title: string, description: string) =>
  Type.Optional(Type.Array(Type.String(), { title, description, default: [] }));
const pairs = (title: string, description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.String(), { title, description, default: {} }));

/** Every field of the source, by wire name. `secret` marks those that are sealed and never answered (S-94). */
export const oauth2Schema = Type.Object(
  {
    client_id: text('Client ID', 'The id of Foyer at the provider, from its app registration.'),
    client_secret: text(
      'Client Secret',
      'The secret value of the app registration. Leave empty to keep the stored one.',
      { secret: true },
    ),
    next_client_secret: text(
      'Next Client Secret',
      'Tried when the provider refuses the first one, so that secrets can be changed without a gap.',
      { secret: true },
    ),
    site: text(
      'Site',
      'Address of the provider. Addresses below that do not begin with https:// belong to it.',
    ),
    authorize_url: text('Authorize URL', 'Where people are sent to sign in.', {
      default: '/oauth/authorize',
    }),
    token_url: text('Token URL', 'Where Foyer exchanges the code for tokens.', { default: '/oauth/token' }),
    token_method: text('Token Method', 'How the token request is sent.', {
      default: 'post',
      examples: tokenMethods,
    }),
    auth_scheme: text('Authentication Scheme', 'How Foyer proves who it is in the token request.', {
      default: 'request_body',
      examples: authSchemes,
    }),
    scope: text('Scope', 'What Foyer asks for, separated by spaces. With openid the ID token is verified.'),
    raw_info_url: text('User Profile URL', 'Where Foyer reads the profile of the person who signed in.'),
    info_mappings: pairs(
      'Info Mappings',
      'Which key of the profile fills which field. Several keys, separated by commas, are tried in order.',
    ),
    authorize_params: pairs(
      'Authorize Params',
      'Further parameters of the authorize request, such as prompt.',
    ),
    ensure_matching: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        title: 'Ensure Matching',
        description:
          'Only people whose profile has one of these values may sign in. A value is compared as a whole; a pattern stands between ^ and $.',
        default: {},
      }),
    ),
    issuer: text('Issuer', 'The OpenID Connect issuer, or the address of its discovery document.'),
    pkce: flag('PKCE', 'Protects the code on its way. Turn off only for a provider that refuses it.', true),
    allowed_algs: list('Allowed algorithms', 'Signatures that an ID token may have. Empty: all secure ones.'),
    tid_allow: list('Allowed tenants', 'Ids of the Microsoft tenants whose people may sign in.'),
    client_private_key: text('Client Private Key', 'PEM, for private_key_jwt.', { secret: true }),
    client_certificate: text(
      'Client Certificate',
      'PEM, as uploaded to Microsoft Entra, for private_key_jwt.',
    ),
    trusted_email_domains: list(
      'Trusted e-mail domains',
      'Domains whose verified e-mail addresses may link a sign-in to an existing account.',
    ),
    provisioning: flag('Provisioning', 'Make an account for people who sign in for the first time.', true),
    linking: flag('Linking', 'The source may be joined to an account that exists already.', true),
    link_by_email: flag(
      'Link by e-mail (migration)',
      'Weak: anyone to whom the provider gives an e-mail address gets the account that has it. For migrations only.',
      false,
    ),
    uid_key: text(
      'Key of the user id',
      'The key that identities of this source are bound to. Set by Foyer.',
      {
        readOnly: true,
      },
    ),
  },
  { title: 'OAuth2', additionalProperties: false },
);

/** The settings as the code of this room works with them. Strings are trimmed, `''` means absent. */
export interface OAuth2Settings {
  clientId: string;
  clientSecret: string;
  nextClientSecret: string;
  site: string;
  authorizeUrl: string;
  tokenUrl: string;
  tokenMethod: string;
  authScheme: string;
  scope: string;
  rawInfoUrl: string;
  infoMappings: Readonly<Record<string, string>>;
  authorizeParams: Readonly<Record<string, string>>;
  ensureMatching: Readonly<Record<string, readonly string[]>>;
  issuer: string;
  pkce: boolean;
  allowedAlgs: readonly string[];
  tidAllow: readonly string[];
  clientPrivateKey: string;
  clientCertificate: string;
  uidKey: string;
}

type Raw = Readonly<Record<string, unknown>>;

const renamed: Readonly<Record<string, string>> = {
  authentication_scheme: 'auth_scheme',
  user_profile_url: 'raw_info_url',
};
const secrets = new Set(['client_secret', 'next_client_secret', 'client_private_key']);
const writable: ReadonlySet<string> = new Set(
  Object.keys(oauth2Schema.properties).filter((name) => name !== 'uid_key'),
);

/** `Request Body` and `POST with query string` are how forms and guides write these. */
const keyword = (value: string): string =>
  value
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

const normaliseValue = (name: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  if (name === 'token_method' || name === 'auth_scheme') return keyword(value);
  // A secret is compared byte for byte by the provider, but a line end at its end was never part of it.
  return secrets.has(name) ? value.replace(/[\r\n]+$/, '') : value.trim();
};

/**
 * Brings the fields that a client wrote to their stored names and spelling. Only fields that are there come back, so it
 * serves for a partial change too; names that are no field of this source, or that only Foyer sets, are left out. The
 * API name wins over the name that the guides use.
 */
export const normaliseInput = (raw: Raw): Record<string, unknown> => {
  const normalised: Record<string, unknown> = {};
  for (const [rawName, value] of Object.entries(raw)) {
    const name = Object.hasOwn(renamed, rawName) ? (renamed[rawName] as string) : rawName;
    if (!writable.has(name) || value === undefined) continue;
    if (name !== rawName && raw[name] !== undefined) continue;
    normalised[name] = normaliseValue(name, value);
  }
  return normalised;
};

/** The defaults of the fields that a new source does not name. */
export const defaultSettings = (): Record<string, unknown> => ({
  authorize_url: '/oauth/authorize',
  token_url: '/oauth/token',
  token_method: 'post',
  auth_scheme: 'request_body',
  info_mappings: {},
  authorize_params: {},
  ensure_matching: {},
});

const isRecord = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

const readPairs = (value: unknown): Record<string, string> => {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
      .map(([name, text]) => [name.trim(), text.trim()]),
  );
};

const readLists = (value: unknown): Record<string, string[]> => {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.map(([name, item]) => [name.trim(), typeof item === 'string' ? [item] : strings(item)]),
  );
};

/**
 * Reads stored settings, under either name, with the defaults of absent fields. Never throws: a value of the wrong type
 * counts as absent.
 */
export const readSettings = (raw: Raw): OAuth2Settings => {
  const settings: Raw = { ...defaultSettings(), ...normaliseInput(raw) };
  const read = (name: string): string => {
    const value = settings[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    clientId: read('client_id'),
    clientSecret: read('client_secret'),
    nextClientSecret: read('next_client_secret'),
    site: read('site'),
    authorizeUrl: read('authorize_url'),
    tokenUrl: read('token_url'),
    tokenMethod: read('token_method') || 'post',
    authScheme: read('auth_scheme') || 'request_body',
    scope: read('scope'),
    rawInfoUrl: read('raw_info_url'),
    infoMappings: readPairs(settings.info_mappings),
    authorizeParams: readPairs(settings.authorize_params),
    ensureMatching: readLists(settings.ensure_matching),
    issuer: read('issuer'),
    pkce: settings.pkce !== false,
    allowedAlgs: strings(settings.allowed_algs),
    tidAllow: strings(settings.tid_allow).map((tid) => tid.trim().toLowerCase()),
    clientPrivateKey: read('client_private_key'),
    clientCertificate: read('client_certificate'),
    uidKey: typeof raw.uid_key === 'string' ? raw.uid_key : '',
  };
};

/** The scopes that are asked for; the source's own field wins over an authorize parameter (contract §1.9). */
export const scopeOf = (settings: OAuth2Settings): string =>
  settings.scope || settings.authorizeParams.scope || '';

export const hasScope = (settings: OAuth2Settings, scope: string): boolean =>
  scopeOf(settings).split(/\s+/).includes(scope);

/** OpenID Connect: a nonce is sent and the ID token is demanded and verified (S-06, S-07). */
export const isOidc = (settings: OAuth2Settings): boolean => hasScope(settings, 'openid');
