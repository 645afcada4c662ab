/**
 * @module What a provider says of itself, from whatever an administrator has at hand: an issuer, a discovery document, a
 * Microsoft tenant's id or domain, or any address of Entra.
 */
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { isGuid } from './check-credentials.ts';
import { fetchDocument } from './fetch-document.ts';
import { findKnownProvider, tenantOf } from './known-provider.ts';
import { mismatch } from './provider-metadata.ts';
import { peekUrl, resolveUrls } from './resolve-url.ts';
import type { OAuth2Settings } from './settings.ts';

const wellKnown = '/.well-known/openid-configuration';
const microsoft = 'https://login.microsoftonline.com';
const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const entraHost =
  /(?:^|\.)(?:microsoftonline\.(?:com|us)|windows\.net|microsoft\.(?:com|us)|azure\.(?:com|us)|chinacloudapi\.cn|microsoftonline\.cn)$/;

export interface ProviderDocument {
  issuer: string;
  authorize_url: string;
  token_url: string;
  raw_info_url?: string;
  scopes: string[];
  auth_schemes: string[];
  tenant_id?: string;
}

const strings = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string' && each.length <= 200).slice(0, 100)
    : [];

const address = (document: Record<string, unknown>, name: string): string => {
  const value = document[name];
  return typeof value === 'string' && value.length <= 2_048 && URL.canParse(value) ? value : '';
};

/** Our names of the ways in which a client proves itself. */
const schemeOf: Readonly<Record<string, string>> = {
  client_secret_post: 'request_body',
  client_secret_basic: 'basic_auth',
  private_key_jwt: 'private_key_jwt',
  tls_client_auth: 'tls_client_auth',
};

/** @throws {FoyerError} `upstream_invalid`, and what the egress throws */
export const readProviderDocument = async (tools: SourceTools, url: string): Promise<ProviderDocument> => {
  const document = await fetchDocument(tools, url, 'discovery');
  const issuer = address(document, 'issuer');
  const authorizeUrl = address(document, 'authorization_endpoint');
  const tokenUrl = address(document, 'token_endpoint');
  if (issuer === '' || authorizeUrl === '' || tokenUrl === '') {
    throw new FoyerError('upstream_invalid', { detail: 'no endpoints', evidence: { step: 'discovery' } });
  }
  const profileUrl = address(document, 'userinfo_endpoint');
  // RFC 8414 §2: what is not said is client_secret_basic.
  const methods = strings(document.token_endpoint_auth_methods_supported ?? ['client_secret_basic']);
  const tenant = tenantOf(issuer);
  return {
    issuer,
    authorize_url: authorizeUrl,
    token_url: tokenUrl,
    ...(profileUrl !== '' && { raw_info_url: profileUrl }),
    scopes: strings(document.scopes_supported),
    auth_schemes: methods.flatMap((method) => schemeOf[method] ?? []),
    ...(tenant !== undefined && entraHost.test(new URL(issuer).hostname) && { tenant_id: tenant }),
  };
};

/** Where the document of a source's provider is, if it has one that is known. */
export const discoveryUrlOf = (settings: OAuth2Settings): string | undefined => {
  const known = findKnownProvider(settings);
  if (known?.discoveryUrl !== undefined) return known.discoveryUrl;
  if (known?.family === 'google') return `https://accounts.google.com${wellKnown}`;
  const token = known?.family === 'entra' ? peekUrl(resolveUrls(settings).token) : undefined;
  const [, tenant, version] = /^\/([^/]+)\/oauth2\/(v2\.0\/)?token$/.exec(token?.pathname ?? '') ?? [];
  if (token === undefined || tenant === undefined) return undefined;
  return `${token.origin}/${tenant}${version === undefined ? '' : '/v2.0'}${wellKnown}`;
};

/** The tenant in an address of Entra: in its path, or behind the # of its portals. */
const tenantIn = (url: URL): string | undefined => {
  const [first = ''] = url.pathname.split('/').filter((part) => part !== '');
  const isTenant = (text: string): boolean =>
    isGuid(text) || hostName.test(text) || ['common', 'organizations', 'consumers'].includes(text);
  if (isTenant(first)) return first;
  const inHash = /(?:#@|tenant(?:Id)?[/=])([0-9a-z.-]+)/i.exec(`${url.search}${url.hash}`)?.[1];
  return inHash !== undefined && isTenant(inHash) ? inHash : undefined;
};

const tenantDocument = (tenant: string, origin = microsoft): string =>
  `${origin}/${tenant.toLowerCase()}/v2.0${wellKnown}`;

/** Addresses of documents to try, in order. */
const candidates = (raw: string): string[] => {
  const text = raw.trim();
  if (isGuid(text)) return [tenantDocument(text)];
  // A person's address names their domain.
  const domain = text.slice(text.lastIndexOf('@') + 1);
  if (hostName.test(domain)) return [tenantDocument(domain), `https://${domain}${wellKnown}`];
  const url = /^https?:\/\//i.test(text) ? peekUrl(text) : peekUrl(`https://${text}`);
  if (url === undefined) return [];
  const tenant = entraHost.test(url.hostname) ? tenantIn(url) : undefined;
  if (tenant !== undefined) {
    const signIn = url.hostname.startsWith('login.') ? url.origin : microsoft;
    return [tenantDocument(tenant, signIn)];
  }
  const base = `${url.origin}${url.pathname}${url.search}`;
  return [url.pathname.endsWith(wellKnown) ? base : `${base.replace(/\/+$/, '')}${wellKnown}`];
};

const checkIssuer = (document: ProviderDocument, url: string): ProviderDocument => {
  // A tenant is asked for by any of its names, and answers with its id; B2C has another path in its issuer.
  const isMicrosoft =
    /\.(?:b2clogin|ciamlogin)\.com$/.test(new URL(url).hostname) || entraHost.test(new URL(url).hostname);
  const expected = url.slice(0, url.indexOf(wellKnown)).replace(/\/$/, '');
  if (isMicrosoft || document.issuer.replace(/\/$/, '') === expected) return document;
  throw mismatch('the discovery document names another issuer');
};

/**
 * @throws {FoyerError} `validation_failed` when the text names nothing that could be asked; `issuer_mismatch` (S-11),
 *   `upstream_invalid`, `source_unavailable`, and what the egress throws
 */
export const discoverProvider = async (rawText: string, tools: SourceTools): Promise<ProviderDocument> => {
  const urls = candidates(rawText);
  let lastError: unknown = new FoyerError('validation_failed', { detail: 'neither a tenant nor an issuer' });
  for (const url of urls) {
    try {
      return checkIssuer(await readProviderDocument(tools, url), url);
    } catch (error) {
      if (!isFoyerError(error)) throw error;
      lastError = error;
    }
  }
  throw lastError;
};
