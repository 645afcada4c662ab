import type { DomainView } from '@foyer/contract/domains.ts';
import { Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { objectOf } from '#components/form/json-editor.tsx';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { useReadAnew } from '#components/form/use-read-anew.ts';
import { notifyDone } from '#components/ui/notify.ts';
import { api, type Tagged } from '#lib/api.ts';
import { taggedDomainQuery } from '#lib/domain-query.ts';
import { useWords } from '#lib/words.ts';
import {
  DataSection,
  IdentitySection,
  LegacySection,
  SessionSection,
  SignOutSection,
  WarningSection,
} from './about-sections.tsx';
import { changesOf, type DomainValues, isLandingAddress, valuesOf } from './domain-values.ts';
import { domainWords } from './words.ts';

export const AboutForm = ({ tagged }: { tagged: Tagged<DomainView> }) => {
  const { about: words } = useWords(domainWords);
  const queries = useQueryClient();
  const base = useRef(tagged);
  const { queryKey } = taggedDomainQuery(tagged.value.id);

  const save = async (values: DomainValues): Promise<Tagged<DomainView>> => {
    const { value: before, etag } = base.current;
    await api.patch(`/domains/${before.id}`, changesOf(values, before), { ifMatch: etag });
    await queries.invalidateQueries({ queryKey: ['/domains'] });
    return queries.getQueryData<Tagged<DomainView>>(queryKey) ?? base.current;
  };

  const check = (values: DomainValues) => ({
    ...(values.sign_out === 'address' &&
      !isLandingAddress(values.logout_url.trim()) && { logout_url: words.signOutAddressWrong }),
    // The editor itself says what is wrong.
    ...(!objectOf(values.config) && { config: ' ' }),
    ...(!objectOf(values.internals) && { internals: ' ' }),
  });

  const form = useServerForm({
    initial: valuesOf(tagged.value),
    save,
    check,
    readNewest: async () => {
      base.current = await queries.fetchQuery({ ...taggedDomainQuery(tagged.value.id), staleTime: 0 });
      return valuesOf(base.current.value);
    },
    onSaved: (fresh) => {
      base.current = fresh;
      form.reset(valuesOf(fresh.value));
      notifyDone(words.saved);
    },
  });

  useReadAnew({ read: tagged, base, valuesOf: ({ value }) => valuesOf(value), form });

  return (
    <form onSubmit={form.onSubmit} noValidate>
      <Stack gap={0} mt="lg">
        <IdentitySection form={form} domain={tagged.value} />
        <SessionSection form={form} />
        <SignOutSection form={form} domain={tagged.value} />
        <WarningSection form={form} />
        <LegacySection form={form} />
        <DataSection form={form} domain={tagged.value} />
      </Stack>
      <SaveBar form={form} onDiscard={() => form.reset(valuesOf(base.current.value))} />
    </form>
  );
};
