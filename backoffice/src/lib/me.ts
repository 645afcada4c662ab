/** Who is signed in to the console. */
import type { AdminUserView } from '@foyer/contract/users.ts';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api } from './api.ts';

export const meQuery = queryOptions({
  queryKey: ['/users/current'],
  queryFn: ({ signal }) => api.get<AdminUserView>('/users/current', undefined, signal),
  staleTime: 60_000,
});

/** Oneself; read before the first screen is drawn. */
export const useMe = (): AdminUserView => useSuspenseQuery(meQuery).data;

/** Support people see their domain's people and help them; the rest of the console is for administrators. */
export const isHelper = (me: AdminUserView): boolean => me.sys_admin || me.support;

export const isPlatformAdmin = (me: AdminUserView): boolean => me.platform_admin === true;
