/** What a dry run answers, passed or failed. */
import type { DryRunResult, StepView } from '@foyer/contract/dry-runs.ts';
import { type FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import { isOidc, readSettings, scopeOf } from '#upstream/identity/oauth2/settings.ts';
import { adviceOf } from './advice.ts';
import { failedSteps } from './step-view.ts';
import type { DryRun } from './ticket.ts';

/** A run, and the language in which its administrator reads what came of it. */
export type ToldRun = DryRun & { language: Language };

const words = (scope: string): string[] => scope.split(/\s+/).filter((word) => word !== '');

/** Without the address of the API that a scope belongs to, which providers leave out or add as they like. */
const bare = (scope: string): string => scope.toLowerCase().replace(/^(https?|api):\/\/[^/]+\//, '');

/**
 * The granted scopes in the spelling in which they were asked for. Entra answers in its own case, and leaves out those of
 * OpenID Connect, which what came with the answer shows to be granted.
 */
export const grantedScopes = (
  asked: string,
  granted: string,
  shown: { refreshToken: boolean; idToken: boolean },
): string[] => {
  const rest = new Map(words(granted).map((scope) => [bare(scope), scope]));
  const isShown = (scope: string): boolean =>
    scope === 'offline_access'
      ? shown.refreshToken
      : ['openid', 'profile', 'email'].includes(scope) && shown.idToken;
  const found = words(asked).filter((scope) => rest.delete(bare(scope)) || isShown(scope.toLowerCase()));
  return [...found, ...rest.values()];
};

/** What the token answer said, whether or not the run got further. */
export const tokenFacts = (
  run: Pick<DryRun, 'settings'>,
  steps: readonly StepView[],
): Pick<DryRunResult, 'scopes_asked' | 'scopes_granted' | 'refresh_token' | 'token_expires_at'> => {
  const asked = scopeOf(readSettings(run.settings));
  const token = steps.findLast(({ name, outcome }) => name === 'token' && outcome === 'ok')?.detail;
  const { scope, expiresAt, hasRefreshToken, hasIdToken } = token ?? {};
  const refreshToken = hasRefreshToken === true;
  return {
    scopes_asked: words(asked),
    scopes_granted:
      token === undefined
        ? []
        : grantedScopes(asked, String(scope ?? ''), { refreshToken, idToken: hasIdToken === true }),
    refresh_token: refreshToken,
    ...(expiresAt instanceof Date && { token_expires_at: Math.floor(expiresAt.getTime() / 1000) }),
  };
};

/** The steps that a run of these settings has, in their order. */
export const expectedSteps = (settings: DryRun['settings']): StepView['name'][] => {
  const read = readSettings(settings);
  const steps: StepView['name'][] = ['authorize', 'callback', 'token'];
  if (isOidc(read)) steps.push('id_token');
  if (read.rawInfoUrl !== '') steps.push('profile');
  return [...steps, 'mapping', 'decision'];
};

export const failedResult = (
  run: Pick<ToldRun, 'settings' | 'language'>,
  steps: readonly StepView[],
  error: FoyerError,
  more: Partial<DryRunResult> = {},
): DryRunResult => {
  const advice = more.advice ?? adviceOf(error, run.settings, run.language);
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  return {
    outcome: 'failed',
    code: error.code,
    ...(failed && { failed_step: failed.name }),
    ...tokenFacts(run, steps),
    ...more,
    advice,
    steps: failedSteps(steps, advice, expectedSteps(run.settings)),
  };
};

/** A step that failed before any source was asked. */
export const failedStep = (name: StepView['name'], error: FoyerError): StepView => ({
  name,
  outcome: 'failed',
  detail: { ...error.evidence, code: error.code },
});

export const toRefusal = (error: unknown): FoyerError => {
  if (isFoyerError(error)) return error;
  throw error;
};
