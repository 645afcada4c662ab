import { Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { PasswordField } from '#components/form/password-field.tsx';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { notifyDone } from '#components/ui/notify.ts';
import { PageTitle } from '#components/ui/page-title.tsx';
import { Section } from '#components/ui/section.tsx';
import { useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { createPerson, forgetPeople, type Person } from './api.ts';
import { GroupsField, PersonFields, useAllowedNames } from './profile-fields.tsx';
import { type ProfileValues, profileChanges, profileOf } from './profile-values.ts';
import { RoleFields, type RoleValues } from './role-fields.tsx';
import { userWords } from './words.ts';

type Values = ProfileValues & RoleValues & { email: string; password: string };

const nobody = profileOf({});
const initial: Values = {
  ...nobody,
  email: '',
  password: '',
  support: false,
  sys_admin: false,
  platform_admin: false,
  break_glass: false,
};
const ranks = ['support', 'sys_admin', 'platform_admin', 'break_glass'] as const;

export const NewUserScreen = ({ domainId }: { domainId: string }) => {
  const words = useWords(userWords);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { sys_admin } = useMe();
  const names = useAllowedNames(['first_name', 'last_name', 'department', 'staff_id', 'login_name', 'phone']);
  const form = useServerForm<Values>({
    initial,
    check: ({ email }): Partial<Record<keyof Values, string>> =>
      email.trim() === '' ? { email: words.required } : {},
    save: ({ email, password, support, sys_admin, platform_admin, break_glass, ...profile }) => {
      const given = { support, sys_admin, platform_admin, break_glass };
      return createPerson({
        authority_id: domainId,
        email,
        ...profileChanges(nobody, profile),
        ...(password !== '' && { password }),
        ...Object.fromEntries(ranks.filter((each) => given[each]).map((each) => [each, true])),
      });
    },
    onSaved: (saved) => {
      const person = saved as Person;
      notifyDone(words.created(person.name));
      void forgetPeople(client);
      void navigate({
        to: '/domains/$domainId/users/$userId',
        params: { domainId, userId: person.id },
      });
    },
  });
  return (
    <>
      <PageTitle title={words.add} />
      <form onSubmit={form.onSubmit} noValidate>
        <Section title={words.profile.person}>
          <Stack gap="md">
            <TextInput
              type="email"
              label={words.fields.email}
              description={words.hints.email}
              required
              autoComplete="off"
              maw="30rem"
              {...form.text('email')}
            />
            <PersonFields form={form} names={names} />
            {sys_admin && <GroupsField form={form} />}
          </Stack>
        </Section>
        <Section title={words.roleForm.passwordTitle}>
          <PasswordField
            label={words.fields.password}
            description={words.hints.password}
            autoComplete="new-password"
            maw="30rem"
            {...form.text('password')}
          />
        </Section>
        {sys_admin && (
          <Section title={words.roleForm.title} description={words.roleForm.intro}>
            <RoleFields form={form} />
          </Section>
        )}
        <SaveBar form={form} label={words.create} />
      </form>
    </>
  );
};
