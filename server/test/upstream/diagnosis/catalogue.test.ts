import { expect, test } from 'vitest';
import { errorTable } from '#base/lib/errors.ts';
import {
  type CatalogueEntry,
  catalogue,
  menders,
  providers,
  reasons,
  sourceFields,
  steps,
} from '#upstream/diagnosis/catalogue.ts';
import { diagnose, type Evidence } from '#upstream/diagnosis/diagnosis.ts';

/** Each single piece of evidence that an entry claims to answer, with its other conditions fulfilled. */
function examplesOf({ match, provider }: CatalogueEntry): Evidence[] {
  const isVendor = provider === 'microsoft' || provider === 'google';
  let examples: Evidence[] = [{ providerHint: isVendor ? provider : 'other' }];
  const multiply = (values: readonly unknown[] | undefined, toPart: (value: never) => Evidence) => {
    if (values === undefined) return;
    examples = examples.flatMap((example) =>
      values.map((value) => ({ ...example, ...toPart(value as never) })),
    );
  };
  multiply(match.code, (code: number) => ({ errorCodes: [code] }));
  multiply(match.suberror, (suberror: string) => ({ suberror }));
  multiply(match.error, (error: string) => ({ error }));
  multiply(match.node_code, (nodeCode: string) => ({ nodeCode }));
  multiply(match.reason, (reason: NonNullable<Evidence['reason']>) => ({ reason }));
  multiply(match.http_status, (httpStatus: number) => ({ httpStatus }));
  multiply(match.foyer_code, (foyerCode: NonNullable<Evidence['foyerCode']>) => ({ foyerCode }));
  multiply(match.step, (step: NonNullable<Evidence['step']>) => ({ step }));
  multiply(match.description_pattern, (pattern: string) => ({
    description: pattern.startsWith('^') ? `${pattern.slice(1)}: and more` : `before ${pattern} after`,
  }));
  return examples;
}

test('S-13 every entry is reached by each piece of evidence that it names, and none hides another', () => {
  const hidden = catalogue.flatMap((entry) =>
    examplesOf(entry)
      .map((evidence) => ({ wanted: entry.id, got: diagnose(evidence).id, evidence }))
      .filter(({ wanted, got }) => wanted !== got),
  );
  expect(hidden).toEqual([]);
});

test('every entry is complete and uses the words of the closed lists only', () => {
  for (const entry of catalogue) {
    const { match } = entry;
    expect(providers, entry.id).toContain(entry.provider);
    expect(menders, entry.id).toContain(entry.who);
    if (entry.field !== undefined) expect(sourceFields, entry.id).toContain(entry.field);
    for (const step of match.step ?? []) expect(steps, entry.id).toContain(step);
    for (const reason of match.reason ?? []) expect(reasons, entry.id).toContain(reason);
    for (const code of match.foyer_code ?? []) expect(Object.keys(errorTable), entry.id).toContain(code);
    for (const values of Object.values(match)) expect(values.length, entry.id).toBeGreaterThan(0);
    expect(entry.fix.length, entry.id).toBeGreaterThan(0);
    expect(entry.fix.length, entry.id).toBeLessThanOrEqual(3);
    expect(typeof entry.retry, entry.id).toBe('boolean');
    expect(entry.id.startsWith(`${entry.provider}.`), entry.id).toBe(true);
    if (entry.link !== undefined) expect(new URL(entry.link).protocol, entry.id).toBe('https:');
  }
});

test('the match of an entry has no condition that nobody looks at', () => {
  const looked = [
    'code',
    'suberror',
    'error',
    'node_code',
    'reason',
    'http_status',
    'foyer_code',
    'step',
    'description_pattern',
  ];
  const names = new Set(catalogue.flatMap((entry) => Object.keys(entry.match)));
  expect([...names].filter((name) => !looked.includes(name))).toEqual([]);
});

test('ids and AADSTS codes stand in the catalogue once only', () => {
  const ids = catalogue.map((entry) => entry.id);
  expect(ids.filter((id, position) => ids.indexOf(id) !== position)).toEqual([]);
  const codes = catalogue.flatMap((entry) => entry.match.code ?? []);
  expect(codes.filter((code, position) => codes.indexOf(code) !== position)).toEqual([]);
});

test('every reason, every step and every refusal of a sign-in has an entry', () => {
  for (const reason of reasons) expect(diagnose({ reason }).known, reason).toBe(true);
  for (const step of steps) expect(diagnose({ step }).id).toBe(`foyer.step-${step}`);
  const signIn = [
    'state_mismatch flow_used flow_expired source_not_found source_mismatch source_misconfigured',
    'source_unavailable nonce_mismatch id_token_invalid issuer_mismatch subject_mismatch bad_profile not_permitted',
    'not_provisioned account_exists account_disabled upstream_refused upstream_invalid upstream_unreachable',
    'upstream_timeout egress_denied bad_credentials not_available_yet needs_consent',
  ].flatMap((line) => line.split(' ')) as NonNullable<Evidence['foyerCode']>[];
  for (const foyerCode of signIn) {
    expect(diagnose({ foyerCode }), foyerCode).toMatchObject({ known: true, provider: 'foyer' });
  }
});

test('texts are short plain sentences that need no escaping beyond the usual', () => {
  for (const entry of catalogue) {
    const sentences = [entry.cause, entry.person, ...entry.fix];
    expect(entry.title.length, entry.id).toBeLessThanOrEqual(90);
    expect(entry.title, entry.id).not.toMatch(/\.$/);
    for (const text of [entry.title, ...sentences]) {
      expect(text.length, `${entry.id}: ${text}`).toBeLessThanOrEqual(320);
      expect(text, entry.id).not.toMatch(/[<>*`\u0000-\u001f]| {2}|^\s|\s$/);
    }
    for (const text of [entry.cause, entry.person]) expect(text, entry.id).toMatch(/[.!?]$/);
  }
});

test('S-107 what the person reads names no field, address, id or code of the set-up', () => {
  for (const entry of catalogue) {
    expect(entry.person, entry.id).not.toMatch(
      /AADSTS|client|secret|scope|token|URL|redirect|tenant|issuer|certificate|_/i,
    );
    expect(entry.person.replace('https://mysignins.microsoft.com/security-info', ''), entry.id).not.toMatch(
      /http/,
    );
  }
});
