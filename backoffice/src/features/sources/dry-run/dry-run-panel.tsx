/** The dry run beside the form: the button, what is happening, and what came out. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import type { OauthBody, OauthDraft } from '../draft.ts';
import { plannedNames, shownSteps } from './planned-steps.ts';
import { RunEvidence, Verdict } from './run-result.tsx';
import { StepList } from './step-list.tsx';
import { type DryRun, fingerprintOf } from './use-dry-run.ts';
import { dryRunWords } from './words.ts';

export interface DryRunPanelProps {
  run: DryRun;
  draft: OauthDraft;
  body: OauthBody;
  onField: (field: string) => void;
  /** What can be done after a pass: save, publish. */
  afterPass?: ReactNode;
}

export const DryRunPanel = ({ run, draft, body, onField, afterPass }: DryRunPanelProps) => {
  const words = useWords(dryRunWords);
  const { state } = run;
  const isBusy = ['starting', 'waiting', 'finishing'].includes(state.phase);
  const result = state.phase === 'done' ? state.result : undefined;
  const isStale = state.phase === 'done' && state.tried !== fingerprintOf(body);
  const names = plannedNames(draft.scope, draft.raw_info_url.trim() !== '');
  return (
    <Section
      title={words.title}
      description={words.explain}
      actions={
        <Group gap="sm">
          {isBusy && (
            <Button variant="default" onClick={run.cancel}>
              {words.cancel}
            </Button>
          )}
          {!isBusy && (
            <Button leftSection={<IconPlayerPlay size={17} aria-hidden />} onClick={run.start}>
              {state.phase === 'idle' ? words.start : words.again}
            </Button>
          )}
        </Group>
      }
    >
      <Stack gap="md">
        <Text role="status" size="sm">
          {state.phase === 'starting' && words.starting}
          {state.phase === 'waiting' && !state.closed && words.waiting}
          {state.phase === 'finishing' && words.finishing}
        </Text>
        {state.phase === 'blocked' && (
          <Alert color="yellow" role="alert">
            {words.blocked}
          </Alert>
        )}
        {state.phase === 'refused' && <ErrorNotice error={state.error} />}
        {state.phase === 'waiting' && state.closed && <ClosedQuestion run={run} />}
        {isStale && <Alert color="yellow">{words.changedSince}</Alert>}
        {result && (
          <div role="status">
            <Verdict result={result} onField={onField} />
          </div>
        )}
        {result?.outcome === 'passed' && !isStale && afterPass}
        {state.phase !== 'idle' && state.phase !== 'blocked' && state.phase !== 'refused' && (
          <StepList steps={shownSteps(state, names)} label={words.stepsTitle} />
        )}
        {result && <RunEvidence result={result} draft={draft} />}
      </Stack>
    </Section>
  );
};

/** Nobody came back: some errors stay on the provider's page, and only the person has seen them. */
const ClosedQuestion = ({ run }: { run: DryRun }) => {
  const words = useWords(dryRunWords);
  const [code, setCode] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    run.abandon(code);
  };
  return (
    <Alert color="yellow" title={words.closedTitle} role="alert">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">{words.closedText}</Text>
          <TextInput
            label={words.shownCode}
            placeholder="AADSTS50011"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            maw="24rem"
          />
          <Group gap="sm">
            <Button type="submit" size="xs" disabled={code.trim() === ''}>
              {words.explainCode}
            </Button>
            <Button size="xs" variant="default" onClick={() => run.abandon('')}>
              {words.noCode}
            </Button>
          </Group>
        </Stack>
      </form>
    </Alert>
  );
};
