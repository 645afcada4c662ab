/** What the catalogue knows of a failure, in the reader's language: why, who mends it, how, and the field. */
import type { Advice } from '@foyer/contract/dry-runs.ts';
import { Anchor, Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { useWords } from '#lib/words.ts';
import { fieldLabels } from '../form/words.ts';
import { NoteBox } from '../note-box.tsx';
import { dryRunWords } from './words.ts';

export interface AdviceNoteProps {
  advice: Advice;
  /** Foyer's error code. */
  code?: string | undefined;
  /** Leads to the field in the form, where there is one. */
  onField?: ((field: string) => void) | undefined;
}

const labelOf = (field: string): string =>
  Object.hasOwn(fieldLabels, field) ? fieldLabels[field as keyof typeof fieldLabels] : field;

const isWebLink = (link: string | undefined): link is string =>
  link !== undefined && URL.parse(link)?.protocol === 'https:';

export const AdviceNote = ({ advice, code, onField }: AdviceNoteProps) => {
  const { advice: words } = useWords(dryRunWords);
  const { field, link } = advice;
  const who = Object.hasOwn(words.menders, advice.who)
    ? words.menders[advice.who as keyof typeof words.menders]
    : advice.who;
  return (
    <NoteBox tone="bad" title={advice.title}>
      <Stack gap="sm">
        <Text size="sm">
          <b>{words.cause}: </b>
          {advice.cause}
        </Text>
        <Text size="sm">
          <b>{words.who}: </b>
          {who}
        </Text>
        {advice.fix.length > 0 && (
          <div>
            <Text size="sm" fw={700}>
              {words.fix}:
            </Text>
            <List size="sm" type="ordered">
              {advice.fix.map((step) => (
                <List.Item key={step}>{step}</List.Item>
              ))}
            </List>
          </div>
        )}
        <Text size="sm">
          <b>{words.person}: </b>
          {advice.person}
        </Text>
        <Group gap="md">
          {field !== undefined && onField !== undefined && (
            <Button size="xs" variant="default" onClick={() => onField(field)}>
              {words.goToField(labelOf(field))}
            </Button>
          )}
          {field !== undefined && onField === undefined && (
            <Text size="sm">
              <b>{words.field}: </b>
              {labelOf(field)}
            </Text>
          )}
          {code !== undefined && (
            <Text size="sm">
              {words.code} <Code>{code}</Code>
            </Text>
          )}
          {isWebLink(link) && (
            <Anchor href={link} target="_blank" rel="noopener noreferrer" size="sm">
              {words.more}
            </Anchor>
          )}
        </Group>
      </Stack>
    </NoteBox>
  );
};
