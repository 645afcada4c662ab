/** The About form's values out of a domain, and the changes that a form means. */
import type { DomainBody, DomainView } from '@foyer/contract/domains.ts';
import { jsonText, objectOf } from '#components/form/json-editor.tsx';

export type SignOutKind = 'page' | 'address' | 'custom';

export interface DomainValues {
  name: string;
  domain: string;
  description: string;
  email_domains: string[];
  password_sign_in: boolean;
  session_idle_seconds: number;
  session_absolute_seconds: number;
  sign_out: SignOutKind;
  logout_url: string;
  warning_emails: string[];
  warning_webhook_url: string;
  embedded_apps: boolean;
  scripted_sign_in: boolean;
  config: string;
  internals: string;
}

const signOutPath = '/auth/logout';
const landing = `${signOutPath}?continue=`;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Where people land is written into the address that ends their session. */
const signOutOf = (logoutUrl: string): Pick<DomainValues, 'sign_out' | 'logout_url'> => {
  if (logoutUrl === '' || logoutUrl === signOutPath) return { sign_out: 'page', logout_url: '' };
  if (logoutUrl.startsWith(landing)) {
    return { sign_out: 'address', logout_url: decode(logoutUrl.slice(landing.length)) };
  }
  return { sign_out: 'custom', logout_url: '' };
};

export const valuesOf = (domain: DomainView): DomainValues => ({
  name: domain.name,
  domain: domain.domain,
  description: domain.description,
  email_domains: domain.email_domains,
  password_sign_in: domain.password_sign_in,
  session_idle_seconds: domain.session_idle_seconds,
  session_absolute_seconds: domain.session_absolute_seconds,
  ...signOutOf(domain.logout_url),
  warning_emails: domain.warning_emails,
  warning_webhook_url: domain.warning_webhook_url,
  embedded_apps: domain.legacy.embedded_apps === true,
  scripted_sign_in: domain.legacy.scripted_sign_in === true,
  config: jsonText(domain.config),
  internals: domain.internals === undefined ? '{}' : jsonText(domain.internals),
});

export const isLandingAddress = (text: string): boolean =>
  (/^https?:\/\/[^/\s]/i.test(text) && URL.canParse(text)) || /^\/(?![/\\])/.test(text);

const logoutUrlOf = (values: DomainValues, before: DomainView): string => {
  if (values.sign_out === 'custom') return before.logout_url;
  return values.sign_out === 'page'
    ? signOutPath
    : `${landing}${encodeURIComponent(values.logout_url.trim())}`;
};

const bodyOf = (values: DomainValues, before: DomainView): DomainBody => ({
  name: values.name,
  domain: values.domain,
  description: values.description,
  email_domains: values.email_domains,
  password_sign_in: values.password_sign_in,
  session_idle_seconds: values.session_idle_seconds,
  session_absolute_seconds: values.session_absolute_seconds,
  logout_url: logoutUrlOf(values, before),
  warning_emails: values.warning_emails,
  warning_webhook_url: values.warning_webhook_url.trim(),
  legacy: {
    ...before.legacy,
    embedded_apps: values.embedded_apps,
    scripted_sign_in: values.scripted_sign_in,
  },
  config: objectOf(values.config) ?? {},
  ...(before.internals !== undefined && { internals: objectOf(values.internals) ?? {} }),
});

/** Only what was changed, so that what others change beside it stays theirs. */
export const changesOf = (values: DomainValues, before: DomainView): DomainBody => {
  const old = bodyOf(valuesOf(before), before) as Record<string, unknown>;
  const changed = Object.entries(bodyOf(values, before)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]),
  );
  return Object.fromEntries(changed);
};
