import { expect, test } from 'vitest';
import { FoyerError } from '#base/lib/errors.ts';
import { diagnose } from '#upstream/diagnosis/diagnosis.ts';
import { evidenceOf } from '#upstream/diagnosis/evidence-of-error.ts';

test('the evidence of a refusal is taken over where its types are right', () => {
  const error = new FoyerError('upstream_refused', {
    evidence: {
      step: 'token',
      httpStatus: 401,
      error: 'invalid_client',
      errorCodes: [7000215, '1'],
      other: 'x',
    },
  });
  expect(evidenceOf(error, 'microsoft')).toEqual({
    foyerCode: 'upstream_refused',
    providerHint: 'microsoft',
    step: 'token',
    httpStatus: 401,
    error: 'invalid_client',
    errorCodes: [7000215],
  });
});

test('S-25 evidence of wrong types is left behind', () => {
  const error = new FoyerError('bad_profile', {
    evidence: {
      step: 'cooking',
      httpStatus: '200',
      error: {},
      errorCodes: 'x',
      reason: 'scheme',
      nodeCode: 7,
    },
  });
  expect(evidenceOf(error)).toEqual({ foyerCode: 'bad_profile' });
  expect(evidenceOf(new FoyerError('flow_used'))).toEqual({ foyerCode: 'flow_used' });
});

test('a web page in place of the token names the field, by step', () => {
  const page = (step: string) =>
    new FoyerError('upstream_invalid', { detail: 'html', evidence: { step, httpStatus: 200 } });
  expect(diagnose(evidenceOf(page('token'))).field).toBe('token_url');
  expect(diagnose(evidenceOf(page('profile'))).field).toBe('raw_info_url');
});

test('S-25 a profile that is not clean points at the profile, not at the token address', () => {
  const error = new FoyerError('bad_profile', {
    detail: 'json',
    evidence: { step: 'profile', httpStatus: 200 },
  });
  expect(diagnose(evidenceOf(error)).id).toBe('foyer.hostile-profile');
});

test('a reason that the sign-in found wins over the detail', () => {
  const error = new FoyerError('bad_profile', { detail: 'json', evidence: { reason: 'missing_uid' } });
  expect(diagnose(evidenceOf(error)).id).toBe('foyer.missing-uid');
});
