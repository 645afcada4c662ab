/**
 * @module A sign-in that is under way at its provider. Nothing of it is stored: it travels, sealed, in a cookie of the
 * browser that began it. The cookie is named after the state and opens with nothing but the whole state, so several
 * flows go on side by side, and a state of another browser finds none (S-01, S-24).
 */
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import { randomBytes, sha256Base64Url } from '#base/lib/ids.ts';
import { openWith, type SealedPlace, type SecretKey, sealWith } from '#base/lib/secret-box.ts';

export interface Flow {
  sourceId: SourceId;
  sourceVersion: number;
  /** Where the browser goes afterwards; already resolved (S-14). */
  continueTo: string;
  redirectUri: string;
  nonce: string;
  codeVerifier: string;
  createdAtMs: number;
  /** Set when a signed-in person connects a further source to their account (S-33). */
  link?: { userId: UserId; sessionPublicId: string };
}

/** The random values of a new flow: 192 bits of state and nonce, 256 bits of PKCE verifier. */
export const newFlowSecrets = (): { state: string; nonce: string; codeVerifier: string } => {
  const bytes = randomBytes(80);
  return {
    state: bytes.toString('base64url', 0, 24),
    nonce: bytes.toString('base64url', 24, 48),
    codeVerifier: bytes.toString('base64url', 48, 80),
  };
};

const lifeMs = 10 * 60_000;
/** Clocks of two nodes may differ by as much. */
const skewMs = 60_000;
const prefix = 'foyer_flow_';

/** Browsers are told to keep the cookie longer than the flow lives, so that a late return hears why it is refused. */
export const flowCookieMaxAgeSeconds = 3_600;
export const maxFlows = 10;
/** All flow cookies together; request headers are limited to 16 KiB. */
const maxFlowBytes = 9_000;

export const isState = (rawState: string): boolean => /^[A-Za-z0-9_-]{32}$/.test(rawState);

export const flowCookieName = (state: string, secure: boolean): string =>
  `${secure ? '__Host-' : ''}${prefix}${sha256Base64Url(state).slice(0, 8)}`;

const place = (domainId: DomainId, cookieName: string, state: string): SealedPlace => ({
  domainId,
  table: 'cookie',
  column: cookieName,
  rowId: state,
});

// The state is half of the place, so the age must be readable without it: it stands in front, for evicting only.
export const sealFlow = (
  key: SecretKey,
  domainId: DomainId,
  cookieName: string,
  state: string,
  flow: Flow,
): string =>
  `${flow.createdAtMs.toString(36)}.${sealWith(key, 1, place(domainId, cookieName, state), JSON.stringify(flow)).toString('base64url')}`;

/** The flow in a cookie's value, or `undefined` when it is not of this domain and state. */
export const openFlow = (
  key: SecretKey,
  domainId: DomainId,
  cookieName: string,
  state: string,
  rawCookie: string | undefined,
): Flow | undefined => {
  if (rawCookie === undefined || rawCookie.length > 4_096) return undefined;
  const sealed = Buffer.from(rawCookie.slice(rawCookie.indexOf('.') + 1), 'base64url');
  try {
    return JSON.parse(openWith(key, place(domainId, cookieName, state), sealed)) as Flow;
  } catch (error) {
    if (isFoyerError(error, 'secret_unreadable')) return undefined;
    throw error;
  }
};

/** @throws {FoyerError} `flow_expired` after ten minutes (S-02), or when it comes from the future. */
export const checkFlowAge = (flow: Flow, clock: Clock): void => {
  const ageMs = clock.nowMs() - flow.createdAtMs;
  if (ageMs > lifeMs || ageMs < -skewMs) {
    throw new FoyerError('flow_expired', { detail: `begun ${Math.round(ageMs / 1000)} s ago` });
  }
};

/** Names of the oldest flow cookies that must go so that one more fits (S-24). */
export const flowsToEvict = (
  cookies: Readonly<Record<string, string | undefined>>,
  newCookieBytes: number,
): string[] => {
  const flows = Object.entries(cookies)
    .filter(([name]) => name.startsWith(prefix) || name.startsWith(`__Host-${prefix}`))
    .map(([name, value = '']) => ({
      name,
      bytes: name.length + value.length,
      createdAtMs: Number.parseInt(value.slice(0, value.indexOf('.')), 36) || 0,
    }))
    .sort((a, b) => a.createdAtMs - b.createdAtMs);
  let bytes = flows.reduce((sum, flow) => sum + flow.bytes, newCookieBytes);
  const evicted: string[] = [];
  while (flows.length >= maxFlows || (bytes > maxFlowBytes && flows.length > 0)) {
    const oldest = flows.shift() as (typeof flows)[number];
    bytes -= oldest.bytes;
    evicted.push(oldest.name);
  }
  return evicted;
};
