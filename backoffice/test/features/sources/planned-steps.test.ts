/** The list of steps before, during and after a dry run. */
import type { DryRunResult } from '@foyer/contract/dry-runs.ts';
import { describe, expect, it } from 'vitest';
import { plannedNames, shownSteps } from '#features/sources/dry-run/planned-steps.ts';

const started = {
  ticket: 't',
  state: 'dry-1',
  authorize_url: 'https://a.example',
  redirect_uri: '',
  steps: [],
};
const planned = plannedNames('openid user.read', true);
const told = (steps: ReturnType<typeof shownSteps>) => steps.map(({ name, state }) => `${name} ${state}`);

describe('the steps of a dry run', () => {
  it('stand before anything has happened, with the ID token only where one is asked for', () => {
    expect(planned).toEqual([
      'authorize',
      'callback',
      'token',
      'keys',
      'id_token',
      'profile',
      'mapping',
      'decision',
    ]);
    expect(plannedNames('read:user', false)).toEqual([
      'authorize',
      'callback',
      'token',
      'mapping',
      'decision',
    ]);
  });

  it('while somebody signs in, the way back is waited for', () => {
    const steps = shownSteps({ phase: 'waiting', started, closed: false, blocked: false }, planned);
    expect(told(steps).slice(0, 3)).toEqual(['authorize ok', 'callback waiting', 'token pending']);
  });

  it('after a failure the rest is told as not reached, in its order', () => {
    const result = {
      outcome: 'failed',
      steps: [
        { name: 'authorize', outcome: 'failed' },
        { name: 'profile', outcome: 'skipped' },
      ],
      scopes_asked: [],
      scopes_granted: [],
      refresh_token: false,
    } satisfies DryRunResult;
    expect(told(shownSteps({ phase: 'done', result, tried: '' }, planned))).toEqual([
      'authorize failed',
      ...planned.slice(1).map((name) => `${name} skipped`),
    ]);
  });
});
