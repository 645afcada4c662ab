import { describe, expect, test } from 'vitest';
import { diagnose, type Evidence } from '#upstream/diagnosis/diagnosis.ts';
import { parseBearerChallenge, parseProviderError } from '#upstream/diagnosis/parse-provider-error.ts';

const traceId = '255d1aef-8c98-452f-ac51-23d051240864';
const entra = {
  error: 'invalid_client',
  error_description: `AADSTS7000215: Invalid client secret provided.\r\nTrace ID: ${traceId}\r\nTimestamp: 2026-01-09 02:02:12Z`,
  error_codes: [7000215],
  trace_id: traceId,
};

describe('shapes of providers', () => {
  test('Entra: codes from the list, trace id, one line of text', () => {
    expect(parseProviderError(entra, 401)).toEqual({
      httpStatus: 401,
      error: 'invalid_client',
      errorCodes: [7000215],
      description: `AADSTS7000215: Invalid client secret provided. Trace ID: ${traceId} Timestamp: 2026-01-09 02:02:12Z`,
      traceId,
    });
    expect(parseProviderError(JSON.stringify(entra), 401)).toEqual(parseProviderError(entra, 401));
  });

  test('Entra without a list: the code at the beginning of the text, and there only', () => {
    const codesOf = (text: string) => parseProviderError({ error: 'x', error_description: text }).errorCodes;
    expect(codesOf('AADSTS65004: User declined.')).toEqual([65004]);
    expect(codesOf('see AADSTS65004: User declined.')).toBeUndefined();
    expect(codesOf('AADSTS: none')).toBeUndefined();
    expect(codesOf('AADSTS12345678901: too long')).toBeUndefined();
  });

  test('the list of codes wins over the text', () => {
    const body = { ...entra, error_description: 'AADSTS65001: something else' };
    expect(parseProviderError(body).errorCodes).toEqual([7000215]);
  });

  test('Microsoft Graph', () => {
    const body = {
      error: {
        code: 'InvalidAuthenticationToken',
        message: 'Lifetime validation failed, the token is expired.',
        innerError: { date: '2026-01-01T00:00:00', 'request-id': traceId },
      },
    };
    expect(parseProviderError(body, 401)).toEqual({
      httpStatus: 401,
      error: 'InvalidAuthenticationToken',
      description: 'Lifetime validation failed, the token is expired.',
      traceId,
    });
  });

  test('Google APIs: the word in details, then in errors, then the status', () => {
    const error = { code: 403, message: 'No.', status: 'PERMISSION_DENIED' };
    const errors = [{ domain: 'global', reason: 'insufficientPermissions', message: 'No.' }];
    const details = [{ '@type': 'Help', links: [] }, { reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }];
    expect(parseProviderError({ error }, 403).error).toBe('PERMISSION_DENIED');
    expect(parseProviderError({ error: { ...error, errors } }, 403).error).toBe('insufficientPermissions');
    expect(parseProviderError({ error: { ...error, errors, details } }, 403).error).toBe(
      'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    );
    expect(parseProviderError([{ error }], 403).error).toBe('PERMISSION_DENIED');
  });

  test('Google’s error_subtype and Entra’s error_subcode count as suberror', () => {
    expect(parseProviderError({ error: 'invalid_grant', error_subtype: 'invalid_rapt' }).suberror).toBe(
      'invalid_rapt',
    );
    expect(parseProviderError({ error: 'access_denied', error_subcode: 'cancel' }).suberror).toBe('cancel');
  });

  test('GitHub answers 200 with a form', () => {
    const text = 'error=bad_verification_code&error_description=The+code+is+wrong.&error_uri=x';
    expect(parseProviderError(text, 200)).toEqual({
      httpStatus: 200,
      error: 'bad_verification_code',
      description: 'The code is wrong.',
    });
  });

  test('a web page is a reason of its own only where data was to be expected', () => {
    const page = '\r\n <!DOCTYPE html><html><body>Sign in</body></html>';
    expect(parseProviderError(page, 200)).toEqual({ httpStatus: 200, reason: 'html' });
    expect(parseProviderError(page)).toEqual({ reason: 'html' });
    expect(parseProviderError(page, 404)).toEqual({ httpStatus: 404 });
    expect(diagnose({ ...parseProviderError(page, 404), step: 'token' }).field).toBe('token_url');
    expect(diagnose({ ...parseProviderError(page, 200), step: 'profile' }).field).toBe('raw_info_url');
  });

  test('a bearer challenge', () => {
    const header = 'Bearer realm="x", error="invalid_token", error_description="The token \u0001expired"';
    expect(parseBearerChallenge(header, 401)).toEqual({
      httpStatus: 401,
      error: 'invalid_token',
      description: 'The token expired',
    });
    expect(parseBearerChallenge('Basic realm="error=x"', 401)).toEqual({ httpStatus: 401 });
    for (const raw of [undefined, null, 7, ['a'], {}, `Bearer ${'error="'.repeat(200_000)}`]) {
      expect(() => parseBearerChallenge(raw, 401)).not.toThrow();
    }
  });
});

const journeys: readonly (readonly [string, unknown, number, Evidence, string, string | undefined])[] = [
  ['wrong secret', entra, 401, { step: 'token' }, 'microsoft.wrong-secret', 'client_secret'],
  [
    'PKCE',
    { error: 'invalid_grant', error_description: 'AADSTS501481: The Code_Verifier does not match.' },
    400,
    { step: 'token' },
    'microsoft.pkce-mismatch',
    'authorize_params',
  ],
  [
    'consent',
    { error: 'invalid_grant', error_codes: [65001], suberror: 'consent_required' },
    400,
    { step: 'refresh' },
    'microsoft.consent-missing',
    'scope',
  ],
  [
    'cancelled at Microsoft',
    { error: 'access_denied', error_subcode: 'cancel', state: 'x' },
    302,
    { step: 'callback', providerHint: 'microsoft' },
    'microsoft.cancelled',
    'scope',
  ],
  [
    'Azure AD B2C password reset',
    { error: 'access_denied', error_description: 'AADB2C90118: The user has forgotten their password.' },
    302,
    { step: 'callback', providerHint: 'other' },
    'microsoft.b2c-forgot-password',
    undefined,
  ],
  [
    'Graph without consent',
    { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } },
    403,
    { step: 'profile', providerHint: 'microsoft' },
    'microsoft.graph-directory-denied',
    'scope',
  ],
  [
    'Google revoked',
    { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    400,
    { step: 'refresh', providerHint: 'google' },
    'google.revoked',
    undefined,
  ],
  [
    'Google API off',
    { error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'SERVICE_DISABLED' }] } },
    403,
    { step: 'profile', providerHint: 'google' },
    'google.api-disabled',
    'raw_info_url',
  ],
  ['nothing said', {}, 401, { step: 'token' }, 'oauth2.http-token-refused', 'client_secret'],
  ['overloaded', '<html>busy</html>', 503, { step: 'token' }, 'oauth2.http-trouble', undefined],
];

test.each(journeys)('from answer to diagnosis: %s', (_name, body, status, evidence, id, field) => {
  const diagnosis = diagnose({ ...evidence, ...parseProviderError(body, status) });
  expect(diagnosis.id).toBe(id);
  expect(diagnosis.field).toBe(field);
});

describe('hostile answers', () => {
  const mebibyte = 'A'.repeat(1_048_576);
  const deep = JSON.parse(`${'{"error":'.repeat(500)}1${'}'.repeat(500)}`) as unknown;
  const hostile: readonly unknown[] = [
    null,
    undefined,
    0,
    Number.NaN,
    true,
    Symbol('x'),
    () => 1,
    [],
    [[[[]]]],
    {},
    new Date(0),
    '',
    mebibyte,
    `{"error":"${mebibyte}"}`,
    `error=${mebibyte}`,
    '{"error":',
    '['.repeat(60_000),
    'error=%',
    'error=%ff%fe&error_description=%00',
    deep,
    { error: null, error_description: 7, error_codes: 'AADSTS1', suberror: [], trace_id: {} },
    { error: { code: {}, message: [], innerError: 'x', details: [null, 1, { reason: {} }], errors: {} } },
    { error: [['a'], { code: 'x' }] },
    { error_codes: [null, '7000215', -1, 1.5, 1e30, Number.NaN, {}] },
    { error_codes: Array.from({ length: 100_000 }, (_, index) => index) },
    Object.create({ error: 'inherited' }),
    JSON.parse('{"__proto__":{"error":"polluted"},"constructor":{"error":"x"}}'),
  ];

  test('S-13 S-25 never throw, and what comes out is small, typed and printable', () => {
    for (const body of hostile) {
      const evidence = parseProviderError(body, 400);
      expect(JSON.stringify(evidence).length).toBeLessThan(1_000);
      for (const name of ['error', 'suberror', 'description', 'traceId'] as const) {
        const text = evidence[name];
        if (text === undefined) continue;
        expect(typeof text).toBe('string');
        expect(text.length).toBeLessThanOrEqual(200);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }
      for (const code of evidence.errorCodes ?? []) expect(Number.isSafeInteger(code)).toBe(true);
      expect(evidence.errorCodes?.length ?? 0).toBeLessThanOrEqual(10);
      expect(typeof diagnose(evidence).id).toBe('string');
    }
    expect(({} as { error?: unknown }).error).toBeUndefined();
  });

  test('S-25 inherited and polluting names are not read', () => {
    expect(parseProviderError(Object.create({ error: 'inherited' }))).toEqual({});
    expect(parseProviderError('{"__proto__":{"error":"polluted"}}')).toEqual({});
    expect(parseProviderError({ error_codes: ['7000215'], error_description: '' })).toEqual({});
  });

  test('S-13 script, line breaks, direction marks and half characters are cut or made harmless', () => {
    const text = `a\r\nSet-Cookie: x\u0000\u202eb${'\u{1f600}'.repeat(300)}`;
    const { description } = parseProviderError({ error: 'x', error_description: text });
    expect(description?.startsWith('a Set-Cookie: x b')).toBe(true);
    expect(description?.length).toBeLessThanOrEqual(200);
    expect(description?.isWellFormed()).toBe(true);
  });

  test('an httpStatus that is no number is left out', () => {
    expect(parseProviderError({}, Number.NaN)).toEqual({});
    expect(parseProviderError({}, '200' as unknown as number)).toEqual({});
  });
});
