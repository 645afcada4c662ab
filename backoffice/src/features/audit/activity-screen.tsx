import type { AuditView } from '@foyer/contract/audit.ts';
import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Pages } from '#components/table/pages.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { useAddress } from '#lib/address.ts';
import { exactDateTime, localeOf } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { type Language, useWords } from '#lib/words.ts';
import { ActionIcon } from './action-icon.tsx';
import { auditQuery, pageSize } from './api.ts';
import classes from './audit.module.css';
import { AuditFilters } from './audit-filters.tsx';
import { useAuditExport } from './export-button.tsx';
import { hasFilter, queryOf } from './filter.ts';
import { RowDetails } from './row-details.tsx';
import { Sentence } from './sentence.tsx';
import { auditWords } from './words.ts';

/** What happened in a domain, day by day. */
export const ActivityScreen = ({ domainId }: { domainId: string }) => {
  const words = useWords(auditWords);
  const [language] = useLanguage();
  const [address, changeAddress] = useAddress();
  const filter = queryOf(address, domainId);
  const page = Math.max(1, Number.parseInt(address.page ?? '1', 10) || 1);
  const { data, error, refetch } = useQuery(auditQuery(filter, page));
  const exported = useAuditExport(filter);
  return (
    <>
      <PageTitle title={words.activity} description={words.activityIntro} actions={exported.button} />
      {exported.problem}
      <AuditFilters domainId={domainId} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data?.rows.length === 0 && <EmptyState title={hasFilter(address) ? words.noneFiltered : words.none} />}
      {data !== undefined &&
        byDay(data.rows, language).map(({ day, rows }) => (
          <section key={day} className={classes.day}>
            <Title order={2}>{day}</Title>
            <ol className={classes.timeline}>
              {rows.map((row) => (
                <Entry key={row.id} row={row} />
              ))}
            </ol>
          </section>
        ))}
      {data !== undefined && (
        <Pages
          page={page}
          pageSize={pageSize}
          total={data.total}
          onPage={(next) => changeAddress({ page: next === 1 ? undefined : String(next) })}
        />
      )}
    </>
  );
};

const Entry = ({ row }: { row: AuditView }) => {
  const [language] = useLanguage();
  const time = new Intl.DateTimeFormat(localeOf(language), { timeStyle: 'short' }).format(row.at * 1000);
  return (
    <li>
      <time
        className={classes.time}
        dateTime={new Date(row.at * 1000).toISOString()}
        title={exactDateTime(row.at, language)}
      >
        {time}
      </time>
      <span className={classes.icon} data-denied={row.outcome === 'denied' || undefined}>
        <ActionIcon action={row.action} />
      </span>
      <RowDetails row={row}>
        <Sentence row={row} />
      </RowDetails>
    </li>
  );
};

interface Day {
  day: string;
  rows: AuditView[];
}

/** Rows come newest first; each day of the reader's zone is one part. */
const byDay = (rows: readonly AuditView[], language: Language): Day[] => {
  const format = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'full' });
  const days: Day[] = [];
  for (const row of rows) {
    const day = format.format(row.at * 1000);
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
};
