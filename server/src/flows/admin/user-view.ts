/** A user as others see them, and as administrators do; secrets are in neither. */
import { createHash } from 'node:crypto';
import { unixSeconds } from '#base/lib/clock.ts';
import type { User } from '#model/users/user.ts';

const emailDigest = (email: string): string => createHash('md5').update(email.toLowerCase()).digest('hex');

export const publicUser = (user: User) => ({
  id: user.id,
  name: user.name,
  email: user.email ?? '',
  email_digest: emailDigest(user.email ?? ''),
  authority_id: user.domainId,
  ...given({
    nickname: user.nickname,
    first_name: user.firstName,
    last_name: user.lastName,
    country: user.country,
    building: user.building,
    image: user.image,
    department: user.department,
    preferred_language: user.preferredLanguage,
    staff_id: user.staffId,
    phone: user.phone,
    photo_upload_id: user.photoUploadId,
  }),
  groups: user.groups,
  deleted: user.deletedAt !== undefined,
  locatable: user.locatable,
  login_count: user.loginCount,
  ...(user.lastLogin && { last_login: unixSeconds(user.lastLogin) }),
  work_preferences: user.workPreferences,
  work_overrides: user.workOverrides,
  created_at: unixSeconds(user.createdAt),
});

export const adminUser = (user: User) => ({
  ...publicUser(user),
  sys_admin: user.sysAdmin,
  support: user.support,
  ...given({
    misc: user.misc,
    login_name: user.loginName,
    card_number: user.cardNumber,
    ui_theme: user.uiTheme,
  }),
  updated_at: unixSeconds(user.updatedAt),
});

/** Members without a value are left out: PlaceOS never sends null. */
const given = (fields: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
