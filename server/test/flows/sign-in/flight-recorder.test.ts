import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceId } from '#base/lib/ids.ts';
import type { Attempt } from '#model/attempts/attempt.ts';
import { createAttemptRecorder } from '#model/attempts/attempt-recorder.ts';
import { healthKey, readSourceHealth } from '#model/attempts/source-health.ts';
import { maxStepsBytes } from '#model/attempts/step-json.ts';
import type { Db } from '#model/tables.ts';
import { createCanaries } from '../../security/canaries.ts';
import type { Answer } from '../../support/browser.ts';
import { expectRefusedBrowser, expectSignedIn } from '../../support/expectations.ts';
import { startFoyer } from '../../support/start-foyer.ts';
import { type Broker, startBroker } from './broker.ts';

let broker: Broker;
beforeEach(async () => {
  broker = await startBroker();
});
afterEach(() => broker.close());

const db = (): Db => broker.foyer.services.db;
const recorder = () => broker.foyer.services.recorder;
const browserOf = () => broker.foyer.browser(broker.domain.host);
const incidentIn = ({ body }: Answer): string => /failure\?id=([2-9a-z]{8})/.exec(body)?.[1] ?? '';

interface StoredStep {
  name: string;
  outcome: string;
  duration_ms: number;
  detail: Record<string, unknown>;
}
const attempts = async () => {
  await recorder().flush();
  const rows = await db().kysely.selectFrom('sign_in_attempts').selectAll().orderBy('at').execute();
  return rows.map((row) => ({ ...row, steps: row.steps as StoredStep[] }));
};
const counts = async () => {
  await recorder().flush();
  return db().kysely.selectFrom('sign_in_counts').selectAll().execute();
};
const attemptOf = (fields: Partial<Attempt> = {}): Attempt => ({
  domainId: broker.domain.id,
  id: Math.random().toString(36).slice(2, 10).padEnd(8, '2'),
  sourceId: broker.source.id,
  version: 1,
  endedAtMs: Date.now(),
  durationMs: 1_200,
  ownMs: 80,
  reason: undefined,
  userId: undefined,
  steps: [],
  evidence: {},
  requestId: 'request-1',
  ...fields,
});

describe('a sign-in on record', () => {
  it('has every step with its time, from the provider to the decision', async () => {
    broker.provider.next({ id: 'ann', email: 'ann@example.com' });
    const browser = browserOf();
    const callback = await broker.begin(browser);
    broker.foyer.clock.advance(4_000);
    expectSignedIn(await browser.get(callback));
    const [attempt, ...others] = await attempts();
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({
      domain_id: broker.domain.id,
      id: expect.stringMatching(/^[2-9a-z]{8}$/),
      source_id: broker.source.id,
      version: broker.source.version,
      outcome: 'ok',
      reason: null,
      user_id: expect.stringMatching(/^user-/),
    });
    expect(attempt?.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'authorize ok',
      'callback ok',
      'token ok',
      'profile ok',
      'mapping ok',
      'decision ok',
    ]);
    // What was asked and answered is kept of failures only: see `stepsJson`.
    expect(attempt?.steps.filter((step) => 'request' in step || 'answer' in step)).toEqual([]);
    expect(attempt?.steps[0]?.duration_ms).toBeGreaterThanOrEqual(4_000);
    expect(attempt?.duration_ms).toBeGreaterThanOrEqual(4_000);
    expect(attempt?.steps.at(-1)?.detail).toEqual({ how: 'created' });
    expect(attempt?.expires_at.getTime()).toBe((attempt?.at.getTime() ?? 0) + 7 * 86_400_000);
    expect(await counts()).toMatchObject([
      { started: 1, returned: 1, token: 1, profile: 1, signed_in: 1, denied: 0, last_denied_at: null },
    ]);
  });

  it('is found by the short id that the person saw, with the step that failed', async () => {
    const source = await broker.addSource(broker.domain, { settings: { client_secret: 'wrong' } });
    const answer = await broker.signIn(browserOf(), { source });
    expectRefusedBrowser(answer, 'upstream_refused');
    const [attempt] = await attempts();
    expect(attempt).toMatchObject({
      id: incidentIn(answer),
      outcome: 'denied',
      reason: 'upstream_refused',
      evidence: { step: 'token', error: 'invalid_client', who: 'administrator' },
    });
    expect(attempt?.steps.at(-1)).toMatchObject({
      name: 'token',
      outcome: 'failed',
      request: { method: 'POST', params: { grant_type: 'authorization_code' } },
      answer: { status: 401, members: { error: 'invalid_client' } },
    });
    expect(await counts()).toMatchObject([{ started: 1, returned: 1, token: 0, profile: 0, denied: 1 }]);
  });

  it('holds nothing against a source that somebody brought back from a sign-in of their own', async () => {
    const { domain, source } = broker;
    const faultsOf = async (id: string): Promise<number | undefined> => {
      await recorder().flush();
      const named = { domainId: domain.id, id, version: 1 };
      return (await readSourceHealth(db(), [named])).get(healthKey(named))?.faults;
    };
    const broken = await broker.addSource(domain, { settings: { client_secret: 'wrong' } });
    const browser = browserOf();
    for (const made of ['error=server_error', 'error=invalid_client', 'code=made-up']) {
      const callback = new URL(await broker.begin(browser));
      const state = callback.searchParams.get('state');
      const forged = `${callback.pathname}?id=${source.id}&state=${state}&${made}`;
      expectRefusedBrowser(await browser.get(forged), 'upstream_refused');
      expectRefusedBrowser(await broker.signIn(browser, { source: broken }), 'upstream_refused');
    }
    expect(await faultsOf(source.id)).toBe(0);
    expect(await faultsOf(broken.id)).toBe(3);
  });

  it('says that the decision was ours when the source had done its part', async () => {
    await broker.foyer.seedUser(broker.domain, { email: 'bob@example.com' });
    broker.provider.next({ id: 'bob', email: 'bob@example.com' });
    expectRefusedBrowser(await broker.signIn(browserOf()), 'account_exists');
    const [attempt] = await attempts();
    expect(attempt?.steps.at(-1)).toMatchObject({
      name: 'decision',
      outcome: 'failed',
      detail: { code: 'account_exists' },
    });
    expect(await counts()).toMatchObject([{ profile: 1, signed_in: 0, denied: 1 }]);
  });

  it('records a start that failed, and a callback that belongs to nobody', async () => {
    const incomplete = await broker.addSource(broker.domain, { settings: { authorize_url: '' } });
    const start = await browserOf().get(`/auth/oauth2?id=${incomplete.id}`);
    expectRefusedBrowser(start, 'source_misconfigured');
    const back = `/auth/oauth2/callback?id=${broker.source.id}&state=${'s'.repeat(32)}&code=c`;
    expectRefusedBrowser(await browserOf().get(back), 'state_mismatch');
    const [first, second] = await attempts();
    expect(first).toMatchObject({ id: incidentIn(start), source_id: incomplete.id });
    expect(first?.steps).toMatchObject([{ name: 'authorize', outcome: 'failed' }]);
    expect(second?.steps).toMatchObject([{ name: 'callback', outcome: 'failed' }]);
    const returned = (await counts()).map((row) => [row.started, row.returned, row.denied]);
    expect(returned).toEqual([
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });

  it('counts starts and stores none of them, so that a stranger fills no table', async () => {
    for (let i = 0; i < 20; i++) await browserOf().get(`/auth/oauth2?id=${broker.source.id}`);
    expect(await attempts()).toEqual([]);
    expect(await counts()).toMatchObject([{ started: 20, returned: 0 }]);
  });

  it('S-40 leaves the source out when the domain has none of that name', async () => {
    expectRefusedBrowser(await browserOf().get('/auth/oauth2?id=oauth_strat-unknown'), 'source_not_found');
    expect(await attempts()).toMatchObject([{ source_id: null, reason: 'source_not_found' }]);
    expect(await counts()).toEqual([]);
  });

  it('S-26 S-140 keeps no token, code, secret, cookie or value of the profile, whatever the provider repeats', async () => {
    const canaries = createCanaries();
    const secret = canaries.plant('client secret', 'a-client-secret-of-this-source');
    const nickname = canaries.plant('profile value', 'Zaphod-Beeblebrox-the-first');
    const source = await broker.addSource(broker.domain, { settings: { client_secret: secret } });
    broker.provider.next({ id: 'cleo', email: 'cleo@example.com', nickname });
    expectRefusedBrowser(await broker.signIn(browserOf(), { source }), 'upstream_refused');
    const callBack = async (parameters: string): Promise<void> => {
      const browser = browserOf();
      const { location } = await browser.get(`/auth/oauth2?id=${broker.source.id}`);
      const state = canaries.plant('state', new URL(location).searchParams.get('state') ?? '');
      for (const [name, value] of browser.cookies) canaries.plant(name, value);
      await browser.get(`/auth/oauth2/callback?id=${broker.source.id}&state=${state}&${parameters}`);
    };
    const code = canaries.plant('code', 'a-code-that-comes-back-in-the-words');
    await callBack(`code=${code}`);
    await callBack(`code=${code}&error=server_error&error_description=code+${code}+was+refused`);
    const browser = browserOf();
    expectSignedIn(await broker.signIn(browser));
    for (const { accessToken, refreshToken } of broker.provider.issued) {
      canaries.plant('access token', accessToken);
      canaries.plant('refresh token', refreshToken);
    }
    for (const [name, value] of browser.cookies) if (name.includes('session')) canaries.plant(name, value);
    const stored = JSON.stringify(await attempts());
    expect(await attempts()).toHaveLength(4);
    expect(canaries.names.length).toBeGreaterThanOrEqual(9);
    expect(canaries.find(stored)).toEqual([]);
  });
});

describe('the memory of the recorder', () => {
  it('two nodes add up in one row', async () => {
    const other = await startFoyer({ sameStoreAs: broker.foyer });
    const atMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 + 1_000;
    for (const node of [broker.foyer, other, broker.foyer]) {
      node.services.recorder.record(attemptOf({ endedAtMs: atMs, ownMs: 60 }));
      node.services.recorder.record(attemptOf({ endedAtMs: atMs, reason: 'bad_profile', ownMs: 90_000 }));
    }
    await Promise.all([recorder().flush(), other.services.recorder.flush()]);
    const [row, ...rest] = await counts();
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ returned: 6, signed_in: 3, denied: 3 });
    expect(row?.durations.filter((n) => n > 0)).toEqual([3, 3]);
    expect(await attempts()).toHaveLength(6);
    await other.close();
  });

  it('lets the oldest successful attempts go when the store does not keep up, and never a failure before them', async () => {
    const refusing = { ...db(), run: () => Promise.reject(new Error('no store')) } as unknown as Db;
    const errors: unknown[] = [];
    let store: Db = refusing;
    const small = createAttemptRecorder({
      db: { ...db(), run: (...args: Parameters<Db['run']>) => store.run(...args) } as Db,
      clock: broker.foyer.clock,
      onError: (error) => errors.push(error),
      max: 4,
      flushEveryMs: 1e8,
    });
    small.record(attemptOf({ id: 'denied22', reason: 'bad_profile' }));
    for (let i = 0; i < 6; i++) small.record(attemptOf({ id: `success${i}` }));
    await small.flush();
    await small.flush();
    expect(errors).toHaveLength(1);
    broker.foyer.clock.advance(61_000);
    await small.flush();
    expect(errors).toHaveLength(2);
    expect(small.dropped).toBe(3);
    store = db();
    await small.flush();
    expect((await attempts()).map(({ id }) => id).sort()).toEqual([
      'denied22',
      'success3',
      'success4',
      'success5',
    ]);
    // What is left out of the traces is counted all the same, and once.
    expect(await counts()).toMatchObject([{ signed_in: 6, denied: 1 }]);
    await small.close();
  });

  it('writes by itself within a second, and what is left when the server stops', async () => {
    const soon = createAttemptRecorder({
      db: db(),
      clock: broker.foyer.clock,
      onError: () => {},
      flushEveryMs: 20,
    });
    const stored = () => db().kysely.selectFrom('sign_in_attempts').select('id').execute();
    soon.record(attemptOf());
    for (let i = 0; i < 200 && (await stored()).length === 0; i++)
      await new Promise((done) => setTimeout(done, 10));
    expect(await stored()).toHaveLength(1);
    soon.record(attemptOf());
    await soon.close();
    expect(await stored()).toHaveLength(2);
  });

  it('leaves out what belongs to a domain or source that is gone, and keeps the rest of the batch', async () => {
    const gone = await broker.foyer.seedDomain();
    const lost = await broker.foyer.seedSource(gone);
    recorder().record(attemptOf({ domainId: gone.id, sourceId: lost.id }));
    recorder().record(attemptOf({ sourceId: 'oauth_strat-deleted' as SourceId }));
    recorder().record(attemptOf());
    await sql`delete from domains where id = ${gone.id}`.execute(db().kysely);
    expect(await attempts()).toHaveLength(2);
    expect(await counts()).toMatchObject([{ source_id: broker.source.id, signed_in: 1 }]);
    expect(recorder().dropped).toBe(0);
  });

  it('cuts what is too long, and takes out what no store holds', async () => {
    const step = (text: string) => ({
      name: 'token',
      startedAt: new Date(),
      durationMs: 5,
      outcome: 'failed' as const,
      detail: { code: 'upstream_refused' },
      exchange: () => ({ request: {}, answer: { status: 400, members: { error: text } } }),
    });
    recorder().record(
      attemptOf({ id: 'aaaaaaaa', reason: 'upstream_refused', steps: [step('x'.repeat(20_000))] }),
    );
    recorder().record(
      attemptOf({
        id: 'bbbbbbbb',
        reason: 'upstream_refused',
        steps: [step('a\0b\ud800c "quoted" \\u0000')],
      }),
    );
    recorder().record(
      attemptOf({
        id: 'cccccccc',
        reason: 'upstream_refused',
        steps: Array.from({ length: 90 }, () => step('y'.repeat(300))),
      }),
    );
    const rows = (await attempts()).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(rows.map(({ id }) => id)).toEqual(['aaaaaaaa', 'bbbbbbbb', 'cccccccc']);
    expect(rows[0]?.steps).toMatchObject([
      { name: 'token', detail: { code: 'upstream_refused', cut: true } },
    ]);
    expect(JSON.stringify(rows[1]?.steps)).toContain('ab\ufffdc');
    for (const { steps } of rows)
      expect(Buffer.byteLength(JSON.stringify(steps))).toBeLessThanOrEqual(maxStepsBytes);
  });
});
