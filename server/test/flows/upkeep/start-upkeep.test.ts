import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { retireKeys, startUpkeep } from '#flows/upkeep/start-upkeep.ts';
import { addSigningKey } from '#model/keys/signing-keys.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
beforeEach(async () => {
  foyer = await startFoyer();
});
afterEach(async () => {
  await foyer.close();
});
const expired = () =>
  foyer.services.db.kysely
    .insertInto('setup_tokens')
    .values({ token_hash: Buffer.from('old'), expires_at: new Date(Date.now() - 200_000_000) })
    .execute();
const left = async (): Promise<number> =>
  (await foyer.services.db.kysely.selectFrom('setup_tokens').selectAll().execute()).length;

it('S-136 runs again and again, also after a failure, until it is stopped', async () => {
  await expired();
  const warnings: unknown[] = [];
  let runs = 0;
  const { db } = foyer.services;
  const upkeep = startUpkeep(
    {
      ...foyer.services,
      db: { ...db, run: (...args) => (runs === 0 ? Promise.reject(new Error('away')) : db.run(...args)) },
      log: { debug: () => {}, warn: (fields: unknown) => warnings.push(fields) } as never,
      keeper: {
        refreshAhead: async () => {
          runs++;
        },
      },
    },
    { everyMs: 20 },
  );
  await expect.poll(() => runs, { timeout: 20_000 }).toBeGreaterThan(2);
  await upkeep.stop();
  expect(warnings).toMatchObject([{ task: 'purge' }]);
  expect(await left()).toBe(0);
  const after = runs;
  await wait(100);
  expect(runs).toBe(after);
});

it('R-08 a stop waits for the present run', async () => {
  let isWorking = false;
  let finish = (): void => {};
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const refreshAhead = (): Promise<void> => {
    isWorking = true;
    return work;
  };
  const upkeep = startUpkeep({ ...foyer.services, keeper: { refreshAhead } }, { everyMs: 20 });
  await expect.poll(() => isWorking, { timeout: 20_000 }).toBe(true);
  let isStopped = false;
  const stopped = upkeep.stop().then(() => {
    isStopped = true;
  });
  await foyer.services.db.ping();
  expect(isStopped).toBe(false);
  finish();
  await stopped;
});

it('S-98 a signing key goes once no token of its can live, and not before', async () => {
  const { db, keyring, signingKeys, changes } = foyer.services;
  const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
  await db.kysely
    .updateTable('signing_keys')
    .set({ active_from: hoursAgo(100) })
    .execute();
  const [first] = await signingKeys.publicJwks();
  const second = await addSigningKey(db, keyring, hoursAgo(-1));
  expect(await retireKeys({ db, changes })).toEqual([]);
  await db.kysely
    .updateTable('signing_keys')
    .set({ active_from: hoursAgo(2.9) })
    .where('kid', '=', second)
    .execute();
  expect(await retireKeys({ db, changes })).toEqual([]);
  await db.kysely
    .updateTable('signing_keys')
    .set({ active_from: hoursAgo(3.1) })
    .where('kid', '=', second)
    .execute();
  signingKeys.forget();
  expect(await signingKeys.publicJwks()).toHaveLength(2);
  expect(await retireKeys({ db, changes })).toEqual([first?.kid]);
  expect(await signingKeys.publicJwks()).toMatchObject([{ kid: second }]);
  expect(
    await db.kysely.selectFrom('audit').select(['domain_id', 'action', 'actor_kind', 'target']).execute(),
  ).toEqual([{ domain_id: '', action: 'keys.retire_signing', actor_kind: 'system', target: first?.kid }]);
  expect(await retireKeys({ db, changes })).toEqual([]);
});
