/** People on the wire: the public view, and the one for administrators and for oneself. */
import type { Static } from 'typebox';
import { AnyObject, ListOfDomainQuery, ListQuery, UnixTime } from './engine.ts';
import { MetadataMap } from './metadata.ts';
import { Type } from './schema.ts';

const text = Type.Optional(Type.String());

export const PublicUserView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  email_digest: Type.String({ description: 'MD5 of the lower-cased e-mail address, hex' }),
  authority_id: Type.String(),
  nickname: text,
  first_name: text,
  last_name: text,
  country: text,
  building: text,
  image: text,
  department: text,
  preferred_language: text,
  staff_id: text,
  phone: text,
  photo_upload_id: text,
  groups: Type.Array(Type.String()),
  deleted: Type.Boolean(),
  locatable: Type.Boolean(),
  login_count: Type.Integer(),
  last_login: Type.Optional(UnixTime),
  work_preferences: Type.Array(Type.Unknown()),
  work_overrides: AnyObject,
  created_at: UnixTime,
});
export type PublicUserView = Static<typeof PublicUserView>;

export const AdminUserView = Type.Object({
  ...PublicUserView.properties,
  sys_admin: Type.Boolean({ description: 'administrator of the domain, or of the installation' }),
  support: Type.Boolean(),
  misc: text,
  login_name: text,
  card_number: text,
  ui_theme: text,
  disabled: Type.Optional(Type.Boolean()),
  break_glass: Type.Optional(
    Type.Boolean({ description: 'may sign in by password whatever the domain says; for administrators' }),
  ),
  password_set: Type.Optional(Type.Boolean()),
  platform_admin: Type.Optional(
    Type.Boolean({ description: 'administrator of the installation; only they see it' }),
  ),
  updated_at: Type.Optional(UnixTime),
});
export type AdminUserView = Static<typeof AdminUserView>;

const { sys_admin: _sysAdmin, support: _support, ...otherAdminFields } = AdminUserView.properties;

/** The view depends on the caller's role: what follows the public members is for administrators. */
export const UserView = Type.Object({
  ...PublicUserView.properties,
  ...otherAdminFields,
  sys_admin: Type.Optional(Type.Boolean()),
  support: Type.Optional(Type.Boolean()),
  associated_metadata: Type.Optional(MetadataMap),
});

export const CurrentUserView = Type.Object({
  ...AdminUserView.properties,
  associated_metadata: MetadataMap,
  subsystem_access: Type.Array(Type.String()),
});

const clearable = (maxLength: number) => Type.Optional(Type.Union([Type.String({ maxLength }), Type.Null()]));

const WorkDay = Type.Object({
  day_of_week: Type.Integer({ minimum: 0, maximum: 6 }),
  blocks: Type.Array(
    Type.Object({
      start_time: Type.Number(),
      end_time: Type.Number(),
      location: Type.Optional(Type.String()),
    }),
  ),
});

/** What everybody may write about themselves. Blank clears, except for `name` and the passwords. */
export const UserProfileBody = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 512 })),
  nickname: clearable(250),
  first_name: clearable(250),
  last_name: clearable(250),
  country: clearable(250),
  building: clearable(250),
  image: clearable(8192),
  department: clearable(250),
  preferred_language: clearable(35),
  phone: clearable(250),
  photo_upload_id: clearable(250),
  misc: clearable(65_536),
  ui_theme: clearable(64),
  locatable: Type.Optional(Type.Boolean()),
  work_preferences: Type.Optional(Type.Array(WorkDay, { maxItems: 100 })),
  work_overrides: Type.Optional(Type.Record(Type.String(), WorkDay)),
  password: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: 'blank or absent keeps it, null ends signing in by password',
    }),
  ),
  current_password: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: 'needed to change one’s own password, except by an administrator',
    }),
  ),
});

export const UserBody = Type.Object({
  ...UserProfileBody.properties,
  email: Type.Optional(Type.String({ description: 'on create only' })),
  authority_id: Type.Optional(
    Type.String({ description: 'on create only; default: the domain of the host' }),
  ),
  sys_admin: Type.Optional(Type.Boolean({ description: 'by administrators, like all from here on' })),
  support: Type.Optional(Type.Boolean()),
  login_name: clearable(256),
  staff_id: clearable(256),
  card_number: clearable(256),
  groups: Type.Optional(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 1000 })),
  disabled: Type.Optional(Type.Boolean({ description: 'ends all sessions and tokens' })),
  break_glass: Type.Optional(
    Type.Boolean({ description: 'an administrator with a password who can always get in' }),
  ),
  platform_admin: Type.Optional(Type.Boolean({ description: 'by administrators of the installation' })),
});
export type UserBody = Static<typeof UserBody>;

export const UserQuery = Type.Object({ include_metadata: Type.Optional(Type.Boolean()) });
export const UserListQuery = Type.Object({
  ...ListOfDomainQuery.properties,
  ...UserQuery.properties,
  include_deleted: Type.Optional(Type.Boolean()),
});
export const UserMetadataSearchQuery = Type.Object({
  limit: ListQuery.properties.limit,
  offset: ListQuery.properties.offset,
  filter: Type.Optional(Type.String({ description: 'a JSON path of PostgreSQL, e.g. $.desk ? (@ == "a")' })),
});
export const UserGroupsQuery = Type.Object({
  emails: Type.Optional(Type.String({ description: 'separated by commas' })),
});
export const UserGroupsView = Type.Object({ id: Type.String(), groups: Type.Array(Type.String()) });
export const UserDeleteQuery = Type.Object({
  force_removal: Type.Optional(Type.Boolean({ description: 'also where the domain only marks as deleted' })),
});

export const SessionView = Type.Object({
  id: Type.String(),
  provider: Type.String({ description: 'oauth2, adfs, ldap or internal' }),
  source_id: Type.Optional(Type.String()),
  source_name: Type.Optional(Type.String()),
  authenticated_at: UnixTime,
  created_at: UnixTime,
  last_seen_at: UnixTime,
  expires_at: UnixTime,
  ip: Type.Optional(Type.String()),
  user_agent: Type.Optional(Type.String()),
  browser: Type.Optional(Type.String({ description: 'what `user_agent` says, e.g. Firefox' })),
  system: Type.Optional(Type.String({ description: 'e.g. Windows' })),
  current: Type.Boolean({ description: 'the session that the caller’s token comes from' }),
});
export type SessionView = Static<typeof SessionView>;
export const SessionParams = Type.Object({ id: Type.String(), session_id: Type.String() });

export const ResourceTokenQuery = Type.Object({
  source_id: Type.Optional(Type.String({ description: 'only a token of this source' })),
});
export const ResourceTokenView = Type.Object({
  token: Type.String({ description: 'access token of the identity provider' }),
  expires: Type.Optional(UnixTime),
});

/** `GET /users/:id/identities`: which sources know this person. */
export const IdentityView = Type.Object({
  source_id: Type.String(),
  source_name: Type.String(),
  issuer: Type.String(),
  subject: Type.String(),
  email: Type.Optional(Type.String()),
  created_at: UnixTime,
  last_sign_in_at: Type.Optional(UnixTime),
  token_state: Type.Optional(
    Type.String({ description: 'live or needs_consent; absent: no tokens are kept' }),
  ),
  token_expires_at: Type.Optional(UnixTime),
});
export type IdentityView = Static<typeof IdentityView>;
