/** @module Where an authorization answer may be sent: an exact string, or nothing (S-54). */
import { type Application, redirectUrisOf } from '#model/applications/application.ts';

const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?((?:[/?].*)?)$/;
// Never a place to go to, even if it was registered once.
const scripts = /^(?:javascript|data|vbscript|blob|file|about):/i;

/** The same registered loopback address on another port: native apps listen where they can (RFC 8252 §7.3). */
const isSameLoopback = (registered: string, raw: string): boolean => {
  const [, host, , rest] = loopback.exec(registered) ?? [];
  const [, rawHost, rawPort, rawRest] = loopback.exec(raw) ?? [];
  if (host === undefined || host !== rawHost || rest !== rawRest) return false;
  return rawPort === undefined || (Number(rawPort) > 0 && Number(rawPort) <= 65_535);
};

export const isRegisteredRedirectUri = (
  application: Pick<Application, 'redirectUri'>,
  rawRedirectUri: string,
): boolean =>
  !rawRedirectUri.includes('#') &&
  !scripts.test(rawRedirectUri) &&
  redirectUrisOf(application).some(
    (registered) => registered === rawRedirectUri || isSameLoopback(registered, rawRedirectUri),
  );

/** What a page of ours may name as the target of a form: the origin, or the scheme of a native app. */
export const formTargetOf = (redirectUri: string): string => {
  const url = new URL(redirectUri);
  return url.origin === 'null' ? url.protocol : url.origin;
};
