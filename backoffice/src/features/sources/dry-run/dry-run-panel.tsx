/** The dry run beside the form: the button, what is happening, and what came out. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import type { OauthBody, OauthDraft } from '../draft.ts';
import { NoteBox } from '../note-box.tsx';
import classes from './dry-run.module.css';
import { plannedNames, shownSteps } from './planned-steps.ts';
import { channelName } from './pop-up.ts';
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

const panelId = 'dry-run';

/** The same button where the hand is: at the end of the form. Shows the panel, where the run is to be seen. */
export const TryButton = ({ run }: { run: DryRun }) => {
  const words = useWords(dryRunWords);
  return (
    <Button
      leftSection={<IconPlayerPlay size={17} aria-hidden />}
      disabled={isUnderWay(run)}
      onClick={() => {
        run.start();
        document.getElementById(panelId)?.scrollIntoView({ block: 'start' });
      }}
    >
      {run.state.phase === 'idle' ? words.start : words.again}
    </Button>
  );
};

const isUnderWay = ({ state }: DryRun): boolean => ['starting', 'waiting', 'finishing'].includes(state.phase);

export const DryRunPanel = ({ run, draft, body, onField, afterPass }: DryRunPanelProps) => {
  const words = useWords(dryRunWords);
  const { state } = run;
  const isBusy = isUnderWay(run);
  const result = state.phase === 'done' ? state.result : undefined;
  const isStale = state.phase === 'done' && state.tried !== fingerprintOf(body);
  const names = plannedNames(draft.scope, draft.raw_info_url.trim() !== '');
  return (
    <div id={panelId} className={classes.panel}>
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
            {!isBusy && <TryButton run={run} />}
          </Group>
        }
      >
        <Stack gap="md">
          <Text role="status" size="sm">
            {state.phase === 'starting' && words.starting}
            {state.phase === 'waiting' && !state.closed && !state.blocked && words.waiting}
            {state.phase === 'finishing' && words.finishing}
          </Text>
          {state.phase === 'waiting' && state.blocked && !state.closed && (
            <BlockedWindow authorizeUrl={state.started.authorize_url} onStuck={run.ask} />
          )}
          {state.phase === 'refused' && <ErrorNotice error={state.error} />}
          {state.phase === 'waiting' && state.closed && <ClosedQuestion run={run} />}
          {isStale && <NoteBox tone="warn">{words.changedSince}</NoteBox>}
          {result && (
            <div role="status">
              <Verdict result={result} onField={onField} />
            </div>
          )}
          {result?.outcome === 'passed' && !isStale && afterPass}
          {state.phase !== 'idle' && state.phase !== 'refused' && (
            <StepList steps={shownSteps(state, names)} label={words.stepsTitle} />
          )}
          {result && <RunEvidence result={result} draft={draft} />}
        </Stack>
      </Section>
    </div>
  );
};

/** The browser let no window be opened; a link that somebody follows is never blocked. */
const BlockedWindow = ({ authorizeUrl, onStuck }: { authorizeUrl: string; onStuck: () => void }) => {
  const words = useWords(dryRunWords);
  return (
    <NoteBox tone="warn" title={words.blockedTitle} alert>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{words.blocked}</Text>
        <Group gap="sm">
          <Button component="a" href={authorizeUrl} target={channelName} rel="opener" size="xs">
            {words.openByHand}
          </Button>
          <Button size="xs" variant="default" onClick={onStuck}>
            {words.stuck}
          </Button>
        </Group>
      </Stack>
    </NoteBox>
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
    <NoteBox tone="warn" title={words.closedTitle} alert>
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
    </NoteBox>
  );
};
