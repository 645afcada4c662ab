import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isUniqueViolation, statement } from '#base/db/database.ts';
import { openTestStore, type TestStore } from '../../support/test-store.ts';

const insert = statement(
  'test_insert',
  'insert into installation (name, value) values ($1, $2::jsonb) returning name, value',
);
const count = statement('test_count', 'select count(*) as n from installation where name = any($1)');
const types = statement(
  'test_types',
  'select $1::bytea as bytes, $2::timestamptz as at, $3::text[] as words, $4::bigint as big, $5::boolean as yes, $6::text as nothing',
);

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.release());
beforeEach(async () => {
  await sql`delete from installation`.execute(store.db.kysely);
});

describe('a statement', () => {
  it('gives the same JavaScript values on every engine', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const parameters = [Buffer.from([0, 1, 255]), at, ['a', 'b,"c'], 9_007_199_254_740_991, true, null];
    const [row] = await store.db.run<Record<string, unknown>>(types, parameters);
    expect(row).toEqual({
      bytes: Buffer.from([0, 1, 255]),
      at,
      words: ['a', 'b,"c'],
      big: 9_007_199_254_740_991,
      yes: true,
      nothing: null,
    });
    expect(Buffer.isBuffer(row?.bytes)).toBe(true);
  });

  it('runs again and again, also after it failed', async () => {
    await store.db.run(insert, ['a', '1']);
    const again = store.db.run(insert, ['a', '2']);
    await expect(again).rejects.toSatisfy(isUniqueViolation);
    const [row] = await store.db.run(insert, ['b', '{"x":[1]}']);
    expect(row).toEqual({ name: 'b', value: { x: [1] } });
  });
});

describe('a transaction', () => {
  it('keeps or loses all of its work, prepared statements included', async () => {
    const failed = store.db.transaction(async (tx) => {
      await tx.run(insert, ['a', '1']);
      await tx.kysely.insertInto('installation').values({ name: 'b', value: '2' }).execute();
      throw new Error('stop');
    });
    await expect(failed).rejects.toThrow('stop');
    expect(await store.db.run(count, [['a', 'b']])).toEqual([{ n: 0 }]);
    await store.db.transaction((tx) => tx.run(insert, ['a', '1']));
    expect(await store.db.run(count, [['a', 'b']])).toEqual([{ n: 1 }]);
  });

  it('never holds the work of another request', async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const open = store.db
      .transaction(async (tx) => {
        await tx.run(insert, ['inside', '1']);
        await gate;
        throw new Error('rolled back');
      })
      .catch((error: Error) => error.message);
    const outside = Array.from({ length: 20 }, (_, i) => store.db.run(insert, [`outside ${i}`, '1']));
    release();
    await Promise.all(outside);
    expect(await open).toBe('rolled back');
    expect(await store.db.run(count, [Array.from({ length: 20 }, (_, i) => `outside ${i}`)])).toEqual([
      { n: 20 },
    ]);
    expect(await store.db.run(count, [['inside']])).toEqual([{ n: 0 }]);
  });
});
