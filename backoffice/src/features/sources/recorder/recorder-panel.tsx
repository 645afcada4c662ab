/** The flight recorder of a source: the funnel, and every attempt of the last week. */
import type { AttemptSummary } from '@foyer/contract/attempts.ts';
import { Paper, SegmentedControl, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Column, Rows } from '#components/table/data-table.tsx';
import { Pages } from '#components/table/pages.tsx';
import { SearchBox } from '#components/table/search-box.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useAddress } from '#lib/address.ts';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { attemptsPerPage, attemptsQuery } from '../api.ts';
import { AttemptOutcome } from './attempt-outcome.tsx';
import { Funnel } from './funnel.tsx';
import classes from './recorder.module.css';
import { recorderWords } from './words.ts';

export interface RecorderPanelProps {
  domainId: string;
  sourceId: string;
}

export const RecorderPanel = (props: RecorderPanelProps) => (
  <>
    <Funnel {...props} />
    <Attempts {...props} />
  </>
);

const Attempts = ({ domainId, sourceId }: RecorderPanelProps) => {
  const words = useWords(recorderWords);
  const [{ q = '', outcome = '', page: pageText }, changeAddress] = useAddress();
  const page = Math.max(1, Number.parseInt(pageText ?? '1', 10) || 1);
  const { data, error, refetch } = useQuery({
    ...attemptsQuery({ domainId, sourceId, q: q.trim().toLowerCase(), outcome, page }),
    placeholderData: keepPreviousData,
  });
  return (
    <Section title={words.attempts} description={words.attemptsText}>
      <div className={classes.filters}>
        <SearchBox label={words.search} />
        <SegmentedControl
          aria-label={words.outcomeLabel}
          value={outcome === '' ? 'all' : outcome}
          onChange={(next) => changeAddress({ outcome: next === 'all' ? undefined : next, page: undefined })}
          data={Object.entries(words.outcomes).map(([value, label]) => ({ value, label }))}
        />
      </div>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && data.rows.length === 0 && (
        <EmptyState title={words.none}>{words.noneText}</EmptyState>
      )}
      {data !== undefined && data.rows.length > 0 && (
        <Paper>
          <AttemptTable domainId={domainId} attempts={data.rows} />
        </Paper>
      )}
      {data !== undefined && (
        <Pages
          page={page}
          pageSize={attemptsPerPage}
          total={data.total}
          onPage={(next) => changeAddress({ page: next === 1 ? undefined : String(next) })}
        />
      )}
    </Section>
  );
};

const AttemptTable = ({ domainId, attempts }: { domainId: string; attempts: readonly AttemptSummary[] }) => {
  const words = useWords(recorderWords);
  const [language] = useLanguage();
  const columns: Column<AttemptSummary>[] = [
    {
      key: 'id',
      header: words.id,
      cell: ({ id }) => (
        <RouterAnchor
          to="/domains/$domainId/authentication/attempts/$attemptId"
          params={{ domainId, attemptId: id }}
          ff="monospace"
          className={classes.nowrap ?? ''}
        >
          {id}
        </RouterAnchor>
      ),
    },
    { key: 'when', header: words.when, cell: ({ at }) => <Timestamp at={at} /> },
    {
      key: 'who',
      header: words.who,
      width: '11rem',
      cell: ({ user }) =>
        user === undefined ? (
          <Text span c="dimmed">
            {words.unknown}
          </Text>
        ) : (
          user.name || user.email
        ),
    },
    { key: 'outcome', header: words.outcome, cell: (attempt) => <AttemptOutcome attempt={attempt} /> },
    {
      key: 'took',
      header: words.took,
      cell: ({ duration_ms }) => (
        <span className={classes.nowrap}>{words.milliseconds(number(duration_ms, language))}</span>
      ),
    },
  ];
  return <Rows label={words.attempts} columns={columns} rows={attempts} rowKey={({ id }) => id} />;
};
