/** The secrets of a source: what is known of each, replacing it, and the second one that makes a rotation seamless. */
import type { SecretNote, SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { FasterNotice } from '#components/form/faster-notice.tsx';
import { UnsavedGuard } from '#components/form/unsaved-guard.tsx';
import { Confirm } from '#components/ui/confirm.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { ApiError } from '#lib/api.ts';
import { date } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { changeSource, forgetSource, promoteSecret } from '../api.ts';
import { dayToUnix, unixToDay } from '../draft.ts';
import { SecretEnds, SecretInput } from '../form/secret-field.tsx';
import { SecretDays } from '../source-state.tsx';
import { secretWords } from './words.ts';

type Slot = 'client_secret' | 'next_client_secret';

export const SecretsPanel = ({ summary }: { summary: SourceSummary }) => {
  const words = useWords(secretWords);
  const client = useQueryClient();
  const [dialog, setDialog] = useState<'promote' | 'clear'>();
  const { client_secret: first, next_client_secret: second, client_private_key: key } = summary.secrets;
  const hasSecond = second?.set === true;
  const promote = async (): Promise<void> => {
    await promoteSecret(summary.id);
    await forgetSource(client);
    notifyDone(words.promoted);
  };
  const clear = async (): Promise<void> => {
    await changeSource('oauth2', summary.id, { next_client_secret: null }, summary.version);
    await forgetSource(client);
  };
  return (
    <>
      <Section title={words.titles.client_secret} description={words.explain.client_secret}>
        <SecretFacts note={first} />
        <SecretForm summary={summary} slot="client_secret" note={first} label={words.replace} />
      </Section>
      <Section
        title={words.titles.next_client_secret}
        description={words.explain.next_client_secret}
        actions={
          hasSecond && (
            <Group gap="sm">
              <Button size="xs" onClick={() => setDialog('promote')}>
                {words.promote}
              </Button>
              <Button size="xs" variant="default" onClick={() => setDialog('clear')}>
                {words.clear}
              </Button>
            </Group>
          )
        }
      >
        <SecretFacts note={second} />
        <SecretForm
          summary={summary}
          slot="next_client_secret"
          note={second}
          label={hasSecond ? words.replace : words.setSecond}
        />
        <Text size="sm" fw={600} mt="md">
          {words.howTo}
        </Text>
        <List type="ordered" size="sm">
          {words.steps.split('\n').map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      </Section>
      {key?.set === true && (
        <Section title={words.titles.client_private_key} description={words.explain.client_private_key}>
          <SecretFacts note={key} />
        </Section>
      )}
      <Confirm
        opened={dialog === 'promote'}
        onClose={() => setDialog(undefined)}
        title={words.promoteTitle}
        action={words.promote}
        onConfirm={promote}
        harmless
      >
        {words.promoteText}
      </Confirm>
      <Confirm
        opened={dialog === 'clear'}
        onClose={() => setDialog(undefined)}
        title={words.clearTitle}
        action={words.clear}
        onConfirm={clear}
      >
        {words.clearText}
      </Confirm>
    </>
  );
};

const daysLeft = (expiresAt: number): number => Math.floor(expiresAt - Date.now() / 1000) / 86_400;

const SecretFacts = ({ note }: { note: SecretNote | undefined }) => {
  const words = useWords(secretWords);
  const [language] = useLanguage();
  if (note?.set !== true) {
    return (
      <Text size="sm" c="dimmed">
        {words.none}
      </Text>
    );
  }
  const { expires_at: expiresAt } = note;
  return (
    <Facts>
      {note.last_four !== undefined && (
        <Fact label={words.lastFour}>
          <Code>…{note.last_four}</Code>
        </Fact>
      )}
      {note.fingerprint !== undefined && (
        <Fact label={words.fingerprint}>
          <Code>{note.fingerprint}</Code>
        </Fact>
      )}
      {note.set_at !== undefined && (
        <Fact label={words.setAt}>
          <Timestamp at={note.set_at} show="both" />
        </Fact>
      )}
      <Fact label={words.expires}>
        {expiresAt === undefined ? (
          words.expiresUnknown
        ) : (
          <Group gap="sm">
            {date(expiresAt, language)}
            <SecretDays days={Math.floor(daysLeft(expiresAt))} />
          </Group>
        )}
      </Fact>
    </Facts>
  );
};

interface SecretFormProps {
  summary: SourceSummary;
  slot: Slot;
  note: SecretNote | undefined;
  label: string;
}

/** A new value with its end, or only another end. What was typed is forgotten as soon as it is sent. */
const SecretForm = ({ summary, slot, note, label }: SecretFormProps) => {
  const words = useWords(secretWords);
  const client = useQueryClient();
  const stored = unixToDay(note?.expires_at);
  const [secret, setSecret] = useState('');
  const [day, setDay] = useState(stored);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const change = {
        ...(secret !== '' && { [slot]: secret }),
        [`${slot}_expires_at`]: day === '' ? null : dayToUnix(day),
      };
      await changeSource('oauth2', summary.id, change, summary.version);
      setSecret('');
      isChanged.current = false;
      await forgetSource(client);
      notifyDone(words.saved);
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  const failure = error instanceof ApiError ? error.failureOf(slot) : undefined;
  const isOvertaken = error instanceof ApiError && error.status === 412;
  const isNew = secret !== '';
  const isChanged = useRef(false);
  isChanged.current = isNew || day !== stored;
  /** The facts above are then the newer ones, and the next try is based on them. */
  const readNewest = async (): Promise<void> => {
    await forgetSource(client);
    setError(undefined);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <UnsavedGuard form={{ isChanged }} />
      <Stack gap="md" mt="md" maw="36rem">
        <SecretInput
          id={`secret-${slot}`}
          name={slot}
          label={`${words.titles[slot]}: ${words.newValue}`}
          value={secret}
          onChange={setSecret}
          error={failure}
          description={undefined}
        />
        {(isNew || note?.set === true) && (
          <SecretEnds id={`secret-${slot}-ends`} day={day} onChange={setDay} />
        )}
        {isOvertaken && <FasterNotice onJoin={readNewest} />}
        {error !== undefined && failure === undefined && !isOvertaken && <ErrorNotice error={error} />}
        <Group>
          <Button type="submit" variant="default" loading={busy} disabled={!isNew && day === stored}>
            {isNew || note?.set !== true ? label : words.saveEnd}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
