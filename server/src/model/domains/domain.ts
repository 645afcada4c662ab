/** A domain: one host name, its people, sources and applications. PlaceOS calls it an authority. */
import type { DomainId } from '#base/lib/ids.ts';

export type { DomainId };

/** Weak behaviours that an old client may need; each off by default, shown in the console and audited. */
export interface DomainLegacy {
  /** Session cookie with SameSite=None, for apps embedded in a foreign page. */
  embeddedApps?: boolean;
  /** `POST /auth/signin` without Origin and Sec-Fetch-Site headers, for scripts. */
  scriptedSignIn?: boolean;
}

export interface Domain {
  id: DomainId;
  name: string;
  description: string;
  /** Lower-case host name without port. */
  host: string;
  /** With `{{url}}` in place of the percent-encoded URL to come back to. */
  loginUrl: string;
  logoutUrl: string;
  emailDomains: string[];
  config: Record<string, unknown>;
  internals: Record<string, unknown>;
  passwordSignIn: boolean;
  sessionIdleSeconds: number;
  sessionAbsoluteSeconds: number;
  legacy: DomainLegacy;
  /** Who is told before a secret of a source ends. */
  warningEmails: string[];
  /** Gets the same warnings as JSON; '' when there is none. */
  warningWebhookUrl: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Lower-cases, drops the port and one trailing dot; `undefined` when it is no host name or address. */
export const canonicalHost = (raw: string): string | undefined => {
  const text = raw.trim().toLowerCase();
  const bare = text.startsWith('[') ? text.replace(/\](?::\d+)?$/, ']') : text.replace(/:\d+$/, '');
  const host = bare.endsWith('.') ? bare.slice(0, -1) : bare;
  if (host.length > 253) return undefined;
  if (/^\[[0-9a-f:.]+\]$/.test(host)) return host;
  return /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/.test(host)
    ? host
    : undefined;
};
