/** The parts of the About form. */
import type { DomainView } from '@foyer/contract/domains.ts';
import { Code, Group, Radio, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { DurationInput } from '#components/form/duration-input.tsx';
import { JsonEditor } from '#components/form/json-editor.tsx';
import type { useServerForm } from '#components/form/server-form.ts';
import { Section } from '#components/ui/section.tsx';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { DomainFields } from './domain-fields.tsx';
import type { DomainValues, SignOutKind } from './domain-values.ts';
import { domainWords } from './words.ts';

type Form = ReturnType<typeof useServerForm<DomainValues, never>>;
interface Props {
  form: Pick<Form, 'text' | 'check' | 'value' | 'values'>;
}
interface PropsWithDomain extends Props {
  domain: DomainView;
}

export const IdentitySection = ({ form }: PropsWithDomain) => {
  const { about: words, fields } = useWords(domainWords);
  const mayMove = isPlatformAdmin(useMe());
  return (
    <Section title={words.identity}>
      <Stack gap="md" maw="38rem">
        <DomainFields form={form} mayMove={mayMove} />
        <Textarea label={fields.description} rows={3} {...form.text('description')} />
      </Stack>
    </Section>
  );
};

export const SessionSection = ({ form }: Props) => {
  const { about: words } = useWords(domainWords);
  return (
    <Section title={words.sessions} description={words.sessionsText}>
      <Stack gap="lg">
        <Group gap="xl" align="flex-start">
          <DurationInput label={words.idle} {...form.value('session_idle_seconds')} />
          <DurationInput label={words.absolute} {...form.value('session_absolute_seconds')} />
        </Group>
        <Switch
          label={words.passwordSignIn}
          description={words.passwordSignInHint}
          {...form.check('password_sign_in')}
        />
      </Stack>
    </Section>
  );
};

export const SignOutSection = ({ form, domain }: PropsWithDomain) => {
  const { about: words } = useWords(domainWords);
  const choice = form.value('sign_out');
  return (
    <Section title={words.signOut} description={words.signOutText}>
      <Stack gap="md">
        <Radio.Group
          aria-label={words.signOutText}
          value={choice.value}
          onChange={(value) => choice.onChange(value as SignOutKind)}
        >
          <Stack gap="sm">
            <Radio value="page" label={words.signOutPage} />
            <Radio value="address" label={words.signOutAddress} description={words.signOutAddressHint} />
            {isCustom(domain) && (
              <Radio
                value="custom"
                label={
                  <>
                    {words.signOutCustom} <Code>{domain.logout_url}</Code>
                  </>
                }
                description={words.signOutCustomHint}
              />
            )}
          </Stack>
        </Radio.Group>
        {form.values.sign_out === 'address' && (
          <TextInput
            maw="38rem"
            label={words.signOutAddressLabel}
            placeholder="https://intranet.contoso.com/"
            type="url"
            {...form.text('logout_url')}
          />
        )}
      </Stack>
    </Section>
  );
};

const isCustom = ({ logout_url: url }: DomainView): boolean =>
  url !== '' && url !== '/auth/logout' && !url.startsWith('/auth/logout?continue=');

export const WarningSection = ({ form }: Props) => {
  const { about: words } = useWords(domainWords);
  return (
    <Section title={words.warnings} description={words.warningsText}>
      <Stack gap="md" maw="38rem">
        <TagsInput
          label={words.warningEmails}
          description={words.warningEmailsHint}
          placeholder={words.warningEmailsAdd}
          splitChars={[',', ' ', ';']}
          {...form.value('warning_emails')}
        />
        <TextInput
          label={words.webhook}
          description={words.webhookHint}
          type="url"
          placeholder="https://"
          {...form.text('warning_webhook_url')}
        />
      </Stack>
    </Section>
  );
};

export const LegacySection = ({ form }: Props) => {
  const { about: words } = useWords(domainWords);
  return (
    <Section title={words.legacy} description={words.legacyText}>
      <Stack gap="md">
        <Switch label={words.embedded} description={words.embeddedHint} {...form.check('embedded_apps')} />
        <Switch label={words.scripted} description={words.scriptedHint} {...form.check('scripted_sign_in')} />
      </Stack>
    </Section>
  );
};

export const DataSection = ({ form, domain }: PropsWithDomain) => {
  const { about: words } = useWords(domainWords);
  return (
    <Section title={words.data}>
      <Stack gap="md">
        <JsonEditor label={words.config} description={words.configHint} {...form.value('config')} />
        {domain.internals !== undefined && (
          <JsonEditor
            label={words.internals}
            description={words.internalsHint}
            {...form.value('internals')}
          />
        )}
      </Stack>
    </Section>
  );
};
