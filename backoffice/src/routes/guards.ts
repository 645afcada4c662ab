import { isPlatformAdmin, meQuery } from '#lib/me.ts';
import { NotPermitted } from '#lib/not-permitted.ts';
import { queryClient } from '#lib/query-client.ts';

/** @throws {NotPermitted} drawn as a page that says who can help */
export const requireAdministrator = async (): Promise<void> => {
  const me = await queryClient.ensureQueryData(meQuery);
  if (!me.sys_admin) throw new NotPermitted('administrator');
};

export const requirePlatformAdministrator = async (): Promise<void> => {
  const me = await queryClient.ensureQueryData(meQuery);
  if (!isPlatformAdmin(me)) throw new NotPermitted('platform');
};
