import { Alert, Select, Text } from '@mantine/core';
import { type Column, Rows } from '#components/table/data-table.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { userWords } from '../words.ts';
import { type ColumnChoice, chooseColumn, type ImportField, importFields } from './columns.ts';
import { importWords } from './words.ts';

export interface ChooseColumnsProps {
  header: readonly string[];
  sample: readonly string[];
  choice: ColumnChoice;
  onChoice: (choice: ColumnChoice) => void;
}

interface ColumnRow {
  index: number;
  name: string;
  sample: string;
}

const leftOut = '';

export const ChooseColumns = ({ header, sample, choice, onChoice }: ChooseColumnsProps) => {
  const { columns: words } = useWords(importWords);
  const { fields } = useWords(userWords);
  const rows = header.map(
    (name, index): ColumnRow => ({
      index,
      name: name.trim() || words.unnamed(index + 1),
      sample: sample[index] ?? '',
    }),
  );
  const columns: Column<ColumnRow>[] = [
    { key: 'column', header: words.column, cell: ({ name }) => <Text fw={600}>{name}</Text> },
    {
      key: 'sample',
      header: words.sample,
      // What may be a password is not put on the screen.
      cell: ({ sample: value, index }) => (choice[index] === 'password' ? '••••••••' : value.slice(0, 80)),
    },
    {
      key: 'field',
      header: words.field,
      cell: ({ index, name }) => (
        <Select
          aria-label={words.fieldOf(name)}
          data={[
            { value: leftOut, label: words.leaveOut },
            ...importFields.map((field) => ({ value: field, label: fields[field] })),
          ]}
          value={choice[index] ?? leftOut}
          onChange={(value) =>
            onChoice(chooseColumn(choice, index, (value || undefined) as ImportField | undefined))
          }
          allowDeselect={false}
          maw="16rem"
        />
      ),
    },
  ];
  return (
    <Section title={words.title} description={words.intro}>
      <Rows label={words.title} columns={columns} rows={rows} rowKey={({ index }) => String(index)} />
      <div role="status">
        {!choice.includes('email') && (
          <Alert color="yellow" mt="md">
            {words.needsEmail}
          </Alert>
        )}
      </div>
    </Section>
  );
};
