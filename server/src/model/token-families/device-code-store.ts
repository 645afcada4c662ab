/** @module Device codes: a device without a keyboard asks, a person answers in their browser. @see RFC 8628 */
import { createHmac, randomInt } from 'node:crypto';
import { statement } from '#base/db/database.ts';
import { type DomainId, newUuid, randomToken, sha256, type UserId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { Db, Tx } from '#model/tables.ts';
import {
  deviceCodeTtlSeconds,
  familyIsLive,
  familyTtlSeconds,
  type Grant,
  type GrantRow,
  originParameters,
  personColumns,
  type RequestOrigin,
  refreshIdleSeconds,
  toGrant,
} from './token-family.ts';

export const pollIntervalSeconds = 5;

// Consonants only: nothing to confuse, and no words. 20^8 is enough for ten minutes and few tries (RFC 8628 §6.1).
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';

const newUserCode = (): string => {
  let code = '';
  for (let i = 0; i < 8; i++) code += alphabet[randomInt(alphabet.length)];
  return `${code.slice(0, 4)}-${code.slice(4)}`;
};

/** As typed by a person: any case, with or without the hyphen; `undefined` when it cannot be a code. */
export const normalUserCode = (rawCode: string): string | undefined => {
  const letters = rawCode.toUpperCase().replace(/[\s-]/g, '');
  return new RegExp(`^[${alphabet}]{8}$`).test(letters) ? letters : undefined;
};

// A plain hash of so short a code could be reversed by trying all of them.
const hashUserCode = async (keyring: Keyring, domainId: DomainId, letters: string): Promise<Buffer> =>
  createHmac('sha256', await keyring.purposeKey('device user codes'))
    .update(`${domainId} ${letters}`)
    .digest();

const start = statement(
  'device_start',
  `insert into device_codes (domain_id, device_hash, user_code_hash, application_id, scope, interval_seconds, expires_at)
   values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`,
);

export const startDevice = async (
  deps: { db: Tx; keyring: Keyring },
  domainId: DomainId,
  device: { applicationId: number; scope: string },
): Promise<{ deviceCode: string; userCode: string }> => {
  const deviceCode = randomToken();
  const userCode = newUserCode();
  await deps.db.run(start, [
    domainId,
    sha256(deviceCode),
    await hashUserCode(deps.keyring, domainId, userCode.replace('-', '')),
    device.applicationId,
    device.scope,
    pollIntervalSeconds,
    deviceCodeTtlSeconds,
  ]);
  return { deviceCode, userCode };
};

const find = statement(
  'device_find',
  `select d.application_id, d.scope, a.name as application_name
     from device_codes d join applications a on a.domain_id = d.domain_id and a.id = d.application_id
    where d.domain_id = $1 and d.user_code_hash = $2 and d.state = 'pending' and d.expires_at > now()`,
);

export interface PendingDevice {
  applicationId: number;
  applicationName: string;
  scope: string;
}

/** The device that waits for an answer to this code. */
export const findPendingDevice = async (
  deps: { db: Tx; keyring: Keyring },
  domainId: DomainId,
  letters: string,
): Promise<PendingDevice | undefined> => {
  const [row] = await deps.db.run<{ application_id: number; scope: string; application_name: string }>(find, [
    domainId,
    await hashUserCode(deps.keyring, domainId, letters),
  ]);
  return (
    row && { applicationId: row.application_id, applicationName: row.application_name, scope: row.scope }
  );
};

// The family belongs to the person, not to the browser session: signing out at a desk must not stop a wall panel.
const decide = statement(
  'device_decide',
  `with device as (
  update device_codes set state = case when $3 then 'approved' else 'denied' end, user_id = $4,
         family_id = case when $3 then $5::text end
   where domain_id = $1 and user_code_hash = $2 and state = 'pending' and expires_at > now()
  returning application_id, scope, expires_at
), family as (
  insert into token_families (domain_id, id, application_id, user_id, scope, auth_time, expires_at)
  select $1, $5, application_id, $4, scope, $6, expires_at from device where $3
), written as (
  insert into audit (domain_id, action, outcome, reason, actor_kind, actor_id, application_id, target, detail, ip,
                     user_agent, request_id)
  select $1, 'device.decide', case when $3 then 'ok' else 'denied' end,
         case when $3 then null else 'access_denied' end, 'user', $4, application_id::text, $5,
         jsonb_build_object('scope', scope), $7, $8, $9
    from device
)
select application_id from device`,
);

/** Allows or refuses a pending device; false when it is gone. */
export const decideDevice = async (
  deps: { db: Tx; keyring: Keyring },
  domainId: DomainId,
  letters: string,
  decision: { allow: boolean; userId: UserId; authTime: Date; from: RequestOrigin },
): Promise<boolean> => {
  const rows = await deps.db.run(decide, [
    domainId,
    await hashUserCode(deps.keyring, domainId, letters),
    decision.allow,
    decision.userId,
    newUuid(),
    decision.authTime,
    ...originParameters(decision.from),
  ]);
  return rows.length > 0;
};

const redeem = statement(
  'device_redeem',
  `with device as (
  update device_codes d set state = 'used'
   where d.domain_id = $1 and d.device_hash = $2 and d.application_id = $3 and d.state = 'approved'
     and d.expires_at > now()
     and (select ${familyIsLive} from token_families f where f.domain_id = $1 and f.id = d.family_id)
  returning d.family_id
), family as (
  update token_families set expires_at = now() + make_interval(secs => $5)
   where domain_id = $1 and id = (select family_id from device) and revoked_at is null
  returning id, user_id, session_public_id, scope, auth_time
), refresh as (
  insert into refresh_tokens (domain_id, token_hash, family_id, scope, expires_at)
  select $1, $4, id, scope, now() + make_interval(secs => $6) from family
), written as (
  insert into audit (domain_id, action, outcome, actor_kind, actor_id, application_id, target, detail, ip, user_agent,
                     request_id)
  select $1, 'token.issue', 'ok', 'user', user_id, $3::bigint::text, id,
         jsonb_build_object('grant', 'device_code', 'scope', scope), $7, $8, $9
    from family
)
select f.id as family_id, f.user_id, f.session_public_id, f.scope, f.auth_time, ${personColumns}
  from family f, users u
 where u.domain_id = $1 and u.id = (select user_id from family)`,
);

// `old` is read before the update, so `too_soon` speaks of the poll before this one.
const poll = statement(
  'device_poll',
  `with old as (
  select domain_id, device_hash, state, expires_at > now() as fresh,
         coalesce(last_polled_at > now() - make_interval(secs => interval_seconds), false) as too_soon
    from device_codes where domain_id = $1 and device_hash = $2 and application_id = $3
), polled as (
  update device_codes d
     set last_polled_at = now(),
         interval_seconds = least(60, d.interval_seconds + case when old.too_soon then 5 else 0 end)
    from old where d.domain_id = old.domain_id and d.device_hash = old.device_hash and old.state = 'pending'
)
select state, fresh, too_soon from old`,
);

export type DeviceOutcome =
  | { kind: 'approved'; grant: Grant }
  | { kind: 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' | 'refused' };

/** One poll of a device; the first one after the person's approval gets the grant. @see RFC 8628 §3.5 */
export const redeemDevice = async (
  db: Db,
  domainId: DomainId,
  poller: { rawDeviceCode: string; applicationId: number; refreshToken: string; from: RequestOrigin },
): Promise<DeviceOutcome> => {
  const hash = sha256(poller.rawDeviceCode);
  const [row] = await db.run<GrantRow>(redeem, [
    domainId,
    hash,
    poller.applicationId,
    sha256(poller.refreshToken),
    familyTtlSeconds,
    refreshIdleSeconds,
    ...originParameters(poller.from),
  ]);
  if (row) return { kind: 'approved', grant: toGrant(row) };
  const [known] = await db.run<{ state: string; fresh: boolean; too_soon: boolean }>(poll, [
    domainId,
    hash,
    poller.applicationId,
  ]);
  if (!known || known.state === 'used') return { kind: 'refused' };
  if (known.state === 'denied') return { kind: 'access_denied' };
  if (!known.fresh) return { kind: 'expired_token' };
  if (known.state === 'approved') return { kind: 'refused' };
  return { kind: known.too_soon ? 'slow_down' : 'authorization_pending' };
};
