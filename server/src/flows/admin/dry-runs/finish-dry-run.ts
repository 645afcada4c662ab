/**
 * Finishes a dry run: the source's own second half of a sign-in with the draft's settings, and after it what the sign-in
 * would have decided. Nobody is signed in and nothing is written; what was kept was in the ticket.
 */
import type { Decision, DryRunFinishBody, DryRunResult, StepView } from '@foyer/contract/dry-runs.ts';
import type { Static } from 'typebox';
import { errorTable, FoyerError } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import { passKey, sealPass } from '#model/sources/dry-run-pass.ts';
import type { Db } from '#model/tables.ts';
import type { Evidence } from '#upstream/diagnosis/diagnosis.ts';
import type { Identity, RedirectFinish, Step } from '#upstream/identity/identity-source.ts';
import { adviceOf, adviceOn } from './advice.ts';
import { decide } from './decide.ts';
import {
  expectedSteps,
  failedResult,
  failedStep,
  type ToldRun,
  tokenFacts,
  toRefusal,
} from './dry-run-result.ts';
import { personView } from './person-view.ts';
import { type DryRunDeps, openDraft } from './start-dry-run.ts';
import { failedSteps, stepView } from './step-view.ts';
import { openTicket } from './ticket.ts';

export interface FinishDryRun {
  administrator: string;
  body: Static<typeof DryRunFinishBody>;
  language: Language;
}

type Params = Readonly<Record<string, string>>;

/** @throws {FoyerError} `not_found` (S-45: another administrator's ticket), `flow_expired`, `bad_request` */
export const finishDryRun = async (
  deps: DryRunDeps & { db: Db },
  { administrator, body, language }: FinishDryRun,
): Promise<DryRunResult> => {
  const key = await deps.keyring.sealingKey('dry-run-ticket');
  const run = { ...openTicket(key, administrator, body.ticket ?? '', deps.clock), language };
  if (body.abandoned) return abandoned(run, body.shown_code ?? '');
  if (body.params === undefined)
    throw new FoyerError('bad_request', { detail: 'neither params nor abandoned' });
  const refusal = refusalOfCallback(run, body.params);
  if (refusal) return failedResult(run, [...run.steps, failedStep('callback', refusal)], refusal);
  return finish(deps, run, administrator, body.params);
};

/** As the sign-in checks its own callback (S-01, S-03, S-04). */
const refusalOfCallback = (run: ToldRun, params: Params): FoyerError | undefined => {
  const evidence = { step: 'callback' };
  if (params.state === undefined) return new FoyerError('bad_request', { detail: 'no state', evidence });
  if (params.state !== run.state) return new FoyerError('state_mismatch', { evidence });
  if (params.id !== undefined && params.id !== run.sourceId) {
    return new FoyerError('source_mismatch', { evidence });
  }
  return undefined;
};

/** The provider kept the person: what it showed them, if they could tell us, says why. */
const abandoned = (run: ToldRun, shownCode: string): DryRunResult => {
  // Our own page of failure: the person came back, but without the state that they were sent with. Whatever that page
  // says then is about a sign-in that never was.
  if (Object.hasOwn(errorTable, shownCode.trim())) {
    const refusal = new FoyerError('state_mismatch', {
      evidence: { step: 'callback', shown: shownCode.trim() },
    });
    return failedResult(run, [...run.steps, failedStep('callback', refusal)], refusal);
  }
  const number = /(?:AADSTS|^)(\d{4,9})\b/i.exec(shownCode.trim())?.[1];
  const evidence: Evidence = { step: 'authorize', reason: 'never_returned' };
  if (number !== undefined) evidence.errorCodes = [Number(number)];
  else if (shownCode.trim() !== '') evidence.error = shownCode.trim();
  const error = new FoyerError('upstream_refused', {
    evidence: { ...evidence, description: shownCode.slice(0, 200) },
  });
  const before = run.steps.filter(({ name }) => name !== 'authorize');
  const asked = run.steps.find(({ name }) => name === 'authorize');
  const step = { ...asked, ...failedStep('authorize', error) };
  return failedResult(run, [...before, step], error, {
    advice: adviceOn(evidence, run.settings, run.language),
  });
};

const finish = async (
  deps: DryRunDeps & { db: Db },
  run: ToldRun,
  administrator: string,
  params: Params,
): Promise<DryRunResult> => {
  const steps: StepView[] = [...run.steps];
  let seen: Parameters<NonNullable<RedirectFinish['onProfile']>>[0] | undefined;
  const { redirectUri, nonce, codeVerifier } = run;
  let identity: Identity;
  try {
    identity = await openDraft(deps, run).finishRedirect({
      rawParams: params,
      redirectUri,
      nonce,
      codeVerifier,
      onStep: (step: Step) => {
        steps.push(stepView(step));
      },
      onProfile: (profile) => {
        seen = profile;
      },
    });
  } catch (error) {
    return failedResult(run, steps, toRefusal(error), rawOf(seen));
  }
  const decision = await decide(deps, run, { id: run.sourceId, settings: run.settings }, identity);
  const shared = { ...tokenFacts(run, steps), ...rawOf(seen), person: personView(identity), decision };
  if (decision.kind === 'refuse') return refusedByDecision(run, steps, decision, shared);
  const { domainId, digest } = run;
  const pass = sealPass(await passKey(deps.keyring), {
    domainId,
    digest,
    userId: administrator,
    atMs: deps.clock.nowMs(),
  });
  const told = withWarnings(run, steps, shared);
  return { outcome: 'passed', steps: [...told, decisionStep(decision)], ...shared, pass };
};

const rawOf = (
  seen: Parameters<NonNullable<RedirectFinish['onProfile']>>[0] | undefined,
): Pick<DryRunResult, 'raw_profile' | 'raw_claims'> => ({
  ...(seen && { raw_profile: seen.profile }),
  ...(seen?.claims && { raw_claims: seen.claims }),
});

/** What works today and will be missed tomorrow: advice beside the step that showed it. */
const withWarnings = (
  { settings, language }: ToldRun,
  steps: readonly StepView[],
  result: Pick<DryRunResult, 'scopes_asked' | 'refresh_token' | 'person'>,
): StepView[] => {
  const warn = (step: StepView, reason: Evidence['reason'] & string): StepView => ({
    ...step,
    advice: adviceOn({ reason }, settings, language),
  });
  const lacksRefresh = result.scopes_asked.includes('offline_access') && !result.refresh_token;
  const lacksEmail = result.person?.fields.email === undefined;
  return steps.map((step) => {
    if (step.name === 'token' && lacksRefresh) return warn(step, 'no_refresh_token');
    return step.name === 'mapping' && lacksEmail ? warn(step, 'missing_email') : step;
  });
};

const decisionStep = (decision: Decision): StepView => ({
  name: 'decision',
  outcome: decision.kind === 'refuse' ? 'failed' : 'ok',
  detail: { ...decision },
});

/** The provider did its part; this person would be refused all the same, and this is no pass. */
const refusedByDecision = (
  run: ToldRun,
  steps: readonly StepView[],
  decision: Decision,
  shared: Omit<DryRunResult, 'outcome' | 'steps'>,
): DryRunResult => {
  const code = decision.code as FoyerError['code'];
  const advice = adviceOf(new FoyerError(code), run.settings, run.language);
  return {
    outcome: 'failed',
    failed_step: 'decision',
    code,
    ...shared,
    advice,
    steps: failedSteps([...steps, decisionStep(decision)], advice, expectedSteps(run.settings)),
  };
};
