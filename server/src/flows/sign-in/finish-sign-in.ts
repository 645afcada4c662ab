/**
 * Ends a sign-in that was begun in this browser: everything about the callback is checked before anything is sent
 * upstream, the flow is claimed so that it counts once, and only then is the code exchanged.
 */
import type { RawParams } from '#base/http/read-params.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import { claimFlow, isFlowUsed } from '#model/identities/flow-uses.ts';
import type { OpenedSource } from '#model/sources/source-cache.ts';
import type { Identity, IdentitySource, Step } from '#upstream/identity/identity-source.ts';
import { tokenHostOf } from '#upstream/identity/oauth2/token-host.ts';
import type { SignInDeps } from './deps.ts';
import { findEnabledSource, sourceIdOf } from './find-source.ts';
import { noteReturn, type Trace } from './flight-recorder.ts';
import { checkFlowAge, type Flow, flowCookieName, isState, openFlow } from './flow.ts';

export interface Callback {
  domain: Domain;
  /** Query and form of the callback; `id` may come from its path. */
  params: RawParams;
  cookies: Readonly<Record<string, string | undefined>>;
  trace: Trace;
}

/** The source as it was when the flow began. */
export interface CheckedCallback extends OpenedSource<IdentitySource> {
  /** False: its tokens come from a host that the source has left since, so nobody could renew them (S-48). */
  keepsTokens: boolean;
  flow: Flow;
  state: string;
  cookieName: string;
}

/**
 * The flow that this callback belongs to. Sends nothing and claims nothing.
 *
 * @throws {FoyerError} `bad_request` (no state, or neither code nor error: S-03), `source_not_found` (S-19),
 *   `state_mismatch` (S-01), `flow_used`, `flow_expired` (S-02), `source_mismatch` (S-04, S-09).
 * @see RFC 6749 §4.1.2, RFC 9700 §4.4 (mix-up), §4.7 (CSRF)
 */
export const checkCallback = async (
  deps: Pick<SignInDeps, 'sources' | 'keyring' | 'clock' | 'origin' | 'db'>,
  { domain, params, cookies, trace }: Callback,
): Promise<CheckedCallback> => {
  const found = await findEnabledSource(deps, domain, sourceIdOf(domain, params.id), 'oauth2');
  trace.source = found.source;
  const { state } = params;
  if (!state) throw new FoyerError('bad_request', { detail: 'no state' });
  if (!params.code && !params.error)
    throw new FoyerError('bad_request', { detail: 'neither code nor error' });
  if (!isState(state)) throw new FoyerError('state_mismatch', { detail: 'not a state of ours' });
  const cookieName = flowCookieName(state, deps.origin.secure);
  const key = await deps.keyring.sealingKey('sign-in-flow');
  const flow = openFlow(key, domain.id, cookieName, state, cookies[cookieName]);
  if (!flow) {
    if (await isFlowUsed(deps.db, domain.id, state)) throw new FoyerError('flow_used');
    const evidence = cookies[cookieName] === undefined ? { reason: 'cookie_missing' } : {};
    throw new FoyerError('state_mismatch', { detail: 'no flow of this browser has this state', evidence });
  }
  if (flow.sourceId !== found.source.id) {
    throw new FoyerError('source_mismatch', { detail: `begun at ${flow.sourceId}` });
  }
  checkFlowAge(flow, deps.clock);
  // Changed while the person was at the provider: this sign-in ends as it began (S-21).
  const begun = await deps.sources.findRevision(found, flow.sourceVersion);
  const keepsTokens =
    begun === found || tokenHostOf(begun.source.settings) === tokenHostOf(found.source.settings);
  return { ...begun, keepsTokens, flow, state, cookieName };
};

/**
 * Claims the flow and asks the provider who came back.
 *
 * @throws {FoyerError} `flow_used`, and every refusal of the source.
 */
export const identifyPerson = async (
  deps: Pick<SignInDeps, 'db'>,
  domain: Domain,
  { flow, state, source, opened, keepsTokens }: CheckedCallback,
  { params, trace }: Pick<Callback, 'params' | 'trace'>,
): Promise<Identity> => {
  if (!opened.finishRedirect) throw new FoyerError('not_available_yet', { detail: source.kind });
  if (!(await claimFlow(deps.db, domain.id, state, source.id))) throw new FoyerError('flow_used');
  noteReturn(trace, flow);
  const { redirectUri, nonce, codeVerifier } = flow;
  const onStep = (step: Step): void => void trace.steps.push(step);
  const identity = await opened.finishRedirect({
    rawParams: params,
    redirectUri,
    nonce,
    codeVerifier,
    onStep,
  });
  return keepsTokens ? identity : { ...identity, tokens: undefined };
};
