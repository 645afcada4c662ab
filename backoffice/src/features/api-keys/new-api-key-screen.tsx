import { Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { DomainSelect } from '#components/form/domain-select.tsx';
import { PersonSelect } from '#components/form/person-select.tsx';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { notifyDone } from '#components/ui/notify.ts';
import { PageTitle } from '#components/ui/page-title.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import { Section } from '#components/ui/section.tsx';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { createApiKey, forgetApiKeys, type NewApiKey, scopesQuery } from './api.ts';
import { type Expiry, expiresAt, expiries } from './expiry.ts';
import { apiKeyWords } from './words.ts';

const permissions = ['user', 'support', 'admin', 'admin_support'] as const;

interface Values {
  name: string;
  description: string;
  user_id: string;
  scopes: string[];
  permissions: (typeof permissions)[number];
  expiry: Expiry;
  expires_at: string;
}

const initial: Values = {
  name: '',
  description: '',
  user_id: '',
  scopes: ['public'],
  permissions: 'user',
  expiry: 'year',
  expires_at: '',
};

const now = (): number => Date.now() / 1000;

export const NewApiKeyScreen = () => {
  const words = useWords(apiKeyWords);
  const { form: labels } = words;
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: scopes = [] } = useQuery(scopesQuery);
  const [domainId, setDomainId] = useState(me.authority_id);
  const [made, setMade] = useState<NewApiKey>();
  const form = useServerForm<Values>({
    initial,
    check: (values): Partial<Record<keyof Values, string>> => ({
      ...(values.name.trim() === '' && { name: labels.required.name }),
      ...(values.user_id === '' && { user_id: labels.required.user_id }),
      ...(expiresAt(values.expiry, values.expires_at, now()) === undefined && {
        expires_at: labels.required.date,
      }),
    }),
    save: ({ expiry, expires_at, ...values }) =>
      createApiKey({ ...values, expires_at: expiresAt(expiry, expires_at, now()) ?? null }),
    onSaved: (saved) => {
      setMade(saved as NewApiKey);
      void forgetApiKeys(client);
    },
  });
  const finish = (): void => {
    if (made) notifyDone(words.created(made.name));
    void navigate({ to: '/api-keys' });
  };
  return (
    <>
      <PageTitle title={words.add} />
      <form onSubmit={form.onSubmit} noValidate>
        <Section title={labels.key}>
          <Stack gap="md" maw="36rem">
            <TextInput label={labels.name} description={labels.nameHint} required {...form.text('name')} />
            <TextInput
              label={labels.description}
              description={labels.descriptionHint}
              {...form.text('description')}
            />
            {isPlatformAdmin(me) && (
              <DomainSelect
                label={labels.domain}
                value={domainId}
                onChange={(id) => {
                  if (id === null) return;
                  setDomainId(id);
                  form.set({ user_id: '' });
                }}
              />
            )}
            <PersonSelect
              key={domainId}
              label={labels.owner}
              description={labels.ownerHint}
              required
              domainId={domainId}
              name="user_id"
              value={form.values.user_id || null}
              onChange={(id) => form.set({ user_id: id ?? '' })}
              error={form.failure('user_id')}
            />
          </Stack>
        </Section>
        <Section title={labels.allowed}>
          <Stack gap="md" maw="36rem">
            <TagsInput
              label={labels.scopes}
              description={labels.scopesHint}
              data={scopes}
              limit={50}
              splitChars={[' ', ',']}
              acceptValueOnBlur
              {...form.value('scopes')}
            />
            <Select
              label={labels.permissions}
              description={labels.permissionsHint}
              data={permissions.map((each) => ({ value: each, label: words.permissions[each] }))}
              allowDeselect={false}
              {...form.value('permissions')}
            />
            <Select
              label={labels.expires}
              data={expiries.map((each) => ({ value: each, label: words.expiries[each] }))}
              allowDeselect={false}
              {...form.value('expiry')}
            />
            {form.values.expiry === 'date' && (
              <TextInput type="date" label={labels.on} required {...form.text('expires_at')} />
            )}
          </Stack>
        </Section>
        <SaveBar form={form} label={words.create} />
      </form>
      <SecretOnce
        title={words.newTitle(made?.name ?? '')}
        label={words.keyLabel}
        secret={made?.x_api_key}
        onStored={finish}
      />
    </>
  );
};
