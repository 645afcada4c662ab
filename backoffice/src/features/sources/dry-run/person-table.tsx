/** The person that a profile makes, field by field, with the key that won over the others. */
import type { MappedPerson } from '@foyer/contract/dry-runs.ts';
import { Stack, Text } from '@mantine/core';
import { useWords } from '#lib/words.ts';
import type { Pair } from '../draft.ts';
import classes from './dry-run.module.css';
import { dryRunWords } from './words.ts';

export interface PersonTableProps {
  person: MappedPerson;
  mappings: readonly Pair[];
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value);

export const PersonTable = ({ person, mappings }: PersonTableProps) => {
  const words = useWords(dryRunWords);
  const entries = Object.entries(person.fields);
  const subject = [person.subject, person.subject_key && `(${person.subject_key})`].filter(Boolean).join(' ');
  return (
    <Stack gap="xs">
      <table className={classes.table}>
        <caption className={classes.caption}>{words.person}</caption>
        <thead>
          <tr>
            <th scope="col">{words.field}</th>
            <th scope="col">{words.value}</th>
            <th scope="col">{words.takenFrom}</th>
          </tr>
        </thead>
        <tbody>
          {person.subject !== undefined && (
            <tr>
              <th scope="row">uid</th>
              <td>{subject}</td>
              <td>{words.subject}</td>
            </tr>
          )}
          {entries.map(([field, value]) => (
            <tr key={field}>
              <th scope="row">{field}</th>
              <td>{textOf(value)}</td>
              <td>
                <Winner person={person} field={field} mappings={mappings} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {person.fields.email !== undefined && (
        <Text size="sm" c="dimmed">
          {person.email_verified ? words.emailVerified : words.emailNotVerified}
        </Text>
      )}
      {person.ignored.length > 0 && (
        <Text size="sm" c="dimmed">
          {words.ignored(person.ignored.join(', '))}
        </Text>
      )}
    </Stack>
  );
};

const Winner = ({ person, field, mappings }: PersonTableProps & { field: string }) => {
  const words = useWords(dryRunWords);
  const winner = Object.hasOwn(person.winners, field) ? person.winners[field] : undefined;
  if (winner === undefined) return null;
  const keys = (mappings.find(({ key }) => key.trim() === field)?.value ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  const from = Object.hasOwn(words.sources, winner.from)
    ? words.sources[winner.from as keyof typeof words.sources]
    : winner.from;
  return (
    <>
      {keys.length < 2 ? (
        <b>{winner.key}</b>
      ) : (
        keys.map((key, index) => (
          <span key={key}>
            {index > 0 && ', '}
            {key === winner.key ? <b>{key}</b> : <span className={classes.loser}>{key}</span>}
          </span>
        ))
      )}{' '}
      <Text span size="sm" c="dimmed">
        ({from})
      </Text>
    </>
  );
};
