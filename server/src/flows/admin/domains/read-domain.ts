/** Wire fields of a domain become changes of the record, checked as far as they can be without the database. */

import type { Egress } from '#base/lib/egress/egress.ts';
import { type FieldFailure, isFoyerError } from '#base/lib/errors.ts';
import { signInPageUrl } from '#model/domains/default-source.ts';
import { canonicalHost } from '#model/domains/domain.ts';
import type { DomainChanges } from '#model/domains/domain-store.ts';
import { isEmail } from '#model/users/user.ts';
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
  warning_emails?: string[];
  warning_webhook_url?: string;
}

export const defaultUrls = { loginUrl: signInPageUrl, logoutUrl: '/auth/logout' };

/** The host of a URL or host name, lower-case, without port; `undefined` when it is none. */
const hostOf = (raw: string): string | undefined => {
  const text = raw.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? URL.parse(text) : undefined;
  if (url === null) return undefined;
  return canonicalHost(url ? url.host : text);
};

const webhookUrlOf = (egress: Pick<Egress, 'checkUrl'>, rawUrl: string): string | undefined => {
  try {
    return rawUrl.length <= 2048 ? egress.checkUrl(rawUrl).href : undefined;
  } catch (error) {
    if (isFoyerError(error)) return undefined;
    throw error;
  }
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
 * @param egress judges where warnings may be sent
 * @throws {FoyerError} `validation_failed`
 */
export const readDomainChanges = (
  body: DomainFields,
  currentHost: string | undefined,
  egress: Pick<Egress, 'checkUrl'>,
): DomainChanges => {
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
  const warningEmails = body.warning_emails?.map((each) => each.trim()).filter((each) => each !== '');
  if (warningEmails && (warningEmails.length > 20 || !warningEmails.every(isEmail))) {
    failures.push({ field: 'warning_emails', reason: 'must be at most twenty e-mail addresses' });
  }
  const rawWebhookUrl = body.warning_webhook_url?.trim();
  const warningWebhookUrl = rawWebhookUrl && webhookUrlOf(egress, rawWebhookUrl);
  if (rawWebhookUrl && warningWebhookUrl === undefined) {
    failures.push({
      field: 'warning_webhook_url',
      reason: 'must be an https address, or one that the operator of this server allows',
    });
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
    ...(warningEmails && { warningEmails: [...new Set(warningEmails)] }),
    ...(warningWebhookUrl !== undefined && { warningWebhookUrl }),
    ...(body.legacy && {
      legacy: {
        ...(body.legacy.embedded_apps !== undefined && { embeddedApps: body.legacy.embedded_apps }),
        ...(body.legacy.scripted_sign_in !== undefined && { scriptedSignIn: body.legacy.scripted_sign_in }),
      },
    }),
  };
};
