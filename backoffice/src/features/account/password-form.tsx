import { Stack, Text } from '@mantine/core';
import { PasswordField } from '#components/form/password-field.tsx';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { api } from '#lib/api.ts';
import { useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { accountWords } from './words.ts';

const blank = { current_password: '', password: '', password_again: '' };

export const PasswordForm = () => {
  const words = useWords(accountWords);
  const me = useMe();
  const form = useServerForm({
    initial: blank,
    check: ({ current_password, password, password_again }) => ({
      ...(current_password === '' && { current_password: words.required }),
      ...(password === '' && { password: words.required }),
      ...(password !== password_again && { password_again: words.notTheSame }),
    }),
    save: ({ current_password, password }) => api.patch(`/users/${me.id}`, { current_password, password }),
    onSaved: () => {
      form.reset(blank);
      notifyDone(words.changed);
    },
  });
  if (me.password_set === false) {
    return (
      <Section title={words.password}>
        <Text c="dimmed">{words.passwordNone}</Text>
      </Section>
    );
  }
  return (
    <Section title={words.password} description={words.passwordText}>
      <form onSubmit={form.onSubmit} noValidate>
        <Stack gap="md" maw="26rem">
          {/* Password managers want to know whose it is. */}
          <input type="email" name="email" autoComplete="username" value={me.email} readOnly hidden />
          <PasswordField
            label={words.current}
            autoComplete="current-password"
            {...form.text('current_password')}
          />
          <PasswordField label={words.next} autoComplete="new-password" {...form.text('password')} />
          <PasswordField label={words.again} autoComplete="new-password" {...form.text('password_again')} />
        </Stack>
        <SaveBar form={form} label={words.change} plain />
      </form>
    </Section>
  );
};
