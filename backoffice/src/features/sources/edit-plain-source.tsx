/** The screen of a stored SAML or LDAP source. */
import type { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Box, Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useBase } from '#components/form/use-base.ts';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { useWords } from '#lib/words.ts';
import { changeSource, forgetSource, type LdapView, readSettings, type SamlView } from './api.ts';
import { NoteBox } from './note-box.tsx';
import { type PlainKind, storedPlainValues } from './plain/plain-fields.ts';
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
  /** What the form's changes are based on. */
  const base = useBase(view);
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
              // A new version means a new form: nothing of the old one may be left in it.
              key={view.revision ?? view.updated_at}
              kind={kind}
              initial={storedPlainValues(kind, view)}
              aside={<SourceAddressList source={summary} />}
              save={(body) => changeSource(kind, summary.id, body, base.current.revision)}
              readNewest={async () => {
                base.current = (await readSettings(kind, summary.id)) as SamlView | LdapView;
                return storedPlainValues(kind, base.current);
              }}
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
