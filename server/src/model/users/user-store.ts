import { type Selectable, sql } from 'kysely';
import { listOf, recordOf } from '#base/db/json-column.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { type DomainId, newUserId, type UserId } from '#base/lib/ids.ts';
import type { Tx, UserTable } from '#model/tables.ts';
import { canonicalEmail, displayName, type User } from './user.ts';

export const toUser = (row: Selectable<UserTable>): User => ({
  domainId: row.domain_id as DomainId,
  id: row.id as UserId,
  email: row.email ?? undefined,
  emailVerified: row.email_verified,
  name: row.name,
  firstName: row.first_name ?? undefined,
  lastName: row.last_name ?? undefined,
  nickname: row.nickname ?? undefined,
  loginName: row.login_name ?? undefined,
  staffId: row.staff_id ?? undefined,
  phone: row.phone ?? undefined,
  country: row.country ?? undefined,
  image: row.image ?? undefined,
  uiTheme: row.ui_theme,
  building: row.building ?? undefined,
  cardNumber: row.card_number ?? undefined,
  department: row.department ?? undefined,
  preferredLanguage: row.preferred_language ?? undefined,
  misc: row.misc ?? undefined,
  photoUploadId: row.photo_upload_id ?? undefined,
  groups: row.groups,
  sysAdmin: row.sys_admin || row.platform_admin,
  platformAdmin: row.platform_admin,
  support: row.support,
  breakGlass: row.break_glass,
  hasPassword: row.password_digest !== null,
  locatable: row.locatable,
  workPreferences: listOf(row.work_preferences),
  workOverrides: recordOf(row.work_overrides),
  loginCount: row.login_count,
  lastLogin: row.last_login ?? undefined,
  signedOutAt: row.signed_out_at ?? undefined,
  disabledAt: row.disabled_at ?? undefined,
  deletedAt: row.deleted_at ?? undefined,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** What may be written; `null` clears. `passwordDigest` comes from `password.ts` only. */
export interface UserChanges {
  email?: string | null;
  emailVerified?: boolean;
  name?: string;
  firstName?: string | null;
  lastName?: string | null;
  nickname?: string | null;
  loginName?: string | null;
  staffId?: string | null;
  phone?: string | null;
  country?: string | null;
  image?: string | null;
  uiTheme?: string;
  building?: string | null;
  cardNumber?: string | null;
  department?: string | null;
  preferredLanguage?: string | null;
  misc?: string | null;
  photoUploadId?: string | null;
  groups?: string[];
  sysAdmin?: boolean;
  platformAdmin?: boolean;
  support?: boolean;
  breakGlass?: boolean;
  passwordDigest?: string | null;
  locatable?: boolean;
  workPreferences?: unknown[];
  workOverrides?: Record<string, unknown>;
  disabledAt?: Date | null;
  deletedAt?: Date | null;
}

const columns = {
  emailVerified: 'email_verified',
  name: 'name',
  firstName: 'first_name',
  lastName: 'last_name',
  nickname: 'nickname',
  loginName: 'login_name',
  staffId: 'staff_id',
  phone: 'phone',
  country: 'country',
  image: 'image',
  uiTheme: 'ui_theme',
  building: 'building',
  cardNumber: 'card_number',
  department: 'department',
  preferredLanguage: 'preferred_language',
  misc: 'misc',
  photoUploadId: 'photo_upload_id',
  groups: 'groups',
  sysAdmin: 'sys_admin',
  platformAdmin: 'platform_admin',
  support: 'support',
  breakGlass: 'break_glass',
  passwordDigest: 'password_digest',
  locatable: 'locatable',
  disabledAt: 'disabled_at',
  deletedAt: 'deleted_at',
} as const satisfies Partial<Record<keyof UserChanges, keyof UserTable>>;

const toRow = (changes: UserChanges): Record<string, unknown> => {
  const row: Record<string, unknown> = {};
  for (const [field, column] of Object.entries(columns)) {
    const value = changes[field as keyof UserChanges];
    if (value !== undefined) row[column] = value;
  }
  if (changes.email !== undefined) {
    row.email = changes.email;
    row.email_canonical = changes.email === null ? null : canonicalEmail(changes.email);
  }
  if (changes.workPreferences) row.work_preferences = JSON.stringify(changes.workPreferences);
  if (changes.workOverrides) row.work_overrides = JSON.stringify(changes.workOverrides);
  if (changes.passwordDigest !== undefined) row.password_changed_at = sql`now()`;
  return row;
};

/** A taken e-mail, login name or staff id is a unique violation of the database, left to the caller. */
export const createUser = async (
  tx: Tx,
  domainId: DomainId,
  changes: UserChanges,
  id: UserId = newUserId(),
): Promise<User> => {
  const name = displayName({
    name: changes.name,
    firstName: changes.firstName ?? undefined,
    lastName: changes.lastName ?? undefined,
    nickname: changes.nickname ?? undefined,
    email: changes.email ?? undefined,
  });
  const row = await tx.kysely
    .insertInto('users')
    .values({ ...toRow(changes), domain_id: domainId, id, name })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toUser(row);
};

/** @throws {FoyerError} `not_found` */
export const updateUser = async (
  tx: Tx,
  domainId: DomainId,
  id: UserId,
  changes: UserChanges,
): Promise<User> => {
  const row = await tx.kysely
    .updateTable('users')
    .set({ ...toRow(changes), updated_at: sql`now()` })
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw new FoyerError('not_found', { detail: `user ${id}` });
  return toUser(row);
};

export const findUser = async (tx: Tx, domainId: DomainId, id: UserId): Promise<User | undefined> => {
  const row = await tx.kysely
    .selectFrom('users')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toUser(row);
};

export const findUserByEmail = async (
  tx: Tx,
  domainId: DomainId,
  email: string,
): Promise<User | undefined> => {
  const row = await tx.kysely
    .selectFrom('users')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where('email_canonical', '=', canonicalEmail(email))
    .executeTakeFirst();
  return row && toUser(row);
};

export interface PasswordAccount {
  userId: UserId;
  digest: string | undefined;
  active: boolean;
  breakGlass: boolean;
}

/** The digest behind a local sign-in, with what decides whether it may be used at all. */
export const findPasswordDigest = async (
  tx: Tx,
  domainId: DomainId,
  email: string,
): Promise<PasswordAccount | undefined> => {
  const row = await tx.kysely
    .selectFrom('users')
    .select([
      'id',
      'password_digest',
      'disabled_at',
      'deleted_at',
      'sys_admin',
      'platform_admin',
      'break_glass',
    ])
    .where('domain_id', '=', domainId)
    .where('email_canonical', '=', canonicalEmail(email))
    .executeTakeFirst();
  return (
    row && {
      userId: row.id as UserId,
      digest: row.password_digest ?? undefined,
      active: row.disabled_at === null && row.deleted_at === null,
      breakGlass: row.break_glass && (row.sys_admin || row.platform_admin),
    }
  );
};

/** Active platform administrators of the whole installation. */
export const countPlatformAdmins = async (tx: Tx): Promise<number> => {
  const { n } = await tx.kysely
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('platform_admin', '=', true)
    .where('deleted_at', 'is', null)
    .where('disabled_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(n);
};
