import type { DomainBody, DomainView } from '@foyer/contract/domains.ts';
import { List, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { Crumbs } from '#components/ui/crumbs.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { api } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import { DomainFields } from './domain-fields.tsx';
import { domainWords } from './words.ts';

const blank = { name: '', domain: '', email_domains: [] as string[] };

export const NewDomainScreen = () => {
  const { create: words, about, list } = useWords(domainWords);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useServerForm({
    initial: blank,
    save: (values) => api.post<DomainView>('/domains', values satisfies DomainBody),
    onSaved: ({ id, name }) => {
      notifyDone(words.saved(name));
      void queries.invalidateQueries({ queryKey: ['/domains'] });
      // Its sources are what it needs next.
      void navigate({ to: '/domains/$domainId/authentication', params: { domainId: id } });
    },
  });
  return (
    <>
      <Crumbs
        links={[
          <RouterAnchor key="domains" to="/domains" size="sm">
            {list.title}
          </RouterAnchor>,
        ]}
        here={words.title}
      />
      <PageTitle title={words.title} description={words.text} />
      <form onSubmit={form.onSubmit} noValidate>
        <Section title={about.identity}>
          <Stack gap="md" maw="34rem">
            <DomainFields form={form} />
          </Stack>
        </Section>
        <Section title={words.defaults}>
          <List spacing={4}>
            <List.Item>{words.defaultSignIn}</List.Item>
            <List.Item>{words.defaultSignOut}</List.Item>
            <List.Item>{words.defaultSessions}</List.Item>
            <List.Item>{words.defaultApp}</List.Item>
          </List>
        </Section>
        <SaveBar form={form} label={words.save} />
      </form>
    </>
  );
};
