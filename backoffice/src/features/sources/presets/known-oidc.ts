/** OpenID Connect providers whose addresses follow from their host: Okta, Auth0, Keycloak. */
import {
  type Answers,
  type Filling,
  fromAnswer,
  oidcMappings,
  ownFields,
  type Preset,
  type PresetName,
  type PresetResult,
  pairs,
  type QuestionName,
  standard,
} from './preset.ts';
import { readWebAddress, trimSlash } from './web-address.ts';

interface Addresses {
  site: string;
  issuer: string;
  authorize: string;
  token: string;
  profile: string;
}

const none: Addresses = { site: '', issuer: '', authorize: '', token: '', profile: '' };

const fieldsOf = (
  answers: Answers,
  question: QuestionName,
  name: string,
  scope: string,
  addresses: Addresses,
): Filling => ({
  ...ownFields(answers),
  name: standard(name),
  site: fromAnswer(question, addresses.site),
  scope: standard(scope),
  token_method: standard('post'),
  auth_scheme: standard('request_body'),
  token_url: fromAnswer(question, addresses.token),
  authorize_url: fromAnswer(question, addresses.authorize),
  raw_info_url: fromAnswer(question, addresses.profile),
  info_mappings: standard(pairs(oidcMappings)),
  issuer: fromAnswer(question, addresses.issuer),
});

const vendor = (
  name: PresetName,
  title: string,
  scope: string,
  question: QuestionName,
  read: (url: URL) => Addresses | undefined,
  problem: 'not_a_host' | 'url_without_realm',
): Preset => ({
  name,
  questions: [{ name: question }, { name: 'client_id' }, { name: 'client_secret', secret: true }],
  fill(answers): PresetResult {
    const raw = answers[question] ?? '';
    const url = readWebAddress(raw);
    const addresses = url && read(url);
    const isWrong = raw.trim() !== '' && addresses === undefined;
    return {
      fields: fieldsOf(answers, question, title, scope, addresses ?? none),
      problems: isWrong ? { [question]: url === undefined ? 'not_a_web_address' : problem } : {},
    };
  },
});

const withRefresh = 'openid profile email offline_access';

/** The organisation's own server, or a custom one (`/oauth2/default`). Its admin console has `-admin` in its name. */
export const okta = vendor(
  'okta',
  'Okta',
  withRefresh,
  'okta_domain',
  (url) => {
    const origin = url.origin.replace(/-admin\.(okta|oktapreview|okta-emea)\.com$/, '.$1.com');
    const server = /^\/oauth2\/([A-Za-z0-9]+)(?:\/|$)/.exec(url.pathname)?.[1];
    const custom = server === undefined || server === 'v1' ? undefined : server;
    const base = custom === undefined ? `${origin}/oauth2` : `${origin}/oauth2/${custom}`;
    return {
      site: origin,
      issuer: custom === undefined ? origin : base,
      authorize: `${base}/v1/authorize`,
      token: `${base}/v1/token`,
      profile: `${base}/v1/userinfo`,
    };
  },
  'not_a_host',
);

/** The slash at the issuer's end is part of it. */
export const auth0 = vendor(
  'auth0',
  'Auth0',
  withRefresh,
  'auth0_domain',
  ({ origin }) => ({
    site: origin,
    issuer: `${origin}/`,
    authorize: `${origin}/authorize`,
    token: `${origin}/oauth/token`,
    profile: `${origin}/userinfo`,
  }),
  'not_a_host',
);

/** Any address of the realm, its admin console included. */
export const keycloak = vendor(
  'keycloak',
  'Keycloak',
  withRefresh,
  'realm_url',
  (url) => {
    const path = trimSlash(url.pathname);
    const realm = /^((?:\/[^/]+)*?)\/realms\/([^/]+)/.exec(path);
    const adminConsole = /^((?:\/[^/]+)*?)\/admin\/([^/]+)\/console/.exec(path);
    const inHash = adminConsole && /^#\/([^/]+)/.exec(url.hash)?.[1];
    const [prefix, name] = realm ? [realm[1], realm[2]] : [adminConsole?.[1], inHash ?? adminConsole?.[2]];
    if (name === undefined) return undefined;
    const issuer = `${url.origin}${prefix ?? ''}/realms/${name}`;
    const base = `${issuer}/protocol/openid-connect`;
    return {
      site: url.origin,
      issuer,
      authorize: `${base}/auth`,
      token: `${base}/token`,
      profile: `${base}/userinfo`,
    };
  },
  'url_without_realm',
);
