import { setTimeout as wait } from 'node:timers/promises';
import { startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { type ErrorCode, type FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import { createTokenKeeper } from '#flows/tokens/token-keeper.ts';
import { findGrant, takeLease } from '#model/upstream-grants/grant-store.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { startWorld, type World } from './keeper-world.ts';

let world: World;
afterEach(() => world.close());
const start = async (options: Parameters<typeof startWorld>[0] = {}): Promise<World> => {
  world = await startWorld(options);
  return world;
};

const refusalOf = async (work: Promise<unknown>): Promise<FoyerError> => {
  try {
    await work;
  } catch (error) {
    if (isFoyerError(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
};
const codeOf = async (work: Promise<unknown>): Promise<ErrorCode> => (await refusalOf(work)).code;

const ask = (w: World, wish = {}) => w.keeper.getToken(w.domain.id, { userId: w.userId }, wish);

describe('a token', () => {
  it('R-15 is handed out as it is while five minutes are left', async () => {
    const w = await start();
    w.leave(301);
    expect(await ask(w)).toEqual({
      token: w.tokens.accessToken,
      expiresAt: w.tokens.expiresAt,
      scope: expect.stringContaining('calendars.readwrite.shared'),
      sourceId: w.source.id,
    });
    expect(w.refreshes()).toEqual([]);
  });

  it('R-15 is renewed when less is left, again and again, where a refresh token can be used once', async () => {
    const w = await start({ strictRotation: true });
    w.leave(299);
    const seen = new Set([w.tokens.accessToken]);
    for (let i = 1; i <= 3; i++) {
      const { token, expiresAt } = await ask(w);
      expect(seen.has(token)).toBe(false);
      expect(expiresAt?.getTime()).toBeGreaterThan(w.clock.nowMs() + 300_000);
      expect((await w.stored()).accessToken).toBe(token);
      expect(await ask(w)).toMatchObject({ token });
      expect(w.refreshes()).toHaveLength(i);
      seen.add(token);
      w.clock.advance(3 * 3_600_000);
    }
    const used = w.refreshes().map(({ refresh_token }) => refresh_token);
    expect(new Set(used).size).toBe(3);
    expect(used[0]).toBe(w.tokens.refreshToken);
  });

  it('R-15 that does not expire is handed out as it is', async () => {
    const w = await start();
    await w.setRow({ expires_at: null });
    w.clock.advance(400 * 86_400_000);
    expect(await ask(w)).toEqual({
      token: w.tokens.accessToken,
      scope: expect.any(String),
      sourceId: w.source.id,
    });
    expect(w.refreshes()).toEqual([]);
  });

  it('R-15 is renewed when the caller wants more time than is left', async () => {
    const w = await start();
    w.leave(1_000);
    expect((await ask(w, { minSecondsLeft: 999 })).token).toBe(w.tokens.accessToken);
    expect((await ask(w, { minSecondsLeft: 1_200 })).token).not.toBe(w.tokens.accessToken);
  });

  it('R-15 made for less than ten minutes serves for half its life, so that it is not renewed at each call', async () => {
    const w = await start();
    w.entra.fault('short_lived_token', { seconds: 60 });
    await w.setRow({ expires_at: w.clock.now() });
    const first = await ask(w);
    expect(await ask(w)).toEqual(first);
    expect(w.refreshes()).toHaveLength(1);
    w.clock.advance(35_000);
    expect((await ask(w)).token).not.toBe(first.token);
  });

  it("R-07 that the database says is over is renewed, though this node's clock was set back", async () => {
    const w = await start();
    await w.setRow({
      expires_at: new Date(Date.now() - 1_000),
      refreshed_at: new Date(Date.now() - 3_600_000),
    });
    w.clock.advance(-1_800_000);
    const { token } = await ask(w);
    expect(token).not.toBe(w.tokens.accessToken);
  });

  it('S-148 that the API refused is renewed once, for all who were refused', async () => {
    const w = await start();
    const refusedToken = w.tokens.accessToken;
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(w, { refusedToken })));
    expect(new Set(answers.map(({ token }) => token)).size).toBe(1);
    expect(answers[0]?.token).not.toBe(refusedToken);
    expect(await ask(w, { refusedToken })).toEqual(answers[0]);
    expect(w.refreshes()).toHaveLength(1);
  });

  it('S-148 that the API refused is not handed out again when it cannot be renewed', async () => {
    const w = await start();
    w.entra.fault('token_503');
    expect(await codeOf(ask(w, { refusedToken: w.tokens.accessToken }))).toBe('source_unavailable');
  });

  it('S-91 is stored sealed, before and after it was renewed', async () => {
    const w = await start();
    w.leave(0);
    const { token } = await ask(w);
    const { refreshToken } = await w.stored();
    const row = await w.foyer.services.db.kysely.selectFrom('upstream_grants').selectAll().execute();
    const text = row
      .flatMap((each) => Object.values(each))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
      .join('\n');
    for (const secret of [w.tokens.accessToken, w.tokens.refreshToken, token, refreshToken]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('many callers', () => {
  for (const strictRotation of [false, true]) {
    it(`R-15 on two nodes cause one refresh (${strictRotation ? 'tokens of one use' : 'lax provider'})`, async () => {
      const w = await start({ strictRotation });
      const second = await w.addNode();
      w.leave(0);
      w.entra.fault('slow', { ms: 400 });
      const keepers = [w.keeper, second.services.keeper];
      const owner = { userId: w.userId };
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => keepers[i % 2]?.getToken(w.domain.id, owner)),
      );
      expect(w.refreshes()).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer?.token)).size).toBe(1);
      expect((await w.stored()).accessToken).toBe(answers[0]?.token);
      expect(await w.audit()).toEqual([]);
    });
  }

  it('R-15 of different people do not wait for each other', async () => {
    const w = await start();
    const other = await w.addSource();
    w.clock.advance(7_200_000);
    w.entra.requests.clear();
    await Promise.all([
      ask(w),
      w.keeper.getToken(w.domain.id, w.key),
      w.keeper.getToken(w.domain.id, other.key),
    ]);
    expect(w.refreshes()).toHaveLength(2);
  });

  it('R-15 are told when another process takes too long; an old token that still lives serves meanwhile', async () => {
    const w = await start();
    const grant = await findGrant(w.foyer.services.db, w.key);
    if (!grant) throw new Error('no grant');
    await takeLease(w.foyer.services.db, grant, 'another process');
    w.leave(0);
    const asked = codeOf(ask(w));
    await wait(300);
    w.clock.advance(20_000);
    expect(await asked).toBe('unavailable');
    await w.setRow({ expires_at: new Date(w.clock.nowMs() + 60_000) });
    const served = ask(w);
    await wait(300);
    w.clock.advance(20_000);
    expect((await served).token).toBe(w.tokens.accessToken);
    expect(w.refreshes()).toEqual([]);
  });
});

describe('a lost race', () => {
  it('R-15 never loses the newest refresh token: a sign-in during a renewal wins', async () => {
    const w = await start();
    w.leave(0);
    w.entra.fault('slow', { ms: 500, times: 1 });
    const asked = ask(w);
    await wait(150);
    const fromSignIn = await w.signInAtProvider();
    await w.store(w.key, fromSignIn);
    expect((await asked).token).toBe(fromSignIn.accessToken);
    expect(await w.stored()).toMatchObject({
      accessToken: fromSignIn.accessToken,
      refreshToken: fromSignIn.refreshToken,
    });
  });

  it('R-15 keeps the renewed refresh token when a sign-in during the renewal brought none', async () => {
    const w = await start({ strictRotation: true });
    w.leave(0);
    w.entra.fault('slow', { ms: 500, times: 1 });
    const asked = ask(w);
    await wait(150);
    await w.store(w.key, { accessToken: 'from a sign-in', refreshToken: undefined, expiresAt: undefined });
    await asked;
    const { refreshToken } = await w.stored();
    expect(refreshToken).not.toBe(w.tokens.refreshToken);
    w.clock.advance(7_200_000);
    expect((await ask(w)).token).not.toBe(w.tokens.accessToken);
  });

  it('R-15 of a process that was taken for dead: its refusal does not outlive the success of its successor', async () => {
    const w = await start({ strictRotation: true });
    const second = await w.addNode();
    w.leave(0);
    // The emulator is slow before it looks, so the successor is served and the first one refused.
    w.entra.fault('slow', { ms: 1_000, times: 1 });
    const slow = w.keeper.getToken(w.domain.id, w.key);
    await wait(300);
    await w.setRow({ refresh_lease_until: new Date(Date.now() - 1_000) });
    const { token } = await second.services.keeper.getToken(w.domain.id, w.key);
    expect(await slow).toMatchObject({ token });
    expect(await w.stored()).toMatchObject({ state: 'live', accessToken: token });
    expect(w.refreshes()).toHaveLength(2);
  });

  it('R-15 of a process that was taken for dead: its success outlives the refusal of its successor', async () => {
    const w = await start({ strictRotation: true });
    const { sources } = w.foyer.services;
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    // Stands still after the provider's answer, as a process without processor time does.
    const standing = createTokenKeeper({
      ...w.foyer.services,
      sources: {
        ...sources,
        find: async (domainId, id) => {
          const found = await sources.find(domainId, id);
          const refresh = async (refreshToken: string) => {
            const tokens = await found?.opened.refresh?.(refreshToken);
            await gate;
            return tokens as NonNullable<typeof tokens>;
          };
          return found && { ...found, opened: { refresh } };
        },
      },
    });
    w.leave(0);
    const late = standing.getToken(w.domain.id, w.key);
    await expect.poll(() => w.refreshes()).toHaveLength(1);
    await w.setRow({ refresh_lease_until: new Date(Date.now() - 1_000) });
    expect(await codeOf(ask(w))).toBe('needs_consent');
    goOn();
    const { token } = await late;
    expect(await w.stored()).toMatchObject({ state: 'live', accessToken: token });
    expect(await ask(w)).toMatchObject({ token });
    w.clock.advance(7_200_000);
    expect((await ask(w)).token).not.toBe(token);
  });

  it('R-15 does not overwrite tokens that were forgotten and given anew meanwhile', async () => {
    const w = await start();
    w.leave(0);
    w.entra.fault('slow', { ms: 500, times: 1 });
    const asked = ask(w).catch((error: unknown) => error);
    await wait(150);
    await w.keeper.forgetTokens(w.domain.id, w.userId);
    const fromSignIn = await w.signInAtProvider();
    await w.store(w.key, fromSignIn);
    await asked;
    // Whether the new tokens are renewed once more or not: what is stored descends from them.
    const { refreshToken } = await w.stored();
    const descends = w.refreshes().at(-1)?.refresh_token === fromSignIn.refreshToken;
    expect(descends || refreshToken === fromSignIn.refreshToken).toBe(true);
  });

  it('R-15 keeps the refresh token when the provider sends no new one', async () => {
    const w = await start();
    w.leave(0);
    w.entra.fault('no_refresh_token', { times: 1 });
    await ask(w);
    expect((await w.stored()).refreshToken).toBe(w.tokens.refreshToken);
    w.clock.advance(7_200_000);
    await ask(w);
    expect(w.refreshes()).toHaveLength(2);
  });

  it('R-15 waits for a database that is away for a moment, for the answer is nowhere else', async () => {
    const w = await start({ strictRotation: true });
    const { services } = w.foyer;
    let failures = 3;
    const db: typeof services.db = {
      ...services.db,
      run: async (statement, parameters) => {
        if (statement.name === 'grant_replace_tokens' && failures-- > 0) throw new Error('connection lost');
        return services.db.run(statement, parameters);
      },
    };
    w.leave(0);
    const { token } = await createTokenKeeper({ ...services, db }).getToken(w.domain.id, w.key);
    expect((await w.stored()).accessToken).toBe(token);
    expect(w.refreshes()).toHaveLength(1);
  });

  it('R-15 R-08 a stop waits for renewals under way', async () => {
    const w = await start();
    w.leave(0);
    w.entra.fault('slow', { ms: 400, times: 1 });
    void ask(w);
    await wait(100);
    await w.keeper.close();
    expect((await w.stored()).accessToken).not.toBe(w.tokens.accessToken);
  });
});

describe('a refusal', () => {
  const refusals = [
    ['AADSTS65001', 'invalid_grant'],
    ['AADSTS700082', 'invalid_grant'],
    ['AADSTS70008', 'invalid_grant'],
    ['AADSTS70000', 'invalid_grant'],
    ['AADSTS50173', 'invalid_grant'],
    ['AADSTS50057', 'invalid_grant'],
    ['AADSTS50076', 'interaction_required'],
    ['AADSTS50079', 'interaction_required'],
    ['AADSTS53003', 'invalid_grant'],
  ] as const;

  it.each(refusals)(
    'R-15 for good (%s) asks for the person, says why, and is not tried again',
    async (fault) => {
      const w = await start();
      w.leave(120);
      w.entra.fault(fault, { times: 1 });
      const number = Number(fault.slice(6));
      expect(await refusalOf(ask(w))).toMatchObject({
        code: 'needs_consent',
        evidence: { errorCodes: [number] },
      });
      const { accessToken, refreshToken, state, refusal } = await w.stored();
      expect({ accessToken, refreshToken, state }).toEqual({
        accessToken: undefined,
        refreshToken: w.tokens.refreshToken,
        state: 'needs_consent',
      });
      expect(refusal).toMatchObject({ codes: [number], error: expect.any(String), at: expect.any(String) });
      expect(JSON.stringify(refusal)).not.toContain(w.tokens.refreshToken);
      expect(await w.audit()).toEqual([
        {
          action: 'upstream_token.refused',
          outcome: 'denied',
          reason: 'needs_consent',
          detail: { error: expect.any(String), codes: [number], after_interruption: false },
        },
      ]);
      expect(await codeOf(ask(w))).toBe('needs_consent');
      expect(await codeOf(w.keeper.getResourceToken(w.domain.id, w.userId))).toBe('needs_consent');
      expect(w.refreshes()).toHaveLength(1);
    },
  );

  it('R-15 ends when the person signs in again', async () => {
    const w = await start();
    w.leave(0);
    w.entra.revokeSessions('alice@contoso.example');
    expect(await codeOf(ask(w))).toBe('needs_consent');
    const again = await w.signInAtProvider();
    await w.store(w.key, again);
    expect((await ask(w)).token).toBe(again.accessToken);
    w.clock.advance(7_200_000);
    expect((await ask(w)).token).not.toBe(again.accessToken);
  });

  it('R-15 is told to all who wait, on every node, after one question', async () => {
    const w = await start();
    const second = await w.addNode();
    w.leave(0);
    w.entra.fault('AADSTS65001');
    w.entra.fault('slow', { ms: 300 });
    const keepers = [w.keeper, second.services.keeper];
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        codeOf((keepers[i % 2] as typeof w.keeper).getToken(w.domain.id, w.key)),
      ),
    );
    expect(new Set(codes)).toEqual(new Set(['needs_consent']));
    expect(w.refreshes()).toHaveLength(1);
    expect(await w.audit()).toHaveLength(1);
  });

  const passing = [
    ['token_503', 'source_unavailable'],
    ['token_429', 'source_unavailable'],
    ['html_token', 'upstream_invalid'],
    ['garbage_token', 'upstream_invalid'],
    ['empty_body', 'upstream_invalid'],
    ['drop_connection', 'upstream_unreachable'],
    ['AADSTS7000222', 'upstream_refused'],
  ] as const;

  it.each(passing)(
    'R-15 that may pass (%s) leaves the old token in use as long as it lives',
    async (fault, code) => {
      const w = await start();
      w.leave(16);
      w.entra.fault(fault);
      expect((await ask(w)).token).toBe(w.tokens.accessToken);
      w.clock.advance(2_000);
      expect(await codeOf(ask(w))).toBe(code);
      w.clock.advance(60_000);
      expect(await codeOf(ask(w))).toBe(code);
      expect(await w.stored()).toMatchObject({ state: 'live', refreshToken: w.tokens.refreshToken });
      w.entra.clearFaults();
      expect((await ask(w)).token).not.toBe(w.tokens.accessToken);
      expect(await w.audit()).toEqual([]);
    },
  );

  it('R-15 never comes with an expired token: one that is over when it arrives is none', async () => {
    const w = await start();
    w.leave(0);
    w.entra.fault('short_lived_token', { seconds: 0, times: 1 });
    expect(await codeOf(ask(w))).toBe('upstream_invalid');
  });

  it('R-15 without a refresh token: what is left is used, then the person is asked for', async () => {
    const w = await start();
    await w.setRow({ refresh_token_sealed: null });
    w.leave(16);
    expect((await ask(w)).token).toBe(w.tokens.accessToken);
    w.clock.advance(2_000);
    expect(await codeOf(ask(w))).toBe('needs_consent');
    expect(await codeOf(w.keeper.getResourceToken(w.domain.id, w.userId))).toBe('not_found');
    expect(w.refreshes()).toEqual([]);
  });
});

describe('an answer that was lost', () => {
  it('R-15 does no harm where the old refresh token stays valid', async () => {
    const w = await start();
    w.leave(0);
    w.entra.fault('drop_connection', { after: true, times: 1 });
    expect(await codeOf(ask(w))).toBe('upstream_unreachable');
    expect((await ask(w)).token).not.toBe(w.tokens.accessToken);
  });

  it('R-15 makes the person sign in again where it was valid once, with an audit row', async () => {
    const w = await start({ strictRotation: true });
    w.leave(0);
    w.entra.fault('drop_connection', { after: true, times: 1 });
    expect(await codeOf(ask(w))).toBe('upstream_unreachable');
    expect(await codeOf(ask(w))).toBe('needs_consent');
    expect(await w.audit()).toMatchObject([{ action: 'upstream_token.refused', reason: 'needs_consent' }]);
  });

  for (const strictRotation of [false, true]) {
    const then = strictRotation ? 'and asks for the person' : 'and goes on';
    it(`R-15 by a crash before the write is detected by the next process, audited, ${then}`, async () => {
      const w = await start({ strictRotation });
      const { db } = w.foyer.services;
      const second = await w.addNode();
      w.leave(0);
      // The first node dies between the provider's answer and its write: nothing it would do afterwards happens.
      const dying: typeof db = {
        ...db,
        run: (statement, parameters) =>
          /^grant_(replace|lease_release|refuse)/.test(statement.name)
            ? new Promise(() => {})
            : db.run(statement, parameters),
      };
      void createTokenKeeper({ ...w.foyer.services, db: dying }).getToken(w.domain.id, w.key);
      await expect.poll(() => w.refreshes()).toHaveLength(1);
      await wait(200);
      await w.setRow({ refresh_lease_until: new Date(Date.now() - 1) });
      // The lease was taken after the tokens were written, as in life.
      await w.setRow({ refreshed_at: new Date(Date.now() - 3_600_000) });
      const asked = second.services.keeper.getToken(w.domain.id, w.key);
      if (strictRotation) expect(await codeOf(asked)).toBe('needs_consent');
      else expect((await asked).token).not.toBe(w.tokens.accessToken);
      const interrupted = { action: 'upstream_token.refresh_interrupted', outcome: 'ok' };
      const refused = { action: 'upstream_token.refused', detail: { after_interruption: true } };
      expect(await w.audit()).toMatchObject(strictRotation ? [interrupted, refused] : [interrupted]);
    });
  }
});

describe('sources', () => {
  it('S-48 each hear only of their own tokens, with their own secret', async () => {
    const other = await startEntra({ clock: createTestClock() });
    try {
      const w = await start({ otherProviders: [other] });
      const { key, source, tokens } = await w.addSource(other);
      w.clock.advance(7_200_000);
      w.entra.requests.clear();
      other.requests.clear();
      await w.keeper.getToken(w.domain.id, w.key);
      await w.keeper.getToken(w.domain.id, key);
      expect(w.refreshes()).toMatchObject([
        { refresh_token: w.tokens.refreshToken, client_id: w.source.settings.client_id },
      ]);
      expect(w.refreshes(other)).toMatchObject([
        { refresh_token: tokens.refreshToken, client_id: source.settings.client_id },
      ]);
      const [mine, theirs] = [w.refreshes(), w.refreshes(other)].map(([body]) => body?.client_secret);
      expect(mine).not.toBe(theirs);
    } finally {
      await other.close();
    }
  });

  it('S-48 a source that another node moved to another host sends nothing to the old one', async () => {
    const other = await startEntra({ clock: createTestClock() });
    try {
      const w = await start({ otherProviders: [other] });
      w.leave(0);
      await w.foyer.services.sources.find(w.domain.id, w.source.id as SourceId);
      const app = other.addApp({ redirect_uris: ['https://foyer.test/cb'] });
      const settings = JSON.parse(JSON.stringify(w.source.settings).replaceAll(w.entra.url, other.url));
      settings.client_id = app.client_id;
      // The word of the change has not arrived: nobody announces it here.
      await w.foyer.services.db.kysely
        .updateTable('sources')
        .set({ settings: JSON.stringify(settings), version: w.source.version + 1 })
        .where('domain_id', '=', w.domain.id)
        .where('id', '=', w.source.id)
        .execute();
      await codeOf(ask(w));
      expect(w.refreshes()).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('S-48 a blob of one identity opens in no other row', async () => {
    const w = await start();
    const other = await w.addSource();
    const db = w.foyer.services.db;
    const grant = await findGrant(db, w.key);
    await w.setRow({ access_token_sealed: grant?.accessTokenSealed }, other.key);
    expect(await codeOf(w.keeper.getToken(w.domain.id, other.key))).toBe('secret_unreadable');
    expect((await w.keeper.getToken(w.domain.id, w.key)).token).toBe(w.tokens.accessToken);
  });

  it('S-48 a disabled source gives and renews nothing', async () => {
    const w = await start();
    await w.foyer.services.db.kysely
      .updateTable('sources')
      .set({ enabled: false })
      .where('id', '=', w.source.id)
      .execute();
    expect(await codeOf(ask(w))).toBe('source_unavailable');
    w.leave(0);
    expect(await codeOf(ask(w))).toBe('source_unavailable');
    expect(w.refreshes()).toEqual([]);
  });

  it('S-48 a deleted source takes its tokens along', async () => {
    const w = await start();
    await w.foyer.services.db.kysely.deleteFrom('sources').where('id', '=', w.source.id).execute();
    expect(await codeOf(ask(w))).toBe('not_found');
    expect(w.refreshes()).toEqual([]);
  });

  it('S-48 a source that is deleted while it is asked leaves nothing behind', async () => {
    const w = await start();
    w.leave(0);
    w.entra.fault('slow', { ms: 400, times: 1 });
    const asked = codeOf(ask(w));
    await wait(150);
    await w.foyer.services.db.kysely.deleteFrom('sources').where('id', '=', w.source.id).execute();
    expect(await asked).toBe('not_found');
  });
});

describe('whose token', () => {
  const nowhere = 'authority-elsewhere' as DomainId;

  it('S-47 S-100 only of the domain and the person that are named', async () => {
    const w = await start();
    const stranger = (await w.foyer.seedUser(w.domain)) as UserId;
    expect(await codeOf(w.keeper.getToken(nowhere, { userId: w.userId }))).toBe('not_found');
    expect(await codeOf(w.keeper.getToken(nowhere, w.key))).toBe('not_found');
    expect(await codeOf(w.keeper.getToken(w.domain.id, { userId: stranger }))).toBe('not_found');
    expect(await codeOf(w.keeper.getResourceToken(w.domain.id, stranger))).toBe('not_found');
  });

  it('S-100 of nobody who is disabled or deleted', async () => {
    const w = await start();
    for (const column of ['disabled_at', 'deleted_at'] as const) {
      const set = (at: Date | null) =>
        w.foyer.services.db.kysely
          .updateTable('users')
          .set({ [column]: at })
          .where('id', '=', w.userId)
          .execute();
      await set(new Date());
      expect(await codeOf(ask(w))).toBe('not_found');
      expect(await codeOf(w.keeper.getToken(w.domain.id, w.key))).toBe('not_found');
      await set(null);
    }
    expect((await ask(w)).token).toBe(w.tokens.accessToken);
  });

  it("S-100 the resource token is of the identity used last, of the named source, or of the domain's own", async () => {
    const w = await start();
    const { keeper, domain, userId } = w;
    const later = await w.addSource();
    const expires = later.tokens.expiresAt;
    expect(await keeper.getResourceToken(domain.id, userId)).toEqual({
      token: later.tokens.accessToken,
      expires,
    });
    const first = { token: w.tokens.accessToken, expires: w.tokens.expiresAt };
    const sourceId = w.source.id as SourceId;
    expect(await keeper.getResourceToken(domain.id, userId, { sourceId })).toEqual(first);
    await w.foyer.services.db.kysely
      .updateTable('domains')
      .set({ internals: JSON.stringify({ 'oauth-strategy': sourceId }) })
      .where('id', '=', domain.id)
      .execute();
    await w.foyer.services.changes.announce({ kind: 'domain', domainId: domain.id });
    expect(await keeper.getResourceToken(domain.id, userId)).toEqual(first);
    const none = 'oauth_strat-none' as SourceId;
    expect(await codeOf(keeper.getResourceToken(domain.id, userId, { sourceId: none }))).toBe('not_found');
  });

  it("S-100 nobody's any more once forgotten, at every source; other people keep theirs", async () => {
    const w = await start();
    await w.addSource();
    await w.keeper.forgetTokens(nowhere, w.userId);
    await w.keeper.forgetTokens(w.domain.id, (await w.foyer.seedUser(w.domain)) as UserId);
    expect(await ask(w)).toBeDefined();
    await w.keeper.forgetTokens(w.domain.id, w.userId);
    expect(await codeOf(ask(w))).toBe('not_found');
    expect(await w.foyer.services.db.kysely.selectFrom('upstream_grants').selectAll().execute()).toEqual([]);
    expect(await w.foyer.services.db.kysely.selectFrom('identities').selectAll().execute()).toHaveLength(2);
  });
});

describe('ahead of time', () => {
  it('R-15 tokens that were asked for lately are renewed before they expire, once over all nodes', async () => {
    const w = await start();
    const second = await w.addNode();
    w.leave(3_000);
    await ask(w);
    await second.services.keeper.getToken(w.domain.id, w.key);
    await w.keeper.refreshAhead();
    expect(w.refreshes()).toEqual([]);
    w.leave(550);
    await Promise.all([w.keeper.refreshAhead(), second.services.keeper.refreshAhead()]);
    await Promise.all([w.keeper.refreshAhead(), second.services.keeper.refreshAhead()]);
    expect(w.refreshes()).toHaveLength(1);
    w.clock.advance(540_000);
    expect((await ask(w)).token).not.toBe(w.tokens.accessToken);
    expect(w.refreshes()).toHaveLength(1);
  });

  it('R-15 those of people who are away are left alone, and no run renews more than its share', async () => {
    const w = await start();
    await w.addSource();
    await w.keeper.getToken(w.domain.id, w.key);
    w.clock.advance(3_700_000);
    w.entra.requests.clear();
    await w.keeper.refreshAhead();
    expect(w.refreshes()).toEqual([]);
    await w.keeper.getToken(w.domain.id, w.key);
    await w.keeper.getToken(w.domain.id, { userId: w.userId });
    w.clock.advance(3_500_000);
    w.entra.requests.clear();
    await w.keeper.refreshAhead({ atMost: 1, withinSeconds: 3_600 });
    expect(w.refreshes().length).toBeLessThanOrEqual(1);
  });

  it('R-15 a refusal is kept for the next caller, and the run goes on', async () => {
    const w = await start();
    w.leave(2_000);
    await ask(w);
    w.leave(100);
    w.entra.fault('AADSTS65001', { times: 1 });
    await w.keeper.refreshAhead();
    expect((await w.stored()).state).toBe('needs_consent');
    await w.keeper.refreshAhead();
    expect(w.refreshes()).toHaveLength(1);
    expect(await codeOf(ask(w))).toBe('needs_consent');
  });
});
