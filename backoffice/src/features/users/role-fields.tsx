import { Stack, Switch } from '@mantine/core';
import type { useServerForm } from '#components/form/server-form.ts';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { userWords } from './words.ts';

export interface RoleValues {
  support: boolean;
  sys_admin: boolean;
  platform_admin: boolean;
  break_glass: boolean;
}

type RoleForm = Pick<ReturnType<typeof useServerForm<RoleValues>>, 'check'>;

/** Ranks, each with what it allows; the highest one only for those who have it. */
export const RoleFields = ({ form }: { form: RoleForm }) => {
  const { roleForm: words } = useWords(userWords);
  const me = useMe();
  return (
    <Stack gap="md" maw="44rem">
      <Switch label={words.support} description={words.supportHint} {...form.check('support')} />
      <Switch label={words.sys_admin} description={words.sys_adminHint} {...form.check('sys_admin')} />
      {isPlatformAdmin(me) && (
        <Switch
          label={words.platform_admin}
          description={words.platform_adminHint}
          {...form.check('platform_admin')}
        />
      )}
      <Switch label={words.break_glass} description={words.break_glassHint} {...form.check('break_glass')} />
    </Stack>
  );
};
