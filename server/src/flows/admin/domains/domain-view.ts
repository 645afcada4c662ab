import { unixSeconds } from '#base/lib/clock.ts';
import type { Domain } from '#model/domains/domain.ts';

/** A domain without what only administrators of the installation see (S-52). */
export const publicDomain = (domain: Domain) => ({
  id: domain.id,
  name: domain.name,
  description: domain.description,
  domain: domain.host,
  login_url: domain.loginUrl,
  logout_url: domain.logoutUrl,
  email_domains: domain.emailDomains,
  config: domain.config,
  password_sign_in: domain.passwordSignIn,
  session_idle_seconds: domain.sessionIdleSeconds,
  session_absolute_seconds: domain.sessionAbsoluteSeconds,
  legacy: {
    ...(domain.legacy.embeddedApps !== undefined && { embedded_apps: domain.legacy.embeddedApps }),
    ...(domain.legacy.scriptedSignIn !== undefined && { scripted_sign_in: domain.legacy.scriptedSignIn }),
  },
  warning_emails: domain.warningEmails,
  warning_webhook_url: domain.warningWebhookUrl,
  created_at: unixSeconds(domain.createdAt),
  updated_at: unixSeconds(domain.updatedAt),
});

export const domainView = (domain: Domain, viewer: { platformAdmin: boolean }) => ({
  ...publicDomain(domain),
  ...(viewer.platformAdmin && { internals: domain.internals }),
});
