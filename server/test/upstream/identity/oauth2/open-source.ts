/** Opening sources in tests: a way out to the peers, and both halves of a sign-in. */
import { onTestFinished } from 'vitest';
import { createEgress, type Egress, type EgressOptions } from '#base/lib/egress/egress.ts';
import { parseEgressRules } from '#base/lib/egress/egress-rules.ts';
import { type FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { randomToken } from '#base/lib/ids.ts';
import type {
  Exchange,
  Identity,
  IdentitySource,
  RedirectFinish,
  Step,
} from '#upstream/identity/identity-source.ts';
import { openOAuth2 } from '#upstream/identity/oauth2/open.ts';
import { createTestClock, type TestClock } from '../../../support/test-clock.ts';

export interface OpenedSource {
  source: IdentitySource;
  clock: TestClock;
  /** Each with its exchange, as administrators see it. */
  steps: (Step & Partial<Exchange>)[];
  egress: Egress;
}

/** Opens a source whose egress may go to `allow` (as the operator writes it) and nowhere else. */
export const openSource = (
  settings: Record<string, unknown>,
  options: Omit<Partial<EgressOptions>, 'allow'> & { allow?: string } = {},
): OpenedSource => {
  const clock = createTestClock();
  const steps: OpenedSource['steps'] = [];
  const egress = createEgress({ clock, ...options, allow: parseEgressRules(options.allow ?? '') });
  onTestFinished(() => egress.close());
  const source = openOAuth2(settings, { egress, clock });
  return { source, clock, steps, egress };
};

export const redirectUri = 'https://foyer.example/auth/oauth2/callback?id=oauth_strat-0123456789';

export interface Attempt {
  url: string;
  finish(callback: string | URL, change?: Partial<RedirectFinish>): Promise<Identity>;
}

/** Starts a sign-in; `finish` takes the URL that the provider sent the browser to. */
export const start = async ({ source, steps }: OpenedSource, uri = redirectUri): Promise<Attempt> => {
  const onStep = (step: Step): void => {
    steps.push({ ...step, ...step.exchange?.() });
  };
  const attempt = {
    onStep,
    redirectUri: uri,
    state: randomToken(),
    nonce: randomToken(),
    codeVerifier: randomToken(),
  };
  const url = (await source.startRedirect?.(attempt)) ?? '';
  return {
    url,
    async finish(callback, change = {}) {
      const rawParams = Object.fromEntries(new URL(callback, 'https://foyer.example').searchParams);
      const { redirectUri: used, nonce, codeVerifier } = attempt;
      const finished = source.finishRedirect?.({
        rawParams,
        redirectUri: used,
        nonce,
        codeVerifier,
        onStep,
        ...change,
      });
      if (finished === undefined) throw new Error('the source cannot finish a redirect');
      return finished;
    },
  };
};

/** The refusal that `attempt` ends in; fails the test when it succeeds or throws anything else. */
export const refusalOf = async (attempt: Promise<unknown>): Promise<FoyerError> => {
  try {
    await attempt;
  } catch (error) {
    if (isFoyerError(error)) return error;
    throw error;
  }
  throw new Error('was not refused');
};
