/** Every source of a domain with how it is doing, and what can be done with it. */
import type { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Paper, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Column, Rows } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor, RouterButton } from '#components/ui/router-links.tsx';
import { SmallBars } from '#components/ui/small-bars.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { localeOf } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { sourcesQuery } from './api.ts';
import { SourceActions } from './source-actions.tsx';
import classes from './source-list.module.css';
import { SourceStateBadges } from './source-state.tsx';
import { sourceWords } from './words.ts';

export const SourceListScreen = ({ domainId }: { domainId: string }) => {
  const words = useWords(sourceWords);
  const { data, error, refetch } = useQuery(sourcesQuery(domainId));
  const newSource = (
    <RouterButton
      to="/domains/$domainId/authentication/new"
      params={{ domainId }}
      leftSection={<IconPlus size={17} aria-hidden />}
    >
      {words.list.new}
    </RouterButton>
  );
  return (
    <>
      <PageTitle title={words.list.title} description={words.list.description} actions={newSource} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <Paper withBorder>
          {data.rows.length === 0 ? (
            <EmptyState title={words.list.empty}>{words.list.emptyText}</EmptyState>
          ) : (
            <SourceTable domainId={domainId} sources={data.rows} />
          )}
        </Paper>
      )}
    </>
  );
};

const SourceTable = ({ domainId, sources }: { domainId: string; sources: readonly SourceSummary[] }) => {
  const words = useWords(sourceWords);
  const columns: Column<SourceSummary>[] = [
    {
      key: 'name',
      header: words.list.name,
      cell: (source) => <NameCell domainId={domainId} source={source} />,
    },
    { key: 'state', header: words.list.state, cell: (source) => <SourceStateBadges source={source} /> },
    {
      key: 'last',
      header: words.list.lastSuccess,
      cell: (source) =>
        source.last_success_at === undefined ? words.list.never : <Timestamp at={source.last_success_at} />,
    },
    { key: 'week', header: words.list.week, cell: (source) => <WeekChart source={source} /> },
    {
      key: 'actions',
      header: words.list.actions,
      cell: (source) => <SourceActions domainId={domainId} source={source} />,
      width: '6.5rem',
    },
  ];
  return <Rows label={words.list.label} columns={columns} rows={sources} rowKey={({ id }) => id} />;
};

const NameCell = ({ domainId, source }: { domainId: string; source: SourceSummary }) => {
  const words = useWords(sourceWords);
  return (
    <div className={classes.name}>
      <span className={classes.nameLine}>
        <RouterAnchor
          to="/domains/$domainId/authentication/$sourceId"
          params={{ domainId, sourceId: source.id }}
          fw={600}
        >
          {source.name}
        </RouterAnchor>
        {source.is_default && (
          <span title={words.list.defaultHint}>
            <StatusBadge tone="info">{words.list.default}</StatusBadge>
          </span>
        )}
      </span>
      <Text size="sm" c="dimmed">
        {words.kinds[source.kind]} · {words.list.people(source.users)}
      </Text>
    </div>
  );
};

const WeekChart = ({ source }: { source: SourceSummary }) => {
  const words = useWords(sourceWords);
  const [language] = useLanguage();
  const day = new Intl.DateTimeFormat(localeOf(language), {
    weekday: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  });
  const sum = (part: 'ok' | 'denied'): number => source.week.reduce((total, each) => total + each[part], 0);
  return (
    <SmallBars
      summary={words.list.weekSummary(source.name, sum('ok'), sum('denied'))}
      bars={source.week.map(({ day: date, ok, denied }) => ({
        label: day.format(new Date(`${date}T00:00:00Z`)),
        good: ok,
        bad: denied,
      }))}
    />
  );
};
