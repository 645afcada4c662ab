import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkOf } from '#base/http/ip-limit.ts';
import { consumeLimits, giveBackLimits } from '#model/rate-limits/rate-limit-store.ts';
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

  it('takes an IPv6 network and a mapped IPv4 address as one', () => {
    expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:db8:1:2::ffff'));
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });
});
