/** Wire fields of a user become changes of the record, checked as far as they can be without the database. */
import type { FieldFailure } from '#base/lib/errors.ts';
import { isEmail, type User } from '#model/users/user.ts';
import type { UserChanges } from '#model/users/user-store.ts';
import { plainName, refuseFailures } from '../assign.ts';

type Clearable = string | null;

/** A user as a body has it, every member of the right type. */
export interface UserFields {
  name?: string;
  nickname?: Clearable;
  first_name?: Clearable;
  last_name?: Clearable;
  country?: Clearable;
  building?: Clearable;
  image?: Clearable;
  department?: Clearable;
  preferred_language?: Clearable;
  phone?: Clearable;
  photo_upload_id?: Clearable;
  misc?: Clearable;
  ui_theme?: Clearable;
  locatable?: boolean;
  work_preferences?: unknown[];
  work_overrides?: Record<string, unknown>;
  password?: Clearable;
  current_password?: Clearable;
  email?: string;
  authority_id?: string;
  sys_admin?: boolean;
  support?: boolean;
  login_name?: Clearable;
  staff_id?: Clearable;
  card_number?: Clearable;
  groups?: string[];
  disabled?: boolean;
  break_glass?: boolean;
  platform_admin?: boolean;
}

const names = { nickname: 'nickname', first_name: 'firstName', last_name: 'lastName' } as const;
const texts = {
  country: 'country',
  building: 'building',
  image: 'image',
  department: 'department',
  preferred_language: 'preferredLanguage',
  phone: 'phone',
  photo_upload_id: 'photoUploadId',
  misc: 'misc',
} as const;
const adminTexts = { login_name: 'loginName', staff_id: 'staffId', card_number: 'cardNumber' } as const;

/** Blank is no value: two people without a staff id must not collide on ''. */
const textChanges = (
  fields: UserFields,
  columns: Readonly<Record<string, keyof UserChanges>>,
  clean: (text: string) => string,
): UserChanges =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([member, column]) => {
      const value = fields[member as keyof UserFields] as Clearable | undefined;
      return value === undefined ? [] : [[column, (value && clean(value)) || null]];
    }),
  );

const language = /^(?:[a-z]{2,3}|[a-z]{2}-[a-z0-9-]{1,32})$/i;

/**
 * What the body changes, without passwords, ranks and `disabled`.
 * @param byAdmin whether login name, staff id, card number and groups count (D-40); else they are ignored
 * @throws {FoyerError} `validation_failed`
 */
export const readUserChanges = (fields: UserFields, byAdmin: boolean): UserChanges => {
  const failures: FieldFailure[] = [];
  const email = fields.email?.trim();
  if (email !== undefined && !isEmail(email))
    failures.push({ field: 'email', reason: 'is an invalid email' });
  if (fields.preferred_language && !language.test(fields.preferred_language.trim())) {
    failures.push({ field: 'preferred_language', reason: 'is an invalid preferred language' });
  }
  refuseFailures(failures);
  const name = fields.name === undefined ? '' : plainName(fields.name);
  return {
    ...(email !== undefined && { email }),
    // Every user has a name, so a blank one keeps it.
    ...(name !== '' && { name }),
    ...textChanges(fields, names, plainName),
    ...textChanges(fields, texts, (text) => text.trim()),
    ...(fields.ui_theme !== undefined && { uiTheme: fields.ui_theme?.trim() || 'light' }),
    ...(fields.locatable !== undefined && { locatable: fields.locatable }),
    ...(fields.work_preferences && { workPreferences: fields.work_preferences }),
    ...(fields.work_overrides && { workOverrides: fields.work_overrides }),
    ...(byAdmin && textChanges(fields, adminTexts, (text) => text.trim())),
    ...(byAdmin && fields.groups && { groups: fields.groups }),
  };
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Only what differs from the record: clients send everything back that they have read. */
export const realChanges = (user: User, changes: UserChanges): UserChanges =>
  Object.fromEntries(
    Object.entries(changes).filter(([field, value]) => !same(user[field as keyof User], value)),
  );
