import { notFound } from '@tanstack/react-router';
import { isHelper, isPlatformAdmin, meQuery } from '#lib/me.ts';
import type { NotPermitted } from '#lib/not-permitted.ts';
import { queryClient } from '#lib/query-client.ts';

/** In place of the screen there is a page that says who can help. */
const refuse = (needed: NotPermitted['needed']): never => {
  throw notFound({ data: { needed } satisfies NotPermitted });
};

/** Support people and administrators. */
export const requireHelper = async (): Promise<void> => {
  const me = await queryClient.ensureQueryData(meQuery);
  if (!isHelper(me)) refuse('administrator');
};

export const requireAdministrator = async (): Promise<void> => {
  const me = await queryClient.ensureQueryData(meQuery);
  if (!me.sys_admin) refuse('administrator');
};

export const requirePlatformAdministrator = async (): Promise<void> => {
  const me = await queryClient.ensureQueryData(meQuery);
  if (!isPlatformAdmin(me)) refuse('platform');
};
