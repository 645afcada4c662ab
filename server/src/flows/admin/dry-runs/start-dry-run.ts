/**
 * Begins a dry run: puts the authorize request together from the draft and seals everything else into the ticket. The
 * source is opened afresh, so that discovery is a part of what is tried. Nothing is written.
 */
import type { DryRunResult, DryRunStarted, StepView } from '@foyer/contract/dry-runs.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { Clock } from '#base/lib/clock.ts';
import type { Egress } from '#base/lib/egress/egress.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { type DomainId, randomToken, type SourceId } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { dryRunStateKey, sealDryRunState } from '#model/sources/dry-run-state.ts';
import { digestOf, fingerprintKey, fingerprintOf } from '#model/sources/source-revision.ts';
import type { IdentitySource } from '#upstream/identity/identity-source.ts';
import { redirectUriFor } from '#upstream/identity/oauth2/redirect-uri.ts';
import { validateSettings } from '#upstream/identity/oauth2/validate-settings.ts';
import { findOpener } from '#upstream/identity/registry.ts';
import { refuseFailures } from '../assign.ts';
import { failedResult } from './dry-run-result.ts';
import { type Draft, openSecrets } from './read-draft.ts';
import { stepView } from './step-view.ts';
import { type DryRun, sealTicket } from './ticket.ts';

export interface DryRunDeps {
  keyring: Keyring;
  clock: Clock;
  egress: Egress;
  origin: PublicOrigin;
}

export interface StartDryRun {
  draft: Draft & { sourceId: SourceId };
  domain: Domain;
  /** Who may finish it. */
  administrator: string;
  /** Of the window that waits for the answer. */
  consoleOrigin: string;
}

/** The draft's source, opened for this run alone. @throws {FoyerError} `not_available_yet` */
export const openDraft = (
  { egress, clock }: Pick<DryRunDeps, 'egress' | 'clock'>,
  run: Pick<DryRun, 'kind' | 'settings' | 'secrets'>,
): Required<Pick<IdentitySource, 'startRedirect' | 'finishRedirect'>> => {
  const opened = findOpener(run.kind)?.({ ...run.settings, ...run.secrets }, { egress, clock });
  const { startRedirect, finishRedirect } = opened ?? {};
  if (!startRedirect || !finishRedirect) {
    throw new FoyerError('not_available_yet', { detail: `a dry run of ${run.kind}` });
  }
  return { startRedirect, finishRedirect };
};

const digestOfDraft = async (
  deps: Pick<DryRunDeps, 'keyring'>,
  domainId: DomainId,
  { kind, name, settings }: Draft,
  secrets: Readonly<Record<string, string>>,
): Promise<string> => {
  const key = await fingerprintKey(deps.keyring);
  const fingerprints = Object.fromEntries(
    Object.entries(secrets).map(([field, plaintext]) => [field, fingerprintOf(key, domainId, plaintext)]),
  );
  return digestOf({ kind, name, settings, fingerprints });
};

/** @throws {FoyerError} `validation_failed` as saving would, `secret_required` (S-96), `not_available_yet` */
export const startDryRun = async (deps: DryRunDeps, start: StartDryRun): Promise<DryRunStarted> => {
  const { draft, domain, administrator, consoleOrigin } = start;
  const { kind, settings, sourceId } = draft;
  const secrets = await openSecrets(deps, draft);
  if (kind === 'oauth2')
    refuseFailures(validateSettings({ ...settings, ...draft.typedSecrets }, deps.egress));
  const redirectUri = redirectUriFor(deps.origin.of(domain.host), sourceId, settings);
  const state = sealDryRunState(await dryRunStateKey(deps.keyring), domain.id, consoleOrigin);
  const steps: StepView[] = [];
  const run: DryRun = {
    domainId: domain.id,
    sourceId,
    kind,
    settings,
    secrets,
    digest: await digestOfDraft(deps, domain.id, draft, secrets),
    state,
    redirectUri,
    nonce: randomToken(),
    codeVerifier: randomToken(),
    createdAtMs: deps.clock.nowMs(),
    steps,
  };
  const { nonce, codeVerifier } = run;
  const opened = openDraft(deps, run);
  let authorizeUrl = '';
  let result: DryRunResult | undefined;
  try {
    const onStep = (step: Parameters<typeof stepView>[0]): void => {
      steps.push(stepView(step));
    };
    authorizeUrl = await opened.startRedirect({ redirectUri, state, nonce, codeVerifier, onStep });
  } catch (error) {
    if (!isFoyerError(error)) throw error;
    result = failedResult(run, steps, error);
  }
  const key = await deps.keyring.sealingKey('dry-run-ticket');
  return {
    ticket: sealTicket(key, administrator, run),
    state,
    authorize_url: authorizeUrl,
    redirect_uri: redirectUri,
    steps,
    ...(result && { result }),
  };
};
