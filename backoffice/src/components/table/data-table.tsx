import { Paper, Table } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { useAddress } from '#lib/address.ts';
import { api, type Query } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import classes from './data-table.module.css';
import { Pages } from './pages.tsx';
import { SearchBox } from './search-box.tsx';
import { tableWords } from './words.ts';

export interface Column<Row> {
  key: string;
  /** '' for a column of buttons. */
  header: string;
  cell: (row: Row) => ReactNode;
  width?: string;
}

export interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string;
  /** Of the collection, e.g. `/users`; the query's key is `[path, parameters]`. */
  path: string;
  /** Further parameters, e.g. `{ authority_id }`. */
  query?: Query;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  pageSize?: number;
  /** Without a label there is no search. */
  searchLabel?: string;
  /** Further filters, beside the search. */
  filters?: ReactNode;
  /** Shown when there is nothing at all. */
  empty: ReactNode;
}

/** A collection of the API, a page at a time. Page and search are in the address (`page`, `q`). */
export const DataTable = <Row,>({
  label,
  path,
  query = {},
  columns,
  rowKey,
  pageSize = 25,
  searchLabel,
  filters,
  empty,
}: DataTableProps<Row>) => {
  const words = useWords(tableWords);
  const [{ q = '', page: pageText }, changeAddress] = useAddress();
  const page = Math.max(1, Number.parseInt(pageText ?? '1', 10) || 1);
  const params = { ...query, q: q || undefined, limit: pageSize, offset: (page - 1) * pageSize };
  const { data, error, refetch, isPlaceholderData } = useQuery({
    queryKey: [path, params],
    queryFn: ({ signal }) => api.list<Row>(path, params, signal),
    placeholderData: keepPreviousData,
  });
  const isSearching = q !== '';
  return (
    <>
      {(searchLabel !== undefined || filters !== undefined) && (
        <div className={classes.filters}>
          {searchLabel !== undefined && <SearchBox label={searchLabel} />}
          {filters}
        </div>
      )}
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <Paper className={classes.card} data-stale={isPlaceholderData || undefined}>
          {data.rows.length > 0 ? (
            <Rows label={label} columns={columns} rows={data.rows} rowKey={rowKey} />
          ) : (
            (isSearching && <EmptyState title={words.nothing}>{words.nothingFor(q)}</EmptyState>) || empty
          )}
        </Paper>
      )}
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

export interface RowsProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

/** The table itself. On a phone each row becomes a card, and stays a row for screen readers. */
export const Rows = <Row,>({ label, columns, rows, rowKey }: RowsProps<Row>) => (
  // Roles are lost where CSS makes a block of a table, so they are said.
  // biome-ignore-start lint/a11y/noRedundantRoles: see above
  <Table
    className={classes.table}
    role="table"
    aria-label={label}
    verticalSpacing="sm"
    horizontalSpacing="md"
  >
    <thead role="rowgroup" className={classes.head}>
      <tr role="row">
        {columns.map(({ key, header, width }) => (
          <th key={key} role="columnheader" scope="col" style={width === undefined ? undefined : { width }}>
            {header}
          </th>
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      {rows.map((row) => (
        <tr key={rowKey(row)} role="row" className={classes.row}>
          {columns.map(({ key, header, cell }) => (
            <td key={key} role="cell" className={classes.cell} data-header={header || undefined}>
              <div>{cell(row)}</div>
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </Table>
  // biome-ignore-end lint/a11y/noRedundantRoles: see above
);
