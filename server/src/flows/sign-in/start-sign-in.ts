/** Begins a sign-in: sends the browser to the source's provider. Nobody is signed in or out by it (S-18). */

import type { RawParams } from '#base/http/read-params.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import { returnUrlOf } from '#model/domains/return-url-of.ts';
import { redirectUriFor } from '#upstream/identity/oauth2/redirect-uri.ts';
import type { SignInDeps } from './deps.ts';
import { findEnabledSource, sourceIdOf } from './find-source.ts';
import type { Trace } from './flight-recorder.ts';
import { type Flow, flowCookieName, flowsToEvict, newFlowSecrets, sealFlow } from './flow.ts';

export interface StartSignIn {
  domain: Domain;
  params: RawParams;
  cookies: Readonly<Record<string, string | undefined>>;
  link?: Flow['link'];
  trace?: Trace;
}

export interface StartedSignIn {
  /** At the provider. */
  location: string;
  cookie: { name: string; value: string };
  /** Flow cookies that had to make room. */
  evicted: string[];
}

const prompts = new Set(['login', 'select_account', 'consent']);

/**
 * @throws {FoyerError} `source_not_found`, `bad_request`, `not_available_yet`, `source_misconfigured`, and what
 *   discovery may run into.
 * @see RFC 6749 §4.1.1, RFC 7636 §4.3, OIDC Core §3.1.2.1
 */
export const startSignIn = async (
  deps: Pick<SignInDeps, 'sources' | 'keyring' | 'clock' | 'origin' | 'recorder'>,
  { domain, params, cookies, link, trace }: StartSignIn,
): Promise<StartedSignIn> => {
  const { source, opened } = await findEnabledSource(deps, domain, sourceIdOf(domain, params.id), 'oauth2');
  if (trace) trace.source = source;
  if (!opened.startRedirect) throw new FoyerError('not_available_yet', { detail: source.kind });
  const origin = deps.origin.of(domain.host);
  const { state, nonce, codeVerifier } = newFlowSecrets();
  const redirectUri = redirectUriFor(origin, source.id, source.settings);
  const location = await opened.startRedirect({
    redirectUri,
    state,
    nonce,
    codeVerifier,
    ...(prompts.has(params.prompt ?? '') && { prompt: params.prompt as string }),
  });
  const flow: Flow = {
    sourceId: source.id,
    sourceVersion: source.version,
    continueTo: returnUrlOf(deps.origin, domain, params.continue),
    redirectUri,
    nonce,
    codeVerifier,
    createdAtMs: deps.clock.nowMs(),
    ...(link && { link }),
  };
  const name = flowCookieName(state, deps.origin.secure);
  const value = sealFlow(await deps.keyring.sealingKey('sign-in-flow'), domain.id, name, state, flow);
  deps.recorder.countStart(domain.id, source.id);
  return {
    location,
    cookie: { name, value },
    evicted: flowsToEvict(cookies, name.length + value.length),
  };
};
