import type { Person } from './api.ts';

export type Role = 'none' | 'support' | 'admin' | 'platform';

/** The highest rank of a person. */
export const roleOf = (person: Person): Role => {
  if (person.platform_admin) return 'platform';
  if (person.sys_admin) return 'admin';
  return person.support ? 'support' : 'none';
};
