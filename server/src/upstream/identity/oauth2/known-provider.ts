/**
 * @module Which issuer a source's ID tokens must come from, as far as its settings tell without asking anybody.
 *
 * An explicit `issuer` decides. Without one, Microsoft Entra is known by its token address (of any host, so that a
 * private cloud or an emulator counts), Azure AD B2C, Entra External ID and Google by their hosts. Everyone else is
 * unknown: what an ID token says is then believed only when the issuer's own discovery document names this source's
 * token address (`provider-metadata.ts`).
 */
import { peekUrl, resolveUrls, type SourceUrls } from './resolve-url.ts';
import { type OAuth2Settings, readSettings } from './settings.ts';

/** The tenant that holds every personal Microsoft account. */
const consumersTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';
const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const isGuid = new RegExp(`^${guid}$`);
const wellKnown = '/.well-known/openid-configuration';

/** Microsoft's sign-in hosts, and the hosts that their ID tokens name as issuer: of v2.0 and of the older endpoints. */
const microsoftHosts: ReadonlyMap<string, { v2: string; v1: string }> = new Map([
  ['login.microsoftonline.com', { v2: 'login.microsoftonline.com', v1: 'sts.windows.net' }],
  ['login.microsoft.com', { v2: 'login.microsoftonline.com', v1: 'sts.windows.net' }],
  ['login.windows.net', { v2: 'login.microsoftonline.com', v1: 'sts.windows.net' }],
  ['login.microsoftonline.us', { v2: 'login.microsoftonline.us', v1: 'sts.windows.net' }],
  [
    'login.partner.microsoftonline.cn',
    { v2: 'login.partner.microsoftonline.cn', v1: 'sts.chinacloudapi.cn' },
  ],
  ['login.chinacloudapi.cn', { v2: 'login.partner.microsoftonline.cn', v1: 'sts.chinacloudapi.cn' }],
]);

export interface KnownProvider {
  /** For Entra the rules about `tid`, `oid` and e-mail addresses apply (S-30). */
  family: 'entra' | 'google' | 'other';
  /** The only issuer, when it is known beforehand. */
  issuer: string | undefined;
  /** Other spellings of `issuer` that the provider uses. */
  aliases: readonly string[];
  /** Where only the discovery document or the token names the issuer: what it must look like. */
  issuerPattern: RegExp | undefined;
  /** One issuer per tenant, filled in by the token: only tenants of the allow-list may sign in. */
  anyTenant: boolean;
  /** Absent when everything is known without it. */
  discoveryUrl: string | undefined;
  keysUrl: string | undefined;
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const provider = (known: Partial<KnownProvider>): KnownProvider => ({
  family: 'other',
  issuer: undefined,
  aliases: [],
  issuerPattern: undefined,
  anyTenant: false,
  discoveryUrl: undefined,
  keysUrl: undefined,
  ...known,
});

/** @param version of the endpoints; their paths and issuers differ */
const entra = (origin: string, rawTenant: string, version: 'v1' | 'v2'): KnownProvider => {
  const issuerHost = microsoftHosts.get(new URL(origin).hostname)?.[version];
  const base = issuerHost === undefined ? origin : `https://${issuerHost}`;
  const folder = version === 'v2' ? '/v2.0' : '';
  const end = version === 'v2' ? '/v2.0' : '/';
  const tenant = rawTenant.toLowerCase();
  const issuerPattern = new RegExp(`^${literal(base)}\\/${guid}${literal(end)}$`);
  const keysUrl = `${origin}/${rawTenant}/discovery${folder}/keys`;
  if (tenant === 'common' || tenant === 'organizations') {
    return provider({ family: 'entra', issuerPattern, anyTenant: true, keysUrl });
  }
  const id = tenant === 'consumers' ? consumersTenant : tenant;
  if (isGuid.test(id)) return provider({ family: 'entra', issuer: `${base}/${id}${end}`, keysUrl });
  // A tenant by the name of its domain: the document says which one it is.
  return provider({
    family: 'entra',
    issuerPattern,
    discoveryUrl: `${origin}/${rawTenant}${folder}${wellKnown}`,
  });
};

const b2c = (authorize: URL): KnownProvider | undefined => {
  const path = /^\/([^/]+)\/(?:([^/]+)\/)?oauth2\/v2\.0\/authorize$/.exec(authorize.pathname);
  if (path === null) return undefined;
  const [, tenant = '', policyInPath] = path;
  const policy = policyInPath ?? authorize.searchParams.get('p');
  if (policy === null) return undefined;
  const folder = policyInPath === undefined ? `/${tenant}` : `/${tenant}/${policy}`;
  const query = policyInPath === undefined ? `?p=${encodeURIComponent(policy)}` : '';
  const origin = literal(authorize.origin);
  return provider({
    issuerPattern: new RegExp(`^${origin}\\/(?:tfp\\/)?${guid}\\/(?:${literal(policy)}\\/)?v2\\.0\\/$`, 'i'),
    discoveryUrl: `${authorize.origin}${folder}/v2.0${wellKnown}${query}`,
  });
};

const fromUrls = (urls: SourceUrls): KnownProvider | undefined => {
  const authorize = peekUrl(urls.authorize);
  const token = peekUrl(urls.token);
  if (authorize === undefined || token === undefined) return undefined;
  if (authorize.hostname.endsWith('.b2clogin.com')) return b2c(authorize);
  if (authorize.hostname === 'accounts.google.com') {
    return provider({
      family: 'google',
      issuer: 'https://accounts.google.com',
      aliases: ['accounts.google.com'],
      keysUrl: 'https://www.googleapis.com/oauth2/v3/certs',
    });
  }
  const [, tenant, v2] = /^\/([^/]+)\/oauth2\/(v2\.0\/)?token$/.exec(token.pathname) ?? [];
  if (tenant === undefined) return undefined;
  if (token.hostname.endsWith('.ciamlogin.com')) {
    return provider({
      family: 'entra',
      issuerPattern: new RegExp(`^https:\\/\\/(${guid})\\.ciamlogin\\.com\\/\\1\\/v2\\.0$`),
      discoveryUrl: `${token.origin}/${tenant}/v2.0${wellKnown}`,
    });
  }
  if (v2 !== undefined) return entra(token.origin, tenant, 'v2');
  // Without the version in it, this path is anybody's.
  return microsoftHosts.has(token.hostname) ? entra(token.origin, tenant, 'v1') : undefined;
};

const fromIssuer = (rawIssuer: string, urls: SourceUrls): KnownProvider => {
  const isDocument = rawIssuer.endsWith(wellKnown);
  const issuer = isDocument ? rawIssuer.slice(0, -wellKnown.length) : rawIssuer;
  const url = peekUrl(issuer);
  const tenant = /^\/([^/]+)\/v2\.0$/.exec(url?.pathname ?? '')?.[1];
  if (url !== undefined && tenant !== undefined) {
    const ownToken = peekUrl(urls.token)?.href === `${url.origin}/${tenant}/oauth2/v2.0/token`;
    if (ownToken || microsoftHosts.has(url.hostname)) return entra(url.origin, tenant, 'v2');
  }
  return provider({
    // The address of a document does not tell whether its issuer ends in a slash.
    ...(isDocument ? { issuerPattern: new RegExp(`^${literal(issuer)}\\/?$`) } : { issuer }),
    discoveryUrl: `${issuer.replace(/\/$/, '')}${wellKnown}`,
  });
};

/** What is known about the provider's issuer; `undefined` when nothing is. */
export const findKnownProvider = (settings: OAuth2Settings): KnownProvider | undefined => {
  const urls = resolveUrls(settings);
  return settings.issuer === '' ? fromUrls(urls) : fromIssuer(settings.issuer, urls);
};

/** The tenant in an Entra issuer. */
export const tenantOf = (issuer: string): string | undefined =>
  new RegExp(`\\/(${guid})\\/(?:v2\\.0)?$`).exec(issuer)?.[1];

/** Whose vocabulary the provider's errors speak, for the diagnosis. @param raw settings under their wire names */
export const providerHintOf = (
  raw: Readonly<Record<string, unknown>>,
): 'microsoft' | 'google' | undefined => {
  const settings = readSettings(raw);
  const family = findKnownProvider(settings)?.family;
  if (family === 'entra' || settings.authorizeUrl.includes('.b2clogin.com')) return 'microsoft';
  return family === 'google' ? 'google' : undefined;
};
