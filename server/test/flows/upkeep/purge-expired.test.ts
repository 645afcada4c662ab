import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { purgeExpired } from '#flows/upkeep/purge-expired.ts';
import type { Domain } from '#model/domains/domain.ts';
import { batchSize, everyMinute } from '#model/upkeep/delete-expired.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
let domain: Domain;
let userId: string;
let applicationId: number;
let sourceId: string;
beforeEach(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain();
  userId = await foyer.seedUser(domain);
  sourceId = (await foyer.seedSource(domain)).id;
  const { id } = await foyer.services.db.kysely
    .insertInto('applications')
    .values({ domain_id: domain.id, uid: 'app', name: 'App', redirect_uri: 'https://app.test/' })
    .returning('id')
    .executeTakeFirstOrThrow();
  applicationId = id;
});
afterEach(() => foyer.close());

const kysely = () => foyer.services.db.kysely;
const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
const hence = (seconds: number): Date => ago(-seconds);
const hash = (): Buffer => randomBytes(16);
const hour = 3_600;
const day = 24 * hour;

const addSession = (expiresAt: Date, idleExpiresAt = expiresAt) =>
  kysely()
    .insertInto('sessions')
    .values({
      domain_id: domain.id,
      id_hash: hash(),
      public_id: hash().toString('hex'),
      user_id: userId,
      provider: 'internal',
      idle_expires_at: idleExpiresAt,
      expires_at: expiresAt,
    })
    .execute();

const addFamily = async (expiresAt: Date, revokedAt: Date | null = null): Promise<string> => {
  const id = hash().toString('hex');
  await kysely()
    .insertInto('token_families')
    .values({
      domain_id: domain.id,
      id,
      application_id: applicationId,
      user_id: userId,
      scope: 'public',
      expires_at: expiresAt,
      revoked_at: revokedAt,
    })
    .execute();
  return id;
};

const addCode = (familyId: string, expiresAt: Date) =>
  kysely()
    .insertInto('authorization_codes')
    .values({
      domain_id: domain.id,
      code_hash: hash(),
      family_id: familyId,
      redirect_uri: 'x',
      expires_at: expiresAt,
    })
    .execute();

const addRefreshToken = (familyId: string, expiresAt: Date, usedAt: Date | null = null) =>
  kysely()
    .insertInto('refresh_tokens')
    .values({
      domain_id: domain.id,
      token_hash: hash(),
      family_id: familyId,
      scope: 'public',
      expires_at: expiresAt,
      used_at: usedAt,
    })
    .execute();

const addOthers = async (expiresAt: Date): Promise<void> => {
  await kysely()
    .insertInto('flow_uses')
    .values({ domain_id: domain.id, flow_hash: hash(), source_id: 's', expires_at: expiresAt })
    .execute();
  await kysely()
    .insertInto('device_codes')
    .values({
      domain_id: domain.id,
      device_hash: hash(),
      user_code_hash: hash(),
      application_id: applicationId,
      scope: 'public',
      expires_at: expiresAt,
    })
    .execute();
  await kysely()
    .insertInto('rate_limits')
    .values({ domain_id: domain.id, key: hash().toString('hex'), points: 1, expires_at: expiresAt })
    .execute();
  await kysely()
    .insertInto('sign_in_attempts')
    .values({
      domain_id: domain.id,
      id: hash().toString('hex'),
      at: new Date(),
      duration_ms: 1,
      outcome: 'ok',
      expires_at: expiresAt,
    })
    .execute();
  await kysely()
    .insertInto('sign_in_counts')
    .values({
      domain_id: domain.id,
      source_id: sourceId,
      hour: expiresAt,
      expires_at: expiresAt,
    })
    .execute();
  await kysely().insertInto('setup_tokens').values({ token_hash: hash(), expires_at: expiresAt }).execute();
};

const tables = [
  'authorization_codes',
  'device_codes',
  'flow_uses',
  'rate_limits',
  'refresh_tokens',
  'sessions',
  'setup_tokens',
  'sign_in_attempts',
  'sign_in_counts',
  'token_families',
] as const;

const counts = async (): Promise<Record<string, number>> => {
  const found: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
      kysely(),
    );
    found[table] = rows[0]?.n ?? 0;
  }
  return found;
};

it('S-136 purges what has expired, and only that', async () => {
  await addSession(ago(1));
  await addSession(hence(60), ago(1));
  await addSession(hence(60));
  const old = await addFamily(ago(4 * hour));
  await addCode(old, ago(4 * hour));
  await addRefreshToken(old, hence(60));
  const live = await addFamily(hence(60));
  await addCode(live, ago(2 * hour));
  await addCode(live, hence(60));
  await addRefreshToken(live, ago(1));
  await addRefreshToken(live, hence(60), ago(60));
  await addOthers(ago(2 * day));
  await addOthers(hence(60));
  expect(await purgeExpired(foyer.services)).toEqual({
    authorization_codes: 2,
    device_codes: 1,
    flow_uses: 1,
    rate_limits: 1,
    refresh_tokens: 1,
    sessions: 2,
    setup_tokens: 1,
    sign_in_attempts: 1,
    sign_in_counts: 1,
    token_families: 1,
  });
  expect(await counts()).toEqual({
    authorization_codes: 1,
    device_codes: 1,
    flow_uses: 1,
    rate_limits: 1,
    refresh_tokens: 1,
    sessions: 1,
    setup_tokens: 1,
    sign_in_attempts: 1,
    sign_in_counts: 1,
    token_families: 1,
  });
  expect(await purgeExpired(foyer.services)).toEqual({});
});

it('S-136 S-58 keeps a used code for an hour, so that its replay is still known', async () => {
  await addCode(await addFamily(hence(day)), ago(hour - 60));
  await purgeExpired(foyer.services);
  expect((await counts()).authorization_codes).toBe(1);
});

it('S-136 S-61 keeps a revoked family until its last access token has expired', async () => {
  const kept = await addFamily(hence(day), ago(2 * hour));
  await addFamily(hence(day), ago(4 * hour));
  await purgeExpired(foyer.services);
  const rows = await kysely().selectFrom('token_families').select('id').execute();
  expect(rows).toEqual([{ id: kept }]);
});

it('S-136 S-59 keeps used refresh tokens while they could be replayed', async () => {
  await addRefreshToken(await addFamily(hence(day)), hence(60), ago(day));
  await purgeExpired(foyer.services);
  expect((await counts()).refresh_tokens).toBe(1);
});

it('S-136 works off many rows in batches, on two nodes at once', async () => {
  const other = await startFoyer({ sameStoreAs: foyer });
  const many = 2 * batchSize + 7;
  await sql`insert into flow_uses (domain_id, flow_hash, source_id, expires_at)
            select ${domain.id}, decode(md5(n::text), 'hex'), 's', now() - interval '1 minute'
              from generate_series(1, ${sql.lit(many)}) n`.execute(kysely());
  await addOthers(hence(60));
  const results = await Promise.all([purgeExpired(foyer.services), purgeExpired(other.services)]);
  expect(results.reduce((sum, { flow_uses = 0 }) => sum + flow_uses, 0)).toBe(many);
  expect((await counts()).flow_uses).toBe(1);
  await other.close();
});

it('S-136 leaves the idle sessions to the hourly run', async () => {
  await addSession(hence(60), ago(1));
  expect(await purgeExpired(foyer.services, { thorough: false })).toEqual({});
  expect(await purgeExpired(foyer.services)).toEqual({ sessions: 1 });
});

it('S-136 tables stay flat while flows come and go', async () => {
  const sizes: number[] = [];
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 20; i++) await addOthers(ago(2 * day));
    await purgeExpired(foyer.services);
    sizes.push(Object.values(await counts()).reduce((sum, n) => sum + n, 0));
  }
  expect(sizes).toEqual([0, 0, 0, 0, 0]);
});

it('S-136 knows every table whose rows expire', async () => {
  const { rows } = await sql<{ table: string }>`
    select table_name as table from information_schema.columns
     where table_schema = 'public' and column_name = 'expires_at'`.execute(kysely());
  // An expired key still names what it was, and a grant renews its token: both are for their owners to delete.
  const kept = ['api_keys', 'upstream_grants'];
  const expiring = rows.map(({ table }) => table).filter((table) => !kept.includes(table));
  expect(new Set(everyMinute.map(({ table }) => table))).toEqual(new Set(expiring));
});

it('S-136 finds what has expired by an index, however large the table', async () => {
  const { rows } = await sql<{ table: string; columns: string }>`
    select tablename as table, indexdef as columns from pg_indexes where schemaname = 'public'`.execute(
    kysely(),
  );
  const large = [
    'authorization_codes',
    'flow_uses',
    'rate_limits',
    'refresh_tokens',
    'sessions',
    'sign_in_attempts',
    'sign_in_counts',
    'token_families',
  ];
  const unindexed = large.filter(
    (name) => !rows.some(({ table, columns }) => table === name && columns.includes('(expires_at)')),
  );
  expect(unindexed).toEqual([]);
});
