import { Button, Group, Progress, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import type { Column } from '#components/table/data-table.tsx';
import { LocalTable } from '#components/table/local-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { RouterButton } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { StatusBadge, type Tone } from '#components/ui/status-badge.tsx';
import { writeCsv } from '#lib/csv.ts';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { saveFile } from '#lib/save-file.ts';
import { useWords } from '#lib/words.ts';
import type { ImportResult, RowOutcome } from './run-import.ts';
import type { ImportState } from './use-import.ts';
import { importWords } from './words.ts';

const tones: Readonly<Record<RowOutcome['kind'], Tone>> = {
  created: 'good',
  updated: 'info',
  skipped: 'quiet',
  failed: 'bad',
};

const reasonOf = ({ outcome }: ImportResult): string => (outcome.kind === 'failed' ? outcome.reason : '');

export interface ImportProgressProps {
  state: ImportState;
  domainId: string;
  onStop: () => void;
  onAgain: () => void;
}

export const ImportProgress = ({ state, domainId, onStop, onAgain }: ImportProgressProps) => {
  const { run: words } = useWords(importWords);
  const [language] = useLanguage();
  const { phase, results, total } = state;
  const say = (value: number): string => number(value, language);
  const count = (kind: RowOutcome['kind']): string =>
    say(results.filter(({ outcome }) => outcome.kind === kind).length);
  const isDone = phase === 'done';
  return (
    <Section
      title={words.title}
      actions={
        !isDone && (
          <Button variant="default" disabled={phase === 'stopping'} onClick={onStop}>
            {words.stop}
          </Button>
        )
      }
    >
      <Stack gap="md">
        <Progress.Root size="lg">
          <Progress.Section value={(100 * results.length) / Math.max(1, total)} aria-label={words.label} />
        </Progress.Root>
        <Text>{words.progress(say(results.length), say(total))}</Text>
        <Stack gap={4} role="status">
          {phase === 'stopping' && <Text>{words.stopping}</Text>}
          {isDone && (
            <>
              <Text fw={600}>
                {results.length === total ? words.finished : words.stopped(say(total - results.length))}
              </Text>
              <Text>
                {words.counts(count('created'), count('updated'), count('skipped'), count('failed'))}
              </Text>
            </>
          )}
        </Stack>
        {isDone && (
          <>
            <ResultActions results={results} domainId={domainId} onAgain={onAgain} />
            <Results results={results} />
          </>
        )}
      </Stack>
    </Section>
  );
};

interface ResultActionsProps {
  results: readonly ImportResult[];
  domainId: string;
  onAgain: () => void;
}

const ResultActions = ({ results, domainId, onAgain }: ResultActionsProps) => {
  const { run: words, results: resultWords, preview } = useWords(importWords);
  const download = (): void =>
    saveFile(
      'import-result.csv',
      writeCsv([
        [preview.line, preview.email, resultWords.outcome, resultWords.reason],
        ...results.map((result) => [
          String(result.row.line),
          result.row.body.email,
          resultWords.outcomes[result.outcome.kind],
          reasonOf(result),
        ]),
      ]),
    );
  return (
    <Group gap="sm">
      <RouterButton to="/domains/$domainId/users" params={{ domainId }}>
        {words.toUsers}
      </RouterButton>
      <Button variant="default" onClick={download}>
        {words.download}
      </Button>
      <Button variant="default" onClick={onAgain}>
        {words.again}
      </Button>
    </Group>
  );
};

const Results = ({ results }: { results: readonly ImportResult[] }) => {
  const { results: words, preview } = useWords(importWords);
  const failed = results.filter(({ outcome }) => outcome.kind === 'failed');
  const [onlyFailures, setOnlyFailures] = useState(failed.length > 0);
  const columns: Column<ImportResult>[] = [
    { key: 'line', header: preview.line, cell: ({ row }) => row.line, width: '4.5rem' },
    { key: 'email', header: preview.email, cell: ({ row }) => row.body.email },
    {
      key: 'outcome',
      header: words.outcome,
      cell: ({ outcome }) => (
        <StatusBadge tone={tones[outcome.kind]}>{words.outcomes[outcome.kind]}</StatusBadge>
      ),
    },
    { key: 'reason', header: words.reason, cell: reasonOf },
  ];
  return (
    <>
      {failed.length > 0 && (
        <Switch
          label={words.only}
          checked={onlyFailures}
          onChange={(event) => setOnlyFailures(event.currentTarget.checked)}
        />
      )}
      <LocalTable
        label={words.title}
        rows={onlyFailures ? failed : results}
        columns={columns}
        rowKey={({ row }) => String(row.line)}
        empty={<EmptyState title={words.none} />}
      />
    </>
  );
};
