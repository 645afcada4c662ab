/**
 * Everything that the emulated Microsoft can do wrong, and what a dry run shows of it. The table is a page of the
 * documentation: FOYER_WRITE_DOCS=1 writes it anew, otherwise it must be up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { DryRunResult } from '@foyer/contract/dry-runs.ts';
import { type FaultDescription, type FaultOptions, faults } from '@foyer/testkit/entra/faults.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FaultRow, renderDryRunFaults } from '../../../../docs/render-dry-run-faults.ts';
import { type DryRunWorld, openDryRunWorld } from './dry-run-world.ts';

let world: DryRunWorld;
beforeAll(async () => {
  world = await openDryRunWorld();
});
afterEach(() => world.entra.clearFaults());
afterAll(() => world.close());

const page = new URL('../../../../docs/reference/dry-run-faults.md', import.meta.url);

/** Faults that only a source of another shape meets. */
const draftFor = ({ name, endpoint }: FaultDescription): Record<string, unknown> => {
  // A tenant by the name of its domain: its discovery document is needed.
  if (endpoint === 'discovery') return world.draft({}, 'contoso.example');
  if (endpoint === 'userinfo') {
    return world.draft({
      user_profile_url: 'https://graph.microsoft.com/oidc/userinfo',
      info_mappings: { uid: 'sub', email: 'email' },
    });
  }
  // Keys that rotate, and object ids that are missing, count with the scope `profile`.
  if (name === 'no_oid') return world.draft({ scope: 'openid profile offline_access user.read.all' });
  return world.draft();
};

/** Slower than the time that a request has, and larger than an answer may be, without making the test either. */
const optionsFor: Partial<Record<string, FaultOptions>> = {
  slow: { ms: 6_000 },
  huge_body: { bytes: 1_500_000 },
};

/** These are no failure: what is missing, if anything, is said beside its step. */
const harmless = new Set([
  'no_refresh_token',
  'short_lived_token',
  'no_expires_in',
  'string_expires_in',
  'rotated_keys',
  'garbage_client_info',
  'null_mail',
  'null_mail_and_upn',
]);

/** The advice of a run that passed stands beside the step that it is about. */
const adviceIn = (result: DryRunResult) =>
  result.advice ?? result.steps.find(({ advice }) => advice !== undefined)?.advice;

const stepIn = (result: DryRunResult): string =>
  result.failed_step ?? result.steps.find(({ advice }) => advice !== undefined)?.name ?? '';

const runWith = async (fault: FaultDescription): Promise<DryRunResult> => {
  const draft = draftFor(fault);
  // Discovery is asked for before the pop-up opens.
  world.entra.fault(fault.name, optionsFor[fault.name] ?? {});
  return world.run(draft, fault.name === 'cancel' ? null : undefined);
};

const rows: FaultRow[] = [];

describe('every fault of the emulated Microsoft', () => {
  it('has at least thirty of them', () => {
    expect(faults.length).toBeGreaterThanOrEqual(30);
  });

  it.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (name, fault) => {
    const result = await runWith(fault);
    const advice = adviceIn(result);
    rows.push({
      name,
      description: fault.description,
      outcome: result.outcome,
      step: stepIn(result),
      code: result.code ?? '',
      field: advice?.field ?? '',
      title: advice?.title ?? '',
      who: advice?.who ?? '',
    });
    expect(`${name}: ${result.outcome}`).toBe(`${name}: ${harmless.has(name) ? 'passed' : 'failed'}`);
    if (harmless.has(name)) return;
    expect(result.failed_step).toBeTruthy();
    expect(result.advice?.title).toBeTruthy();
    // A general word about the step is not enough: the catalogue knows this very fault.
    expect(result.advice?.known).toBe(true);
    const failed = result.steps.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toEqual([expect.objectContaining({ name: result.failed_step, advice: result.advice })]);
    expect(result.pass).toBeUndefined();
  });

  it('is in the table of the documentation', () => {
    const rendered = renderDryRunFaults(rows);
    if (process.env.FOYER_WRITE_DOCS === '1') writeFileSync(page, rendered);
    expect(readFileSync(page, 'utf8')).toBe(rendered);
  });
});
