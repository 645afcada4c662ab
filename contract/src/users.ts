/** People on the wire: the public view, and the one for administrators and for oneself. */
import Type, { type Static } from 'typebox';
import { AnyObject, UnixTime } from './engine.ts';

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
  sys_admin: Type.Boolean(),
  support: Type.Boolean(),
  misc: text,
  login_name: text,
  card_number: text,
  ui_theme: text,
  updated_at: Type.Optional(UnixTime),
});
export type AdminUserView = Static<typeof AdminUserView>;
