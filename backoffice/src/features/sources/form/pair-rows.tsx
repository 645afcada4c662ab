/** Rows of two halves: mappings, parameters, conditions. Half-filled and repeated rows are flagged where they stand. */
import { ActionIcon, Button, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useId } from 'react';
import { useWords } from '#lib/words.ts';
import { type Pair, rowProblems } from '../draft.ts';
import { CheckNote, FieldNotes, useFieldChecks } from './field-notes.tsx';
import { fieldId } from './focus-field.ts';
import classes from './form.module.css';
import { useFormContext } from './form-context.ts';
import { formWords } from './words.ts';

export interface PairRowsProps {
  name: 'info_mappings' | 'authorize_params' | 'ensure_matching';
  label: string;
  help: string;
  keyLabel: string;
  valueLabel: string;
  /** What a row means, below it. */
  explain?: (pair: Pair) => string | undefined;
  /** Suggested left halves. */
  keys?: readonly string[];
  /** The right half has several lines. */
  isList?: boolean;
}

export const PairRows = (props: PairRowsProps) => {
  const { name, label, help, keyLabel, valueLabel, explain, keys, isList = false } = props;
  const words = useWords(formWords);
  const { form } = useFormContext();
  const listId = useId();
  const pairs = form.draft[name];
  const problems = rowProblems(pairs);
  const failure = form.failure(name);
  const errors = useFieldChecks(name).filter(({ level }) => level === 'error');
  const change = (index: number, half: Partial<Pair>): void =>
    form.set(
      name,
      pairs.map((pair, each) => (each === index ? { ...pair, ...half } : pair)),
    );
  return (
    <fieldset className={classes.group} id={fieldId(name)}>
      <legend>{label}</legend>
      <Text size="xs" c="dimmed" component="div" mb="xs">
        <FieldNotes field={name} help={help} />
      </Text>
      {failure !== undefined && (
        <Text size="sm" role="alert" className={classes.note ?? ''} data-level="error">
          {failure}
        </Text>
      )}
      {errors.map((error) => (
        <Text key={error.code} size="sm" component="div">
          <CheckNote {...error} />
        </Text>
      ))}
      {keys !== undefined && (
        <datalist id={listId}>
          {keys.map((key) => (
            <option key={key} value={key} />
          ))}
        </datalist>
      )}
      <ul className={classes.rows}>
        {pairs.map((pair, index) => {
          const problem = problems.get(index);
          const said = problem === undefined ? explain?.(pair) : words.rowProblems[problem];
          const row = index + 1;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
            <li key={index} className={classes.row}>
              <TextInput
                aria-label={words.rowOf(label, keyLabel, row)}
                placeholder={keyLabel}
                value={pair.key}
                onChange={(event) => change(index, { key: event.currentTarget.value })}
                error={problem === 'no_key' || problem === 'repeated'}
                {...(keys !== undefined && { list: listId })}
                autoComplete="off"
                autoCapitalize="off"
                spellCheck={false}
                className={classes.mono ?? ''}
              />
              {isList ? (
                <Textarea
                  aria-label={words.rowOf(label, valueLabel, row)}
                  placeholder={valueLabel}
                  value={pair.value}
                  onChange={(event) => change(index, { value: event.currentTarget.value })}
                  error={problem === 'no_value'}
                  rows={Math.min(8, Math.max(1, pair.value.split('\n').length))}
                  spellCheck={false}
                  className={classes.mono ?? ''}
                />
              ) : (
                <TextInput
                  aria-label={words.rowOf(label, valueLabel, row)}
                  placeholder={valueLabel}
                  value={pair.value}
                  onChange={(event) => change(index, { value: event.currentTarget.value })}
                  error={problem === 'no_value'}
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                  className={classes.mono ?? ''}
                />
              )}
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={words.removeRow(label, row)}
                onClick={() =>
                  form.set(
                    name,
                    pairs.filter((_pair, each) => each !== index),
                  )
                }
              >
                <IconTrash size={17} aria-hidden />
              </ActionIcon>
              {said !== undefined && (
                <span className={classes.rowNote} data-level={problem && 'error'}>
                  {said}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <Button
        variant="subtle"
        size="compact-sm"
        mt="xs"
        leftSection={<IconPlus size={15} aria-hidden />}
        aria-label={`${label}: ${words.addRow}`}
        onClick={() => form.set(name, [...pairs, { key: '', value: '' }])}
      >
        {words.addRow}
      </Button>
    </fieldset>
  );
};
