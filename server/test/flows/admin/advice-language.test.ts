/** Advice in the language of the request: the same answers twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortId } from '#base/lib/ids.ts';
import { type DryRunWorld, openDryRunWorld } from './dry-run-world.ts';
import type { Answer } from './engine-world.ts';

let world: DryRunWorld;
beforeAll(async () => {
  world = await openDryRunWorld();
});
afterAll(() => world.close());

/** As the console asks in German, and as a program asks that says nothing of languages. */
const both = async (method: string, path: string, json?: unknown): Promise<{ de: Answer; en: Answer }> => {
  const options = json === undefined ? {} : { json };
  const headers = { 'accept-language': 'de' };
  const de = await world.as.admin(method, path, { ...options, headers });
  const en = await world.as.admin(method, path, options);
  for (const answer of [de, en]) {
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.vary).toBe('accept-language');
  }
  return { de, en };
};

describe('advice follows Accept-Language', () => {
  it('of sign-in attempts, one of them, and the funnel', async () => {
    const source = await world.foyer.seedSource(world.a, { name: 'Entra' });
    const id = shortId();
    const startedAt = new Date();
    world.foyer.services.recorder.record({
      domainId: source.domainId,
      id,
      sourceId: source.id,
      version: source.version,
      endedAtMs: world.foyer.clock.nowMs(),
      durationMs: 1_000,
      ownMs: 90,
      reason: 'upstream_refused',
      userId: undefined,
      steps: [{ name: 'token', outcome: 'failed', startedAt, durationMs: 1, detail: {} }],
      evidence: { step: 'token', errorCodes: [7000215], error: 'invalid_client' },
      requestId: 'request-1',
    });
    const title = { de: 'Das Client-Geheimnis ist falsch', en: 'The client secret is wrong' };

    const list = await both('GET', `/sign_in_attempts?source_id=${source.id}`);
    expect(list.de.body[0]).toMatchObject({ id, title: title.de });
    expect(list.en.body[0]).toMatchObject({ id, title: title.en });

    const one = await both('GET', `/sign_in_attempts/${id}`);
    expect(one.de.body.advice).toMatchObject({ title: title.de, field: 'client_secret' });
    expect(one.de.body.advice.fix[0]).toContain('Zertifikate & Geheimnisse');
    expect(one.de.body.steps[0].advice).toEqual(one.de.body.advice);
    expect(one.en.body.advice.title).toBe(title.en);

    const funnel = await both('GET', `/sources/${source.id}/funnel`);
    expect(funnel.de.body.top_errors).toMatchObject([{ title: title.de, count: 1 }]);
    expect(funnel.en.body.top_errors).toMatchObject([{ title: title.en, count: 1 }]);
  });

  it('of the mapping lab, and what sign-in would decide there', async () => {
    const lab = { authority_id: world.a.id, kind: 'oauth2', draft: world.draft() };
    const profile = { id: 'someone', mail: 'new@contoso.example' };
    const decided = await both('POST', '/mapping_previews', { ...lab, profile });
    expect(decided.de.body.decision.because).toBe(
      'Noch hat niemand diese Identität oder die Adresse new@contoso.example: ein Konto würde angelegt.',
    );
    expect(decided.en.body.decision.because).toContain('an account would be made');

    const refused = await both('POST', '/mapping_previews', { ...lab, profile: {} });
    expect(refused.de.body.refusal.code).toBe(refused.en.body.refusal.code);
    expect(refused.de.body.refusal.advice.person).toMatch(/^(?:Bitte|Ihr|Dieser) /);
    expect(refused.en.body.refusal.advice.title).not.toBe(refused.de.body.refusal.advice.title);
  });

  it('of a dry run that the provider did not send back', async () => {
    const { ticket } = await world.start();
    const body = { ticket, abandoned: true, shown_code: 'AADSTS50011' };
    const { de, en } = await both('POST', '/dry_runs/finish', body);
    expect(de.body.advice.title).toBe('Die Callback-Adresse ist bei Microsoft nicht registriert');
    expect(en.body.advice.title).toBe('The callback address is not registered at Microsoft');
  });
});
