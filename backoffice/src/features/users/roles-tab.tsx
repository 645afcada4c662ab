import { Checkbox, PasswordInput, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import type { Tagged } from '#lib/api.ts';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { forgetPeople, type Person, updatePerson } from './api.ts';
import { RoleFields, type RoleValues } from './role-fields.tsx';
import { userWords } from './words.ts';

interface Values extends RoleValues {
  password: string;
  remove_password: boolean;
}

const ranks = ['support', 'sys_admin', 'platform_admin', 'break_glass'] as const;

const ranksOf = (person: Person): RoleValues => ({
  support: person.support,
  sys_admin: person.sys_admin,
  platform_admin: person.platform_admin ?? false,
  break_glass: person.break_glass ?? false,
});

export const RolesTab = ({ read: { value: person, etag } }: { read: Tagged<Person> }) => {
  const { roleForm: words, saved } = useWords(userWords);
  const client = useQueryClient();
  const me = useMe();
  const before = ranksOf(person);
  const form = useServerForm<Values>({
    initial: { ...before, password: '', remove_password: false },
    save: ({ password, remove_password, ...values }) => {
      const changed = ranks.filter(
        (each) => values[each] !== before[each] && (each !== 'platform_admin' || isPlatformAdmin(me)),
      );
      return updatePerson(
        person.id,
        {
          ...Object.fromEntries(changed.map((each) => [each, values[each]])),
          ...(remove_password ? { password: null } : password !== '' && { password }),
        },
        etag,
      );
    },
    onSaved: () => {
      notifyDone(saved);
      form.reset({ ...form.values, password: '', remove_password: false });
      void forgetPeople(client);
    },
  });
  return (
    <form onSubmit={form.onSubmit} noValidate>
      <Section title={words.title} description={words.intro}>
        <RoleFields form={form} />
      </Section>
      <Section title={words.passwordTitle} description={words.passwordIntro}>
        <Stack gap="md" maw="30rem">
          {person.password_set !== undefined && (
            <Text fw={600}>{person.password_set ? words.passwordSet : words.passwordNotSet}</Text>
          )}
          <PasswordInput
            label={words.newPassword}
            description={words.newPasswordHint}
            autoComplete="new-password"
            disabled={form.values.remove_password}
            {...form.text('password')}
          />
          {person.password_set !== false && (
            <Checkbox
              label={words.removePassword}
              description={words.removePasswordHint}
              {...form.check('remove_password')}
            />
          )}
        </Stack>
      </Section>
      <SaveBar form={form} onDiscard={() => form.reset()} />
    </form>
  );
};
