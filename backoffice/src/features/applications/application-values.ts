/** The form of an application, and what is sent of it. */
import type { ApplicationBody } from '@foyer/contract/applications.ts';
import type { Application } from './api.ts';

export const legacySwitches = ['implicit', 'password', 'no_pkce', 'query_secrets'] as const;
export type LegacySwitch = (typeof legacySwitches)[number];

export interface ApplicationValues {
  name: string;
  /** One address a line. */
  redirect_uri: string;
  scopes: string[];
  confidential: 'public' | 'confidential';
  consent: 'ask' | 'trusted';
  preserve_client_id: boolean;
  implicit: boolean;
  password: boolean;
  no_pkce: boolean;
  query_secrets: boolean;
}

const split = (text: string): string[] => text.split(/\s+/).filter((each) => each !== '');

export const newValues: ApplicationValues = {
  name: '',
  redirect_uri: '',
  scopes: ['public'],
  confidential: 'public',
  consent: 'ask',
  preserve_client_id: false,
  implicit: false,
  password: false,
  no_pkce: false,
  query_secrets: false,
};

export const valuesOf = (application: Application): ApplicationValues => ({
  name: application.name,
  redirect_uri: split(application.redirect_uri).join('\n'),
  scopes: split(application.scopes),
  confidential: application.confidential ? 'confidential' : 'public',
  consent: application.skip_authorization ? 'trusted' : 'ask',
  preserve_client_id: false,
  implicit: application.legacy?.implicit ?? false,
  password: application.legacy?.password ?? false,
  no_pkce: application.legacy?.no_pkce ?? false,
  query_secrets: application.legacy?.query_secrets ?? false,
});

export const bodyOf = (values: ApplicationValues): ApplicationBody => ({
  name: values.name,
  redirect_uri: split(values.redirect_uri).join(' '),
  scopes: values.scopes.join(' '),
  confidential: values.confidential === 'confidential',
  skip_authorization: values.consent === 'trusted',
  legacy: Object.fromEntries(legacySwitches.map((each) => [each, values[each]])),
});

/** The client id is made from the first redirect URI, so it changes with it. */
export const changesClientId = (before: string, values: ApplicationValues): boolean =>
  split(before)[0] !== split(values.redirect_uri)[0];

export type RedirectFlaw = 'none' | 'not_a_url' | 'fragment' | 'scheme' | 'credentials';

export interface FlawedRedirect {
  flaw: RedirectFlaw;
  uri: string;
}

const flawOf = (uri: string): RedirectFlaw | undefined => {
  const url = URL.parse(uri);
  if (!url || uri.includes('\\')) return 'not_a_url';
  if (uri.includes('#')) return 'fragment';
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    if (!/^https?:\/\/[^/]/i.test(uri)) return 'not_a_url';
    return url.username === '' && url.password === '' ? undefined : 'credentials';
  }
  // Schemes of native apps are named like a domain backwards. @see RFC 8252 §7.1
  return url.protocol.includes('.') ? undefined : 'scheme';
};

/** The first address that the server would refuse. */
export const findRedirectFlaw = (text: string): FlawedRedirect | undefined => {
  const uris = split(text);
  if (uris.length === 0) return { flaw: 'none', uri: '' };
  for (const uri of uris) {
    const flaw = flawOf(uri);
    if (flaw) return { flaw, uri };
  }
  return undefined;
};
