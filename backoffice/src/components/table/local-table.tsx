import { Paper } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import classes from './data-table.module.css';
import { type Column, Rows } from './data-table.tsx';
import { Pages } from './pages.tsx';

export interface LocalTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  pageSize?: number;
  empty: ReactNode;
}

/** Rows that are in the browser already, however many: only a page of them is drawn. */
export const LocalTable = <Row,>({
  label,
  rows,
  columns,
  rowKey,
  pageSize = 25,
  empty,
}: LocalTableProps<Row>) => {
  const [wanted, setPage] = useState(1);
  const page = Math.max(1, Math.min(wanted, Math.ceil(rows.length / pageSize)));
  return (
    <>
      <Paper className={classes.card}>
        {rows.length === 0 ? (
          empty
        ) : (
          <Rows
            label={label}
            columns={columns}
            rows={rows.slice((page - 1) * pageSize, page * pageSize)}
            rowKey={rowKey}
          />
        )}
      </Paper>
      <Pages page={page} pageSize={pageSize} total={rows.length} onPage={setPage} />
    </>
  );
};
