import { Checkbox, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { PasswordField } from '#components/form/password-field.tsx';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { useReadAnew } from '#components/form/use-read-anew.ts';
import { Confirm } from '#components/ui/confirm.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import type { Tagged } from '#lib/api.ts';
import { isPlatformAdmin, meQuery, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { forgetPeople, type Person, readPerson, updatePerson } from './api.ts';
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

/** Whether these values take a rank that the reader has now. */
const stepsDown = (before: RoleValues, values: RoleValues): boolean =>
  (['sys_admin', 'platform_admin'] as const).some((each) => before[each] && !values[each]);

export const RolesTab = ({ read }: { read: Tagged<Person> }) => {
  const { roleForm: words, saved } = useWords(userWords);
  const client = useQueryClient();
  const router = useRouter();
  const me = useMe();
  const [isAsking, setIsAsking] = useState(false);
  const person = read.value;
  const base = useRef(read);
  const formOf = (ranksNow: RoleValues): Values => ({ ...ranksNow, password: '', remove_password: false });
  const form = useServerForm<Values>({
    initial: formOf(ranksOf(person)),
    save: ({ password, remove_password, ...values }) => {
      const before = ranksOf(base.current.value);
      const differs = (each: (typeof ranks)[number]): boolean => values[each] !== before[each];
      // `sys_admin: false` alone would take the rank above as well, which is not what stands in the form.
      const changed = ranks.filter((each) =>
        each === 'platform_admin'
          ? isPlatformAdmin(me) && (differs(each) || differs('sys_admin'))
          : differs(each),
      );
      return updatePerson(
        person.id,
        {
          ...Object.fromEntries(changed.map((each) => [each, values[each]])),
          ...(remove_password ? { password: null } : password !== '' && { password }),
        },
        base.current.etag,
      );
    },
    readNewest: async () => {
      base.current = await readPerson(person.id);
      return formOf(ranksOf(base.current.value));
    },
    onSaved: () => {
      notifyDone(saved);
      form.reset(formOf(form.values));
      void forgetPeople(client);
      if (person.id === me.id) void readRanksAnew();
    },
  });
  useReadAnew({ read, base, valuesOf: ({ value }) => formOf(ranksOf(value)), form });
  /** What the console offers, this screen among it, goes by one's own ranks. */
  const readRanksAnew = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: meQuery.queryKey });
    await router.invalidate();
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    const stepsDownOneself = person.id === me.id && stepsDown(ranksOf(base.current.value), form.values);
    if (!stepsDownOneself) form.onSubmit(event);
    else {
      event.preventDefault();
      setIsAsking(true);
    }
  };
  return (
    <form onSubmit={submit} noValidate>
      <Section title={words.title} description={words.intro}>
        <RoleFields form={form} />
      </Section>
      <Section title={words.passwordTitle} description={words.passwordIntro}>
        <Stack gap="md" maw="30rem">
          {person.password_set !== undefined && (
            <Text fw={600}>{person.password_set ? words.passwordSet : words.passwordNotSet}</Text>
          )}
          <PasswordField
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
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={words.ownTitle}
        action={words.ownAction}
        onConfirm={() => form.submit()}
      >
        {words.ownText}
      </Confirm>
    </form>
  );
};
