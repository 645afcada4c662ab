/**
 * The one reading of a URL that an administrator typed or a provider sent (S-103), without any look-up.
 * The parsed value is what is stored and used; addresses behind names are judged when connecting.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type Destination, type EgressPolicy, isAddressAllowed, isHostNamed } from './egress-rules.ts';

/** Coarse on purpose: it is shown to administrators and must not map the operator's network. */
export type UrlRefusal = 'malformed' | 'scheme' | 'userinfo' | 'port' | 'address';

export type UrlJudgement = { ok: true; url: URL; to: Destination } | { ok: false; reason: UrlRefusal };

const maxUrlLength = 8192;
// Two slashes are demanded: `http:127.0.0.1/t` is relative against an http base and absolute without one.
const absolute = /^ *https?:\/\/[^/]/i;
// The WHATWG parser drops tabs and newlines and reads `\` as `/`; nobody means that in a URL typed by hand.
const treacherous = /[\u0000-\u001f\u007f\\]/;

const refuse = (reason: UrlRefusal): UrlJudgement => ({ ok: false, reason });

const portOf = (url: URL): number => {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
};

/** Host as the policy compares it: no brackets, no trailing dot. */
const bareHost = (url: URL): string => {
  if (url.hostname.startsWith('[')) return url.hostname.slice(1, -1);
  return url.hostname;
};

const isName = (host: string): boolean =>
  host.length > 0 && host.length <= 253 && !host.startsWith('.') && !host.includes('..');

const isLoopbackName = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');

/** Parses once, with no base URL, and says whether the policy lets this URL be used at all. */
export const judgeUrl = (policy: EgressPolicy, rawUrl: string): UrlJudgement => {
  if (rawUrl.length > maxUrlLength || treacherous.test(rawUrl)) return refuse('malformed');
  if (!absolute.test(rawUrl)) return refuse(/^ *[a-z][a-z0-9+.-]*:/i.test(rawUrl) ? 'scheme' : 'malformed');
  const url = URL.parse(rawUrl);
  if (url === null) return refuse('malformed');
  if (url.username !== '' || url.password !== '') return refuse('userinfo');
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);

  const to: Destination = { host: bareHost(url), port: portOf(url), secure: url.protocol === 'https:' };
  if (isIP(to.host) !== 0) {
    if (isAddressAllowed(policy, to, ipaddr.parse(to.host))) return { ok: true, url, to };
    return refuse('address');
  }
  if (!isName(to.host)) return refuse('malformed');
  if (to.secure && policy.ports.has(to.port) && !isLoopbackName(to.host)) return { ok: true, url, to };
  if (isHostNamed(policy, to)) return { ok: true, url, to };
  if (!to.secure) return refuse('scheme');
  return refuse(isLoopbackName(to.host) ? 'address' : 'port');
};
