/** What a mapping may fill (contract §2.5, S-32). */
import type { MappedFields } from '../identity-source.ts';

type TextTarget = Exclude<keyof MappedFields, 'groups'>;

/** Fields of the user record, with the longest value that each takes. */
export const textTargets: ReadonlyMap<string, number> = new Map<TextTarget, number>([
  ['name', 512],
  ['first_name', 256],
  ['last_name', 256],
  ['email', 254],
  ['login_name', 512],
  ['staff_id', 512],
  ['phone', 256],
  ['country', 256],
  ['nickname', 256],
  ['image', 8192],
  ['ui_theme', 256],
  ['building', 512],
  ['card_number', 512],
  ['department', 512],
  ['preferred_language', 256],
  ['misc', 8192],
]);

/** They name what PlaceOS kept on the user; Foyer keeps the provider's tokens sealed, apart from people (D-11). */
export const tokenTargets: ReadonlySet<string> = new Set([
  'access_token',
  'refresh_token',
  'expires',
  'expires_at',
]);

export const isKnownTarget = (target: string): boolean =>
  target === 'uid' || target === 'groups' || textTargets.has(target) || tokenTargets.has(target);

const forbidden = new Set([
  'id',
  'user_id',
  'authority_id',
  'domain_id',
  'sys_admin',
  'support',
  'admin',
  'is_admin',
  'role',
  'roles',
  'permissions',
  'deleted',
  'metadata',
  'email_digest',
  'login_count',
  'last_login',
  'created_at',
  'updated_at',
]);

/** Never set by what a provider says: who somebody is here, and what they may do. */
export const isForbiddenTarget = (target: string): boolean =>
  forbidden.has(target) || target.startsWith('password') || target.startsWith('logged_out');
