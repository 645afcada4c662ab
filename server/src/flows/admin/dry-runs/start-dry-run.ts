/**
 * Begins a dry run: puts the authorize request together from the draft and seals everything else into the ticket. The
 * source is opened afresh, so that discovery is a part of what is tried. Nothing is written.
 */
import type { DryRunResult, DryRunStarted, StepView } from '@foyer/contract/dry-runs.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { Clock } from '#base/lib/clock.ts';
import type { Egress } from '#base/lib/egress/egress.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { randomToken, type SourceId } from '#base/lib/ids.ts';
import type { Language } from '#base/lib/language.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { dryRunStateKey, sealDryRunState } from '#model/sources/dry-run-state.ts';
import { secretFields } from '#model/sources/source.ts';
import type { IdentitySource } from '#upstream/identity/identity-source.ts';
import { redirectUriFor } from '#upstream/identity/oauth2/redirect-uri.ts';
import { validateSettings } from '#upstream/identity/oauth2/validate-settings.ts';
import { findOpener } from '#upstream/identity/registry.ts';
import { refuseFailures } from '../assign.ts';
import { composeSource, openComposed } from '../sources/compose-source.ts';
import { sourceIdFor } from '../sources/reservation.ts';
import { failedResult } from './dry-run-result.ts';
import type { Draft } from './read-draft.ts';
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
  language: Language;
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

/** A new source must have its id reserved: its callback is registered with it. */
const checkId = async (deps: DryRunDeps, domain: Domain, draft: StartDryRun['draft']): Promise<void> => {
  const { stored, kind, sourceId: id, reservation } = draft;
  if (!stored) await sourceIdFor(deps, domain.id, kind, { id, reservation: reservation ?? '' });
};

/** @throws {FoyerError} `validation_failed` as saving would, `secret_required` (S-96), `not_available_yet` */
export const startDryRun = async (deps: DryRunDeps, start: StartDryRun): Promise<DryRunStarted> => {
  const { draft, domain, administrator, consoleOrigin, language } = start;
  const { kind, stored, sourceId, fields } = draft;
  await checkId(deps, domain, draft);
  const composed = await composeSource(deps, domain.id, kind, stored, fields);
  const opened = await openComposed(deps, composed, stored);
  if (kind === 'oauth2') refuseFailures(validateSettings(opened, deps.egress));
  const { settings, digest } = composed;
  const isSecret = ([field]: [string, unknown]): boolean => secretFields[kind].includes(field);
  const redirectUri = redirectUriFor(deps.origin.of(domain.host), sourceId, settings);
  const state = sealDryRunState(await dryRunStateKey(deps.keyring), domain.id, consoleOrigin);
  const steps: StepView[] = [];
  const run: DryRun = {
    domainId: domain.id,
    sourceId,
    kind,
    settings,
    secrets: Object.fromEntries(Object.entries(opened).filter(isSecret)),
    digest,
    state,
    redirectUri,
    nonce: randomToken(),
    codeVerifier: randomToken(),
    createdAtMs: deps.clock.nowMs(),
    steps,
  };
  const { nonce, codeVerifier } = run;
  const source = openDraft(deps, run);
  let authorizeUrl = '';
  let result: DryRunResult | undefined;
  try {
    const onStep = (step: Parameters<typeof stepView>[0]): void => {
      steps.push(stepView(step));
    };
    authorizeUrl = await source.startRedirect({ redirectUri, state, nonce, codeVerifier, onStep });
  } catch (error) {
    if (!isFoyerError(error)) throw error;
    result = failedResult({ settings, language }, steps, error);
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
