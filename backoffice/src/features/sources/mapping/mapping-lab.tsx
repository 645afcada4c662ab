/** The mapping lab: a pasted or captured profile, and the person that the form's rows make of it, live. */
import type { DryRunResult } from '@foyer/contract/dry-runs.ts';
import { Button, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { JsonEditor, jsonText, objectOf } from '#components/form/json-editor.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { type DraftTarget, previewMapping } from '../api.ts';
import { rowsAreWhole } from '../draft.ts';
import { AdviceNote } from '../dry-run/advice-note.tsx';
import classes from '../dry-run/dry-run.module.css';
import { PersonTable } from '../dry-run/person-table.tsx';
import { DecisionNote } from '../dry-run/run-result.tsx';
import { focusField } from '../form/focus-field.ts';
import { useFormContext } from '../form/form-context.ts';
import { MappingRows, MatchingRows } from '../form/mapping-rows.tsx';
import { formWords } from '../form/words.ts';
import { NoteBox } from '../note-box.tsx';
import { mappingWords } from './words.ts';

export interface MappingLabProps {
  target: DraftTarget;
  /** The last dry run, whose profile can be taken. */
  captured: DryRunResult | undefined;
  /** Draws the rows here; on the page of a new source they stand in the form above. */
  withRows?: boolean;
}

/** As Microsoft Graph answers; a start for those who have none at hand. */
const examples = {
  microsoft: {
    id: '48d31887-5fad-4d73-a9f5-3c356e68a038',
    displayName: 'Alice Adams',
    givenName: 'Alice',
    surname: 'Adams',
    mail: null,
    userPrincipalName: 'alice@contoso.com',
  },
  other: {
    sub: '248289761001',
    name: 'Alice Adams',
    given_name: 'Alice',
    family_name: 'Adams',
    email: 'alice@contoso.com',
    email_verified: true,
  },
} as const;

export const MappingLab = ({ target, captured, withRows = false }: MappingLabProps) => {
  const words = useWords(mappingWords);
  const { rowsNotWhole } = useWords(formWords);
  const { form, preset } = useFormContext();
  const [profileText, setProfileText] = useState(() =>
    jsonText(preset === 'microsoft' ? examples.microsoft : examples.other),
  );
  const [claimsText, setClaimsText] = useState('{}');
  const profile = objectOf(profileText);
  const claims = objectOf(claimsText);
  // Secrets have no part in this, so they are not sent along.
  const { client_secret: _secret, client_private_key: _key, ...body } = form.body;
  const [input] = useDebouncedValue(JSON.stringify({ body, profile, claims }), 400);
  const isWhole = rowsAreWhole(form.draft);
  const { data, error } = useQuery({
    queryKey: ['/mapping_previews', target.sourceId, input],
    queryFn: ({ signal }) => {
      const asked = JSON.parse(input) as { body: typeof body; profile: object; claims?: object };
      const hasClaims = Object.keys(asked.claims ?? {}).length > 0;
      return previewMapping(
        target,
        asked.body,
        {
          profile: asked.profile as Record<string, unknown>,
          ...(hasClaims && { claims: asked.claims as Record<string, unknown> }),
        },
        signal,
      );
    },
    enabled: isWhole && profile !== undefined && claims !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const take = (): void => {
    if (captured?.raw_profile) setProfileText(jsonText(captured.raw_profile));
    if (captured?.raw_claims) setClaimsText(jsonText(captured.raw_claims));
  };
  return (
    <Section
      title={words.title}
      description={words.explain}
      actions={
        captured?.raw_profile && (
          <Button size="xs" variant="default" onClick={take}>
            {words.takeCaptured}
          </Button>
        )
      }
    >
      <div className={classes.sideBySide}>
        <Stack gap="md">
          {withRows && (
            <>
              <MappingRows />
              <MatchingRows />
            </>
          )}
          <JsonEditor
            label={words.profile}
            description={words.profileHelp}
            value={profileText}
            onChange={setProfileText}
            minRows={8}
          />
          <JsonEditor label={words.claims} value={claimsText} onChange={setClaimsText} minRows={2} />
        </Stack>
        <div aria-live="polite" className={classes.preview}>
          {!isWhole && <NoteBox tone="warn">{rowsNotWhole}</NoteBox>}
          {error !== null && <ErrorNotice error={error} />}
          {data === undefined && error === null && <Text c="dimmed">{words.waiting}</Text>}
          {error === null && data?.refusal && (
            <Stack gap="xs" mb="md">
              <Text fw={600}>{words.refused}</Text>
              <AdviceNote advice={data.refusal.advice} code={data.refusal.code} onField={focusField} />
            </Stack>
          )}
          {error === null && data?.person && (
            <PersonTable person={data.person} mappings={form.draft.info_mappings} />
          )}
          {error === null && data?.decision && <DecisionNote decision={data.decision} />}
        </div>
      </div>
    </Section>
  );
};
