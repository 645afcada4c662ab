/** The addresses of a source, to be copied. */
import type { SourceAddresses } from '@foyer/contract/source-lifecycle.ts';
import { Stack } from '@mantine/core';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { sourceWords } from './words.ts';

export const SourceAddressList = ({ source }: { source: SourceAddresses & { id: string; kind: string } }) => {
  const { edit: words } = useWords(sourceWords);
  return (
    <Section title={words.addresses}>
      <Stack gap="md">
        {source.entity_id !== undefined && <CopyField label={words.entityId} value={source.entity_id} />}
        {source.acs_url !== undefined && <CopyField label={words.acsUrl} value={source.acs_url} />}
        {source.kind === 'oauth2' && <CopyField label={words.callback} value={source.callback_url} />}
        {source.kind === 'oauth2' && source.callback_url_path !== source.callback_url && (
          <CopyField label={words.callbackPath} value={source.callback_url_path} />
        )}
        {source.kind === 'oauth2' && <CopyField label={words.loginUrl} value={source.login_url} />}
        <CopyField label={words.id} value={source.id} />
      </Stack>
    </Section>
  );
};
