/** The screen of a stored SAML or LDAP source. */
import type { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Box, Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { useWords } from '#lib/words.ts';
import { changeSource, forgetSource, type LdapView, readSettings, type SamlView } from './api.ts';
import { NoteBox } from './note-box.tsx';
import type { PlainKind } from './plain/plain-fields.ts';
import { PlainForm } from './plain/plain-form.tsx';
import { SourceAddressList } from './source-address-list.tsx';
import { SourceHeader, SourceTabs } from './source-header.tsx';
import { VersionsPanel } from './versions/versions-panel.tsx';
import { sourceWords } from './words.ts';

export interface EditPlainSourceProps {
  domainId: string;
  summary: SourceSummary;
  view: SamlView | LdapView;
}

export const EditPlainSource = ({ domainId, summary, view }: EditPlainSourceProps) => {
  const words = useWords(sourceWords);
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const kind = summary.kind as PlainKind;
  const publish = async (): Promise<void> => {
    setError(undefined);
    try {
      await changeSource(kind, summary.id, { enabled: !summary.enabled }, view.revision);
      await forgetSource(client);
    } catch (refusal) {
      setError(refusal);
    }
  };
  return (
    <>
      <SourceHeader
        domainId={domainId}
        summary={summary}
        actions={
          <Button variant="default" onClick={() => void publish()}>
            {summary.enabled ? words.list.disable : words.list.enable}
          </Button>
        }
      />
      {error !== undefined && <ErrorNotice error={error} />}
      <Box mb="md">
        <NoteBox tone="info">{words.edit.comesLater}</NoteBox>
      </Box>
      <SourceTabs
        offered={['settings', 'versions']}
        panel={(tab) =>
          tab === 'versions' ? (
            <VersionsPanel summary={summary} />
          ) : (
            <PlainForm
              kind={kind}
              stored={view}
              aside={<SourceAddressList source={summary} />}
              save={(body, base) => changeSource(kind, summary.id, body, base?.revision)}
              readNewest={async () => (await readSettings(kind, summary.id)) as SamlView | LdapView}
              onSaved={async () => {
                await forgetSource(client);
                notifyDone(words.saved);
              }}
            />
          )
        }
      />
    </>
  );
};
