import { createServer, type Server } from 'node:http';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { catalogue } from '#upstream/diagnosis/catalogue.ts';
import { diagnose, type Evidence } from '#upstream/diagnosis/diagnosis.ts';

test('a wrong Microsoft secret names the field and the place to copy it from', () => {
  const diagnosis = diagnose({
    step: 'token',
    httpStatus: 401,
    error: 'invalid_client',
    errorCodes: [7000215],
    foyerCode: 'upstream_refused',
    providerHint: 'microsoft',
  });
  expect(diagnosis).toMatchObject({
    id: 'microsoft.wrong-secret',
    field: 'client_secret',
    who: 'administrator',
    retry: false,
    known: true,
    link: 'https://login.microsoftonline.com/error?code=7000215',
  });
  expect(diagnosis.fix[0]).toContain('Certificates & secrets');
  expect(diagnosis.fix[0]).toContain('“Value” column, not the “Secret ID”');
});

test('the most specific evidence decides', () => {
  const evidence: Evidence = {
    step: 'token',
    foyerCode: 'upstream_invalid',
    httpStatus: 401,
    reason: 'not_json',
    nodeCode: 'ECONNREFUSED',
    error: 'invalid_grant',
    suberror: 'bad_token',
    errorCodes: [50173],
    providerHint: 'microsoft',
  };
  const chosen: string[] = [];
  for (const name of [
    'errorCodes',
    'suberror',
    'error',
    'nodeCode',
    'reason',
    'httpStatus',
    'foyerCode',
    'step',
  ] as const) {
    chosen.push(diagnose(evidence).id);
    delete evidence[name];
  }
  chosen.push(diagnose(evidence).id);
  expect(chosen).toEqual([
    'microsoft.grant-revoked',
    'microsoft.suberror-token',
    'oauth2.invalid-grant',
    'network.refused',
    'foyer.not-json',
    'oauth2.http-token-refused',
    'foyer.upstream-invalid',
    'foyer.step-token',
    'foyer.unknown',
  ]);
});

test('a telling code wins over the general one around it, in any order', () => {
  expect(diagnose({ errorCodes: [70002, 50012] }).id).toBe('microsoft.credential-not-valid');
  expect(diagnose({ errorCodes: [50012, 70002] }).id).toBe('microsoft.credential-not-valid');
  expect(diagnose({ errorCodes: [70002] }).id).toBe('microsoft.bad-credential');
});

test('a code that the catalogue lacks falls back to the error, with the page where Microsoft explains it', () => {
  expect(diagnose({ errorCodes: [987654], error: 'invalid_scope' })).toMatchObject({
    id: 'oauth2.invalid-scope',
  });
  expect(diagnose({ errorCodes: [987654], step: 'token' })).toMatchObject({
    id: 'foyer.step-token',
    known: false,
    link: 'https://login.microsoftonline.com/error?code=987654',
  });
});

test('the same error means what the provider at hand means by it', () => {
  const error = 'invalid_client';
  expect(diagnose({ error, providerHint: 'google' }).id).toBe('google.wrong-secret');
  expect(diagnose({ error, description: 'The OAuth client was not found.', providerHint: 'google' }).id).toBe(
    'google.client-not-found',
  );
  expect(diagnose({ error, providerHint: 'other' }).id).toBe('oauth2.invalid-client');
  expect(diagnose({ error }).id).toBe('oauth2.invalid-client');
});

test('advice for one vendor’s console is never given for another provider', () => {
  for (const entry of catalogue) {
    for (const error of entry.match.error ?? []) {
      const { provider } = diagnose({ error, providerHint: 'other' });
      expect(['microsoft', 'google'], `${entry.id} ${error}`).not.toContain(provider);
    }
  }
});

test('a refused renewal is told from a refused code', () => {
  const error = 'invalid_grant';
  expect(diagnose({ error, step: 'refresh', providerHint: 'other' }).id).toBe('oauth2.invalid-grant-refresh');
  expect(diagnose({ error, step: 'token', providerHint: 'other' }).id).toBe('oauth2.invalid-grant');
});

const failureOf = (port: number): Promise<NodeJS.ErrnoException> =>
  new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, agent: false }, () => reject(new Error('no failure')));
    request.on('error', resolve);
  });

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

test('R-05 real failures of Node are recognised: nothing listens, and no TLS is spoken', async () => {
  const server = createServer((_request, response) => response.end());
  const port = await listen(server);
  const plain = await failureOf(port);
  await new Promise((resolve) => server.close(resolve));
  const closed = await failureOf(port);

  const diagnoseNode = (error: NodeJS.ErrnoException) =>
    diagnose({ nodeCode: error.code ?? '', description: error.message }).id;
  expect(diagnoseNode(plain)).toMatch(/^tls\.not-tls/);
  expect(diagnoseNode(closed)).toBe('network.refused');
});

test('S-13 S-25 hostile evidence never throws and never chooses by inherited names', () => {
  const huge = 'x'.repeat(1_048_576);
  for (const text of [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    ' ',
    '\u0000',
    huge,
    '\ud800',
  ]) {
    const evidence = { error: text, suberror: text, description: text, nodeCode: text } as const;
    expect(diagnose(evidence).id, text.slice(0, 20)).toBe('foyer.unknown');
    expect(diagnose({ ...evidence, step: 'profile' }).id).toBe('foyer.step-profile');
  }
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 2 ** 60, 1.5]) {
    expect(diagnose({ errorCodes: [number], httpStatus: number }).id).toBe('foyer.unknown');
  }
  expect(diagnose({ errorCodes: Array.from({ length: 100_000 }, () => 7000215) }).id).toBe(
    'microsoft.wrong-secret',
  );
  expect(diagnose({ errorCodes: [Number.NaN] }).link).toBeUndefined();
});

test('S-13 nothing that the provider wrote gets into a diagnosis', () => {
  const evil = '<script>alert(1)</script>';
  const diagnosis = diagnose({ error: 'access_denied', description: evil, suberror: evil, step: 'callback' });
  expect(JSON.stringify(diagnosis)).not.toContain('script');
});

test('a diagnosis has the texts of its entry and none of the matching', () => {
  for (const entry of catalogue.slice(0, 20)) {
    const { match: _match, generic: _generic, ...texts } = entry;
    const diagnosis = diagnose({ errorCodes: entry.match.code ?? [] });
    expect(diagnosis).toEqual({ ...texts, known: true, link: expect.any(String) });
  }
});
