import { SimpleGrid } from '@mantine/core';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { addressesOf } from './addresses.ts';
import type { Application } from './api.ts';
import { applicationWords } from './words.ts';

/** All that an application's own settings ask for, to be copied. */
export const ApplicationAddresses = ({ application, host }: { application: Application; host: string }) => {
  const { detail: words } = useWords(applicationWords);
  const addresses = addressesOf(host);
  return (
    <Section title={words.forTheApp} description={words.forTheAppText}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <CopyField label={words.clientId} value={application.uid} />
        <CopyField label={words.discovery} value={addresses.discovery} />
        {application.redirect_uri.split(' ').map((uri, index) => (
          <CopyField key={uri} label={words.redirect(index + 1)} value={uri} />
        ))}
        <CopyField label={words.authorize} value={addresses.authorize} />
        <CopyField label={words.token} value={addresses.token} />
        <CopyField label={words.signOut} value={addresses.signOut} />
      </SimpleGrid>
    </Section>
  );
};
