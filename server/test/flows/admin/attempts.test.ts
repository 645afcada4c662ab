/** The flight recorder as administrators read it: attempts, the funnel, and how sources are doing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#base/lib/errors.ts';
import { type SourceId, shortId } from '#base/lib/ids.ts';
import type { Attempt, AttemptStep } from '#model/attempts/attempt.ts';
import { bucketOf, quantileMs } from '#model/attempts/duration-buckets.ts';
import type { Source } from '#model/sources/source.ts';
import { openWorld, type World } from './engine-world.ts';

let world: World;
let source: Source;
const kysely = () => world.foyer.services.db.kysely;

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  await world.foyer.services.recorder.flush();
  for (const table of ['sign_in_attempts', 'sign_in_counts', 'identities', 'sources'] as const) {
    await kysely().deleteFrom(table).execute();
  }
  source = await world.foyer.seedSource(world.a, { name: 'Entra' });
});
afterAll(() => world.foyer.close());

const step = (name: string, outcome: 'ok' | 'failed' = 'ok'): AttemptStep => ({
  name,
  outcome,
  startedAt: new Date(),
  durationMs: 12,
  detail: { host: 'idp.test' },
  exchange: () => ({ request: { method: 'POST', url: 'https://idp.test/token', params: {} } }),
});
const passed = ['authorize', 'callback', 'token', 'profile', 'mapping', 'decision'].map((name) => step(name));

const record = (fields: Partial<Attempt> & { agoMs?: number } = {}): string => {
  const { agoMs = 0, ...given } = fields;
  const id = shortId();
  world.foyer.services.recorder.record({
    domainId: source.domainId,
    id,
    sourceId: source.id,
    version: source.version,
    endedAtMs: world.foyer.clock.nowMs() - agoMs,
    durationMs: 3_000,
    ownMs: 90,
    reason: undefined,
    userId: undefined,
    steps: given.reason ? [step('authorize'), step('callback'), step('token', 'failed')] : passed,
    evidence: {},
    requestId: 'request-1',
    ...given,
  });
  return id;
};
const refuse = (reason: ErrorCode, evidence: Record<string, unknown> = {}, agoMs = 0): string =>
  record({ reason, evidence, agoMs });
const list = async (query = '', as = world.as.admin) => {
  const { body, status } = await as('GET', `/sources?authority_id=${world.a.id}${query}`);
  expect(status).toBe(200);
  return body;
};
const stateOf = async (id: string = source.id): Promise<string> =>
  (await list()).find((each: { id: string }) => each.id === id)?.state;

describe('attempts', () => {
  it('lists them newest first, in pages, with filters', async () => {
    const ok = record({ agoMs: 3_000, userId: world.users.user });
    const denied = refuse('upstream_refused', {
      step: 'token',
      error: 'invalid_client',
      who: 'administrator',
    });
    const other = await world.foyer.seedSource(world.a, { name: 'Other' });
    const elsewhere = record({ agoMs: 6_000, sourceId: other.id });
    const all = await world.as.admin('GET', '/sign_in_attempts?limit=2');
    expect(all.body.map(({ id }: { id: string }) => id)).toEqual([denied, ok]);
    expect(all.headers['x-total-count']).toBe('3');
    expect(all.headers.link).toContain('offset=2');
    expect(all.body[0]).toMatchObject({
      authority_id: world.a.id,
      source_id: source.id,
      outcome: 'denied',
      reason: 'upstream_refused',
      failed_step: 'token',
      title: expect.stringMatching(/client/i),
      duration_ms: 3_000,
    });
    expect(all.body[1]).toMatchObject({
      outcome: 'ok',
      user: { id: world.users.user, name: 'User A', email: expect.stringContaining('@') },
    });
    expect(all.body[1]).not.toHaveProperty('failed_step');
    const ids = async (query: string): Promise<string[]> =>
      (await world.as.admin('GET', `/sign_in_attempts?${query}`)).body.map(({ id }: { id: string }) => id);
    expect(await ids('outcome=denied')).toEqual([denied]);
    expect(await ids(`source_id=${other.id}`)).toEqual([elsewhere]);
    expect(await ids(`q=${ok}`)).toEqual([ok]);
    expect(await ids(`q=${ok.slice(0, 5).toUpperCase()}`)).toEqual([ok]);
    expect(await ids('q=%25')).toEqual([]);
    expect((await world.as.platform('GET', '/sign_in_attempts')).body).toHaveLength(3);
  });

  it('shows one with its steps, and the advice beside the one that failed', async () => {
    const id = refuse('upstream_refused', {
      step: 'token',
      error: 'invalid_client',
      errorCodes: [7_000_215],
      providerHint: 'microsoft',
      who: 'administrator',
    });
    const { body, status } = await world.as.admin('GET', `/sign_in_attempts/${id.toUpperCase()}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      request_id: 'request-1',
      evidence: { errorCodes: [7_000_215] },
      advice: { who: 'administrator', field: 'client_secret', known: true },
      steps: [
        { name: 'authorize', outcome: 'ok', detail: { host: 'idp.test' } },
        { name: 'callback', outcome: 'ok' },
        {
          name: 'token',
          outcome: 'failed',
          duration_ms: 12,
          request: { method: 'POST' },
          advice: { field: 'client_secret' },
        },
      ],
    });
    expect(new Date(body.steps[0].started_at).getTime()).toBeGreaterThan(0);
  });

  it('S-45 S-39 is not found by administrators of another domain, nor by people without the role', async () => {
    const id = record();
    expect((await world.as.other('GET', `/sign_in_attempts/${id}`)).status).toBe(404);
    expect((await world.as.other('GET', '/sign_in_attempts')).body).toEqual([]);
    expect((await world.as.other('GET', `/sign_in_attempts?authority_id=${world.a.id}`)).status).toBe(404);
    expect((await world.as.other('GET', `/sources/${source.id}/funnel`)).status).toBe(404);
    expect((await world.as.platform('GET', `/sign_in_attempts/${id}`)).status).toBe(200);
    for (const role of ['user', 'support'] as const) {
      expect((await world.as[role]('GET', `/sign_in_attempts/${id}`)).status).toBe(403);
    }
  });
});

describe('the funnel', () => {
  it('counts how far sign-ins came, by hour, with the time that is ours and the most frequent errors', async () => {
    const { recorder } = world.foyer.services;
    for (let i = 0; i < 10; i++) recorder.countStart(source.domainId, source.id);
    for (let i = 0; i < 4; i++) record({ ownMs: 90 });
    record({ ownMs: 2_500 });
    record({ ownMs: 100, agoMs: 2 * 3_600_000 });
    const cause = { step: 'token', error: 'invalid_client', who: 'administrator' };
    refuse('upstream_refused', { ...cause, traceId: 'trace-one' }, 5_000);
    const last = refuse('upstream_refused', { ...cause, traceId: 'trace-two' });
    refuse('account_exists');
    record({ reason: 'state_mismatch', ownMs: undefined, steps: [step('callback', 'failed')] });
    const { body } = await world.as.admin('GET', `/sources/${source.id}/funnel`);
    expect(body.hours).toBe(168);
    expect(body.stages).toEqual([
      { stage: 'started', count: 10 },
      { stage: 'returned', count: 9 },
      { stage: 'token', count: 6 },
      { stage: 'profile', count: 6 },
      { stage: 'signed_in', count: 6 },
    ]);
    expect(body).toMatchObject({ p50_ms: 100, p95_ms: 3_000 });
    expect(body.series.reduce((sum: number, { ok }: { ok: number }) => sum + ok, 0)).toBe(6);
    expect(body.series.length).toBeGreaterThanOrEqual(2);
    expect(body.top_errors[0]).toMatchObject({ reason: 'upstream_refused', count: 2, last_id: last });
    expect(body.top_errors.map(({ reason }: { reason: string }) => reason).sort()).toEqual([
      'account_exists',
      'state_mismatch',
      'upstream_refused',
    ]);
    const recent = await world.as.admin('GET', `/sources/${source.id}/funnel?hours=1`);
    expect(recent.body.stages[4].count).toBeLessThanOrEqual(5);
    expect((await world.as.admin('GET', `/sources/${source.id}/funnel?hours=x`)).status).toBe(400);
  });

  it('is empty where nobody ever tried', async () => {
    const { body } = await world.as.admin('GET', `/sources/${source.id}/funnel`);
    expect(body).toEqual({
      hours: 168,
      stages: ['started', 'returned', 'token', 'profile', 'signed_in'].map((stage) => ({ stage, count: 0 })),
      series: [],
      top_errors: [],
    });
  });

  it('finds quantiles by the bucket that they fall into', () => {
    const counts: number[] = [];
    for (let ms = 1; ms <= 1_000; ms++) counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1;
    expect(
      [0.5, 0.95, 1].map((share) =>
        quantileMs(
          Array.from(counts, (n) => n ?? 0),
          share,
        ),
      ),
    ).toEqual([500, 1_000, 1_000]);
    expect(quantileMs([], 0.5)).toBeUndefined();
  });
});

describe('sources and how they are doing', () => {
  it('lists every kind, with addresses, week and people', async () => {
    await world.foyer.seedSource(world.a, { kind: 'saml', name: 'Federation', settings: {} });
    await world.foyer.seedSource(world.a, { kind: 'ldap', name: 'Directory', settings: {} });
    await world.foyer.seedSource(world.b, { name: 'Foreign', settings: {} });
    record();
    record({ agoMs: 2 * 86_400_000 });
    refuse('bad_profile');
    await kysely()
      .insertInto('identities')
      .values(
        ['one', 'two'].map((subject) => ({
          domain_id: world.a.id,
          source_id: source.id,
          issuer: 'https://idp.test',
          subject,
          user_id: world.users.user,
        })),
      )
      .execute();
    const sources = await list();
    expect(sources.map(({ name, kind }: { name: string; kind: string }) => `${name} ${kind}`)).toEqual([
      'Directory ldap',
      'Entra oauth2',
      'Federation saml',
    ]);
    const entra = sources[1];
    expect(entra).toMatchObject({
      state: 'live',
      is_default: false,
      users: 1,
      version: source.version,
      callback_url: `https://a.test/auth/oauth2/callback?id=${source.id}`,
      secrets: { client_secret: { set: false } },
    });
    expect(entra.last_success_at).toBeGreaterThan(0);
    expect(entra.last_failure_at).toBeGreaterThan(0);
    expect(entra.week).toHaveLength(7);
    expect(entra.week[6]).toMatchObject({ day: new Date().toISOString().slice(0, 10), ok: 1, denied: 1 });
    expect(entra.week[4]).toMatchObject({ ok: 1, denied: 0 });
    const one = await world.as.admin('GET', `/sources/${source.id}`);
    expect(one.body).toEqual(entra);
    expect((await world.as.other('GET', `/sources/${source.id}`)).status).toBe(404);
    expect((await world.as.platform('GET', '/sources')).headers['x-total-count']).toBe('4');
    expect((await world.as.admin('GET', '/sources?q=feder')).body).toHaveLength(1);
  });

  it('shows only the kinds that a key has a scope for', async () => {
    await world.foyer.seedSource(world.a, { kind: 'saml', name: 'Federation', settings: {} });
    const key = await world.makeKey(world.a, world.users.admin, { scopes: ['saml_authentications'] });
    const { body } = await world.withKey(world.a, key)('GET', '/sources');
    expect(body.map(({ kind }: { kind: string }) => kind)).toEqual(['saml']);
  });

  it('asks the same number of questions for one source as for thirty', async () => {
    const asked = async (): Promise<number> => {
      const { db } = world.foyer.services;
      let count = 0;
      const { executeQuery } = db.kysely.getExecutor();
      const executor = db.kysely.getExecutor() as unknown as { executeQuery: unknown };
      executor.executeQuery = (...args: Parameters<typeof executeQuery>) => {
        count++;
        return executeQuery.apply(db.kysely.getExecutor(), args);
      };
      await list();
      executor.executeQuery = executeQuery;
      return count;
    };
    await list();
    const few = await asked();
    for (let i = 0; i < 29; i++) await world.foyer.seedSource(world.a, { name: `Source ${i}`, settings: {} });
    expect(await asked()).toBe(few);
    expect(few).toBeGreaterThan(2);
    expect(few).toBeLessThan(9);
  });

  it('is failing when nothing but failures of its own came since the last success', async () => {
    record({ agoMs: 60_000 });
    const since = Math.floor((world.foyer.clock.nowMs() - 30_000) / 1_000);
    refuse('upstream_refused', { who: 'administrator' }, 30_000);
    refuse('upstream_unreachable', { who: 'wait' }, 20_000);
    expect(await stateOf()).toBe('live');
    refuse('bad_profile', { who: 'administrator' }, 10_000);
    const [summary] = await list();
    expect(summary.state).toBe('failing');
    expect(Math.abs(summary.failing_since - since)).toBeLessThanOrEqual(1);
    record();
    expect(await stateOf()).toBe('live');
  });

  it('is not failing because of what people do: cancelled, not permitted, a strange callback', async () => {
    for (let i = 0; i < 3; i++) {
      refuse('upstream_refused', { error: 'access_denied', who: 'person' });
      refuse('not_permitted');
      refuse('account_exists');
      record({ reason: 'state_mismatch', ownMs: undefined });
    }
    expect(await stateOf()).toBe('live');
  });

  it('is not failing because of what anybody can bring back from a sign-in that they began', async () => {
    for (let i = 0; i < 3; i++) {
      // The provider's error and issuer as the browser tells them, a code made up, a code of another sign-in.
      refuse('upstream_refused', { step: 'callback', error: 'server_error', who: 'wait' });
      refuse('issuer_mismatch', { step: 'callback', who: 'administrator' });
      refuse('upstream_refused', { step: 'token', error: 'invalid_grant', who: 'administrator' });
      refuse('upstream_refused', { step: 'token', error: 'Invalid_Request', who: 'administrator' });
      refuse('nonce_mismatch', { step: 'token', who: 'administrator' });
      refuse('bad_profile', { step: 'mapping', reason: 'malformed_profile', who: 'administrator' });
    }
    expect(await stateOf()).toBe('live');
  });

  it.each<[ErrorCode, Record<string, string>]>([
    ['upstream_refused', { step: 'token', error: 'invalid_client' }],
    ['upstream_refused', { step: 'token' }],
    ['source_unavailable', { step: 'token', error: 'invalid_request' }],
    ['upstream_refused', { step: 'profile', error: 'invalid_request' }],
    ['bad_profile', { step: 'mapping', reason: 'missing_uid' }],
    ['id_token_invalid', { step: 'keys' }],
    ['source_misconfigured', { step: 'authorize' }],
  ])('is failing when Foyer met %s %o itself', async (reason, evidence) => {
    for (let i = 0; i < 3; i++) refuse(reason, { who: 'administrator', ...evidence });
    expect(await stateOf()).toBe('failing');
  });

  it('is a draft, then tested, and disabled only when it was used before', async () => {
    const draft = await world.foyer.seedSource(world.a, { name: 'Draft', enabled: false, settings: {} });
    expect(await stateOf(draft.id)).toBe('draft');
    await kysely()
      .insertInto('source_revisions')
      .values({
        domain_id: world.a.id,
        source_id: draft.id,
        version: draft.version,
        name: 'Draft',
        settings: '{}',
        cause: 'create',
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await kysely()
      .updateTable('source_revisions')
      .set({ tested_at: new Date(), tested_by: world.users.admin })
      .where('source_id', '=', draft.id)
      .execute();
    const tested = (await list()).find(({ id }: { id: string }) => id === draft.id);
    expect(tested).toMatchObject({ state: 'tested', tested_by: 'Admin A', tested_at: expect.any(Number) });
    record({ sourceId: draft.id as SourceId });
    expect(await stateOf(draft.id)).toBe('disabled');
  });

  it('S-94 says when a secret ends, and never what it is', async () => {
    const secret = 'a-secret-that-nobody-may-read';
    const ends = await world.foyer.seedSource(world.a, { name: 'Ends', settings: { client_secret: secret } });
    const expiresAt = Math.floor(world.foyer.clock.nowMs() / 1_000) + 10 * 86_400 + 60;
    await kysely()
      .updateTable('sources')
      .set({
        secret_notes: JSON.stringify({
          client_secret: { fingerprint: 'f'.repeat(64), last_four: 'read', expires_at: expiresAt },
        }),
      })
      .where('id', '=', ends.id)
      .execute();
    const answer = await world.as.admin('GET', '/sources');
    const summary = answer.body.find(({ id }: { id: string }) => id === ends.id);
    expect(summary).toMatchObject({
      secret_days_left: 10,
      secrets: {
        client_secret: { set: true, last_four: 'read', fingerprint: 'ffffffff', expires_at: expiresAt },
      },
    });
    expect(answer.text).not.toContain(secret);
    expect(answer.text).not.toContain('f'.repeat(9));
  });
});
