import { Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import type { Column } from '#components/table/data-table.tsx';
import { LocalTable } from '#components/table/local-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Section } from '#components/ui/section.tsx';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { userWords } from '../words.ts';
import { type ImportField, importFields } from './columns.ts';
import type { ImportRow } from './read-people.ts';
import { wordProblem } from './word-problem.ts';
import { importWords } from './words.ts';

const shownApart: readonly ImportField[] = ['email', 'name', 'first_name', 'last_name', 'password'];

/** Every row as it would be sent, with what is wrong with it. */
export const PreviewRows = ({ rows }: { rows: readonly ImportRow[] }) => {
  const words = useWords(importWords);
  const { fields } = useWords(userWords);
  const [language] = useLanguage();
  const [onlyProblems, setOnlyProblems] = useState(false);
  const bad = rows.filter(({ problems }) => problems.length > 0);
  const good = number(rows.length - bad.length, language);
  const columns: Column<ImportRow>[] = [
    { key: 'line', header: words.preview.line, cell: ({ line }) => line, width: '4.5rem' },
    { key: 'email', header: words.preview.email, cell: ({ body }) => body.email },
    {
      key: 'person',
      header: words.preview.person,
      cell: ({ body }) => [body.first_name, body.last_name].filter(Boolean).join(' ') || body.name || '',
    },
    {
      key: 'more',
      header: words.preview.more,
      cell: (row) => (
        <Text size="sm" c="dimmed">
          {moreOf(row, fields, words.preview.password)}
        </Text>
      ),
    },
    {
      key: 'problems',
      header: words.preview.problems,
      cell: ({ problems }) =>
        problems.length === 0 ? (
          <Text size="sm" c="dimmed">
            {words.preview.fine}
          </Text>
        ) : (
          <Text c="var(--console-danger)" component="div">
            {problems.map((problem) => {
              const text = wordProblem(problem, words, fields);
              return <div key={text}>{text}</div>;
            })}
          </Text>
        ),
    },
  ];
  return (
    <Section title={words.preview.title}>
      <Stack gap="sm">
        <Text fw={600} role="status">
          {bad.length === 0
            ? words.preview.allGood(good)
            : words.preview.counts(good, number(bad.length, language))}
        </Text>
        {bad.length > 0 && (
          <Switch
            label={words.preview.onlyProblems}
            checked={onlyProblems}
            onChange={(event) => setOnlyProblems(event.currentTarget.checked)}
          />
        )}
        <LocalTable
          label={words.preview.title}
          rows={onlyProblems ? bad : rows}
          columns={columns}
          rowKey={({ line }) => String(line)}
          empty={<EmptyState title={words.preview.none} />}
        />
      </Stack>
    </Section>
  );
};

const moreOf = (
  { body }: ImportRow,
  fields: Readonly<Record<ImportField, string>>,
  withPassword: string,
): string =>
  [
    ...importFields
      .filter((field) => !shownApart.includes(field) && body[field] !== undefined && body[field] !== false)
      .map((field) => {
        const value = body[field];
        if (value === true) return fields[field];
        return `${fields[field]}: ${Array.isArray(value) ? value.join(', ') : String(value)}`;
      }),
    ...(body.password === undefined ? [] : [withPassword]),
  ].join(' · ');
