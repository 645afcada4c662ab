/** The installation at a glance, for those who run it. */
import { readStoreFacts } from '#base/db/store-facts.ts';
import { type Clock, unixSeconds } from '#base/lib/clock.ts';
import { version } from '#base/lib/version.ts';
import { countDataKeys, listSigningKeys } from '#model/keys/list-keys.ts';
import type { SigningKeys } from '#model/keys/signing-keys.ts';
import type { Db } from '#model/tables.ts';
import { countEverything, listPlatformAdmins } from '#model/users/user-admin-store.ts';

export interface StatusDeps {
  db: Db;
  clock: Clock;
  signingKeys: SigningKeys;
  keks: readonly { id: string }[];
  config: { publicUrl: URL; smtpUrl: string | undefined };
}

export const readStatus = async (deps: StatusDeps, startedAt: Date) => {
  const { db, clock, keks, config } = deps;
  const store = await readStoreFacts(db);
  const signingKeys = await listSigningKeys(db);
  const signing = await deps.signingKeys.current().catch(() => undefined);
  const dataKeys = await countDataKeys(db);
  const kekIds = [...new Set([...keks.map(({ id }) => id), ...dataKeys.keys()])];
  const now = clock.now();
  return {
    version,
    node: process.version,
    store: db.engine,
    store_version: store.version,
    durable: store.durable,
    ready: signing !== undefined,
    started_at: unixSeconds(startedAt),
    public_url: config.publicUrl.origin,
    ...(await countEverything(db)),
    migrations: store.migrations,
    signing_keys: signingKeys.map((key) => ({
      kid: key.kid,
      alg: key.alg,
      state: key.kid === signing?.kid ? 'active' : key.active_from > now ? 'next' : 'retired',
      active_from: unixSeconds(key.active_from),
      ...(key.retired_at && { retired_at: unixSeconds(key.retired_at) }),
    })),
    key_encryption_keys: kekIds.map((id) => ({
      id,
      sealing: id === keks[0]?.id,
      data_keys: dataKeys.get(id) ?? 0,
    })),
    mail: config.smtpUrl !== undefined,
    administrators: (await listPlatformAdmins(db)).map(({ id, name, email, domainId }) => ({
      id,
      name,
      email: email ?? '',
      authority_id: domainId,
    })),
  };
};
