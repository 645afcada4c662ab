import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressGroup } from '#model/rate-limits/password-limits.ts';
import { consumeLimits, giveBackLimits, purgeRateLimits } from '#model/rate-limits/rate-limit-store.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
beforeAll(async () => {
  foyer = await startFoyer();
});
afterAll(() => foyer.close());

describe('rate limits', () => {
  it('S-134 counts parallel tries exactly', async () => {
    const { id } = await foyer.seedDomain();
    const { db } = foyer.services;
    const limits = [
      { key: 'a', points: 5, windowSeconds: 60 },
      { key: 'b', points: 100, windowSeconds: 60 },
    ];
    const answers = await Promise.all(Array.from({ length: 20 }, () => consumeLimits(db, id, limits)));
    expect(answers.filter((each) => each === undefined)).toHaveLength(5);
    expect(answers.filter((each) => each?.isFirst)).toHaveLength(1);
  });

  it('begins anew when the window has passed, and takes tries back', async () => {
    const { id } = await foyer.seedDomain();
    const { db } = foyer.services;
    const limits = [{ key: 'c', points: 1, windowSeconds: 60 }];
    expect(await consumeLimits(db, id, limits)).toBeUndefined();
    expect(await consumeLimits(db, id, limits)).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    await giveBackLimits(db, id, limits);
    await giveBackLimits(db, id, limits);
    expect(await consumeLimits(db, id, limits)).toBeUndefined();
    await sql`update rate_limits set expires_at = now() - interval '1 second'`.execute(db.kysely);
    expect(await consumeLimits(db, id, limits)).toBeUndefined();
  });

  it('S-136 deletes windows that have passed', async () => {
    const { id } = await foyer.seedDomain();
    const { db } = foyer.services;
    await consumeLimits(db, id, [{ key: 'old', points: 1, windowSeconds: 0 }]);
    await consumeLimits(db, id, [{ key: 'new', points: 1, windowSeconds: 60 }]);
    await purgeRateLimits(db);
    const rows = await db.kysely
      .selectFrom('rate_limits')
      .select('key')
      .where('domain_id', '=', id)
      .execute();
    expect(rows).toEqual([{ key: 'new' }]);
  });

  it('takes an IPv6 network and a mapped IPv4 address as one', () => {
    expect(addressGroup('2001:db8:1:2:aaaa::1')).toBe(addressGroup('2001:db8:1:2::ffff'));
    expect(addressGroup('2001:db8:1:2::1')).not.toBe(addressGroup('2001:db8:1:3::1'));
    expect(addressGroup('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressGroup('no address')).toBe('unknown');
  });
});
