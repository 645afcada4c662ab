import type { AuditView } from '@foyer/contract/audit.ts';
import { Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Column, Rows } from '#components/table/data-table.tsx';
import { Pages } from '#components/table/pages.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useAddress } from '#lib/address.ts';
import { useWords } from '#lib/words.ts';
import { auditQuery, pageSize } from './api.ts';
import { AuditFilters } from './audit-filters.tsx';
import { useAuditExport } from './export-button.tsx';
import { hasFilter, queryOf } from './filter.ts';
import { RowDetails } from './row-details.tsx';
import { Sentence } from './sentence.tsx';
import { auditWords } from './words.ts';

export const AuditScreen = () => {
  const words = useWords(auditWords);
  const [address, changeAddress] = useAddress();
  const filter = queryOf(address, undefined);
  const page = Math.max(1, Number.parseInt(address.page ?? '1', 10) || 1);
  const { data, error, refetch } = useQuery(auditQuery(filter, page));
  const exported = useAuditExport(filter);
  const columns: Column<AuditView>[] = [
    {
      key: 'at',
      header: words.columns.at,
      width: '12rem',
      cell: ({ at }) => <Timestamp at={at} show="absolute" />,
    },
    {
      key: 'what',
      header: words.columns.what,
      cell: (row) => (
        <RowDetails row={row}>
          <Sentence row={row} />
        </RowDetails>
      ),
    },
    {
      key: 'outcome',
      header: words.filters.outcome,
      width: '8rem',
      cell: ({ outcome }) =>
        outcome === 'denied' ? (
          <StatusBadge tone="bad">{words.outcomes.denied}</StatusBadge>
        ) : (
          words.outcomes.ok
        ),
    },
    { key: 'from', header: words.columns.from, width: '9rem', cell: ({ ip }) => ip ?? '' },
  ];
  return (
    <>
      <PageTitle title={words.title} description={words.intro} actions={exported.button} />
      {exported.problem}
      <AuditFilters domainId={undefined} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <Paper withBorder radius={12}>
            {data.rows.length === 0 ? (
              <EmptyState title={hasFilter(address) ? words.noneFiltered : words.none} />
            ) : (
              <Rows label={words.title} columns={columns} rows={data.rows} rowKey={({ id }) => id} />
            )}
          </Paper>
          <Pages
            page={page}
            pageSize={pageSize}
            total={data.total}
            onPage={(next) => changeAddress({ page: next === 1 ? undefined : String(next) })}
          />
        </>
      )}
    </>
  );
};
