import type { DomainView } from '@foyer/contract/domains.ts';
import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { Section } from '#components/ui/section.tsx';
import { taggedDomainQuery } from '#lib/domain-query.ts';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { AboutForm } from './about-form.tsx';
import { DeleteDomain } from './delete-domain.tsx';
import { LoginBehaviour } from './login-behaviour.tsx';
import { domainWords } from './words.ts';

export const AboutScreen = ({ domainId }: { domainId: string }) => {
  const { about: words } = useWords(domainWords);
  const { data, error, refetch } = useQuery(taggedDomainQuery(domainId));
  const mayDelete = isPlatformAdmin(useMe());
  return (
    <>
      <PageTitle title={words.title} />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        // The form of another domain is another form.
        <div key={domainId}>
          <LoginBehaviour domain={data.value} />
          <AboutForm tagged={data} />
          {mayDelete && <DeleteSection domain={data.value} />}
        </div>
      )}
    </>
  );
};

const DeleteSection = ({ domain }: { domain: DomainView }) => {
  const { about: words } = useWords(domainWords);
  const navigate = useNavigate();
  const [opened, setOpened] = useState(false);
  return (
    <Section title={words.delete}>
      <Text c="dimmed" mb="sm">
        {words.deleteText}
      </Text>
      <Button variant="outline" color="red" onClick={() => setOpened(true)}>
        {words.deleteButton}
      </Button>
      <DeleteDomain
        domain={opened ? domain : undefined}
        onClose={() => setOpened(false)}
        onDeleted={() => navigate({ to: '/domains' })}
      />
    </Section>
  );
};
