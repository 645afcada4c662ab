/** Wire fields of a domain become changes of the record, checked as far as they can be without the database. */

import type { FieldFailure } from '#base/lib/errors.ts';
import { signInPageUrl } from '#model/domains/default-source.ts';
import { canonicalHost } from '#model/domains/domain.ts';
import type { DomainChanges } from '#model/domains/domain-store.ts';
import { plainName, reasons, refuseFailures } from '../assign.ts';
import { templateFlaw } from './url-template.ts';

/** A domain as a body has it, every member of the right type. */
export interface DomainFields {
  name?: string;
  description?: string;
  domain?: string;
  login_url?: string;
  logout_url?: string;
  email_domains?: string[];
  config?: Record<string, unknown>;
  internals?: Record<string, unknown>;
  password_sign_in?: boolean;
  session_idle_seconds?: number;
  session_absolute_seconds?: number;
  legacy?: { embedded_apps?: boolean; scripted_sign_in?: boolean };
}

export const defaultUrls = { loginUrl: signInPageUrl, logoutUrl: '/auth/logout' };

/** The host of a URL or host name, lower-case, without port; `undefined` when it is none. */
const hostOf = (raw: string): string | undefined => {
  const text = raw.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? URL.parse(text) : undefined;
  if (url === null) return undefined;
  return canonicalHost(url ? url.host : text);
};

const emailDomain = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/** PlaceOS keeps the session's length among the internals, in minutes. */
const sessionTimeoutOf = (internals: Record<string, unknown> | undefined): number | undefined => {
  const minutes = Number(internals?.session_timeout);
  return internals?.session_timeout !== '' && Number.isFinite(minutes) && minutes >= 1
    ? Math.min(Math.round(minutes * 60), 31_536_000)
    : undefined;
};

/**
 * @param currentHost the host that URLs are judged by, unless the body changes it
 * @throws {FoyerError} `validation_failed`
 */
export const readDomainChanges = (body: DomainFields, currentHost: string | undefined): DomainChanges => {
  const failures: FieldFailure[] = [];
  const host = body.domain === undefined ? undefined : hostOf(body.domain);
  if (body.domain !== undefined && host === undefined) {
    failures.push({ field: 'domain', reason: 'is not a host name' });
  }
  const judgedHost = host ?? currentHost ?? '';
  const urlOf = (field: 'login_url' | 'logout_url', fallback: string): string | undefined => {
    const raw = body[field]?.trim();
    // A blank login URL makes the client reload its page for ever.
    if (raw === undefined || raw === '') return raw === '' ? fallback : undefined;
    const flaw = templateFlaw(raw, judgedHost);
    if (flaw) failures.push({ field, reason: flaw });
    return raw;
  };
  const loginUrl = urlOf('login_url', defaultUrls.loginUrl);
  const logoutUrl = urlOf('logout_url', defaultUrls.logoutUrl);
  const emailDomains = body.email_domains?.map((each) => each.trim().toLowerCase().replace(/^@/, ''));
  if (emailDomains?.some((each) => !emailDomain.test(each) || each.length > 253)) {
    failures.push({ field: 'email_domains', reason: 'must be domains of e-mail addresses' });
  }
  const name = body.name === undefined ? undefined : plainName(body.name);
  if (name === '') failures.push({ field: 'name', reason: reasons.required });
  refuseFailures(failures);
  const timeout = sessionTimeoutOf(body.internals);
  const idle = body.session_idle_seconds ?? timeout;
  const absolute = body.session_absolute_seconds ?? timeout;
  return {
    ...(name !== undefined && { name }),
    ...(body.description !== undefined && { description: body.description }),
    ...(host !== undefined && { host }),
    ...(loginUrl !== undefined && { loginUrl }),
    ...(logoutUrl !== undefined && { logoutUrl }),
    ...(emailDomains && { emailDomains: [...new Set(emailDomains)] }),
    ...(body.config && { config: body.config }),
    ...(body.internals && { internals: body.internals }),
    ...(body.password_sign_in !== undefined && { passwordSignIn: body.password_sign_in }),
    ...(idle !== undefined && { sessionIdleSeconds: idle }),
    ...(absolute !== undefined && { sessionAbsoluteSeconds: absolute }),
    ...(body.legacy && {
      legacy: {
        ...(body.legacy.embedded_apps !== undefined && { embeddedApps: body.legacy.embedded_apps }),
        ...(body.legacy.scripted_sign_in !== undefined && { scriptedSignIn: body.legacy.scripted_sign_in }),
      },
    }),
  };
};
