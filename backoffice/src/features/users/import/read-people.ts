/** Records of a CSV file become people to add, each with what is wrong with it before anything is sent. */
import type { UserBody } from '@foyer/contract/users.ts';
import type { ColumnChoice, ImportField } from './columns.ts';

export type RowProblem =
  | { kind: 'missing_email' }
  | { kind: 'bad_email'; value: string }
  | { kind: 'not_yes_or_no'; field: ImportField; value: string }
  | { kind: 'too_long'; field: ImportField; most: number }
  | { kind: 'short_password'; least: number }
  | { kind: 'same_as_line'; field: ImportField; line: number }
  | { kind: 'too_many_values'; values: number; columns: number };

export interface ImportRow {
  /** Of the file, as an editor counts. */
  line: number;
  body: UserBody & { email: string };
  problems: RowProblem[];
}

// What the server takes as an address, too; it has the last word.
const address = /^[^\s@"<>(),:;[\]\\]{1,64}@[^\s@"<>(),:;[\]\\]{1,189}$/;
const leastPassword = 8;
const yes = new Set(['true', 'yes', 'y', '1', 'x', 'ja', 'j', 'wahr']);
const no = new Set(['false', 'no', 'n', '0', '-', 'nein', 'falsch']);
const unique = ['email', 'login_name', 'staff_id'] as const;

const longest: Partial<Record<ImportField, number>> = {
  name: 512,
  first_name: 250,
  last_name: 250,
  login_name: 256,
  staff_id: 256,
  card_number: 256,
  phone: 250,
  department: 250,
  building: 250,
  country: 250,
};

const readGroups = (text: string): string[] => [
  ...new Set(
    text
      .split(/[;,|\n]/)
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
];

const readCell = (row: ImportRow, field: ImportField, value: string): void => {
  const { body, problems } = row;
  const most = longest[field];
  if (most !== undefined && value.length > most) problems.push({ kind: 'too_long', field, most });
  if (field === 'groups') body.groups = readGroups(value);
  else if (field === 'support' || field === 'sys_admin') {
    const word = value.toLowerCase();
    if (yes.has(word)) body[field] = true;
    else if (no.has(word)) body[field] = false;
    else problems.push({ kind: 'not_yes_or_no', field, value });
  } else body[field] = value;
};

const readRow = (record: readonly string[], line: number, choice: ColumnChoice): ImportRow => {
  const row: ImportRow = { line, body: { email: '' }, problems: [] };
  // More values than columns: mostly a comma that is in no quotes, so that all that follows is displaced.
  const values = record.findLastIndex((each) => each.trim() !== '') + 1;
  if (values > choice.length) {
    row.problems.push({ kind: 'too_many_values', values, columns: choice.length });
  }
  for (const [column, field] of choice.entries()) {
    const raw = record[column] ?? '';
    // Spaces may be meant in a password; an empty cell says nothing.
    const value = field === 'password' ? raw : raw.trim();
    if (field !== undefined && value.trim() !== '') readCell(row, field, value);
  }
  const { email, password } = row.body;
  if (email === '') row.problems.push({ kind: 'missing_email' });
  else if (!address.test(email)) row.problems.push({ kind: 'bad_email', value: email });
  if (typeof password === 'string' && [...password].length < leastPassword) {
    row.problems.push({ kind: 'short_password', least: leastPassword });
  }
  return row;
};

/** The same address, login name or staff id twice in one file: the later row would be refused. */
const noteRepeats = (rows: readonly ImportRow[]): void => {
  for (const field of unique) {
    const seen = new Map<string, number>();
    for (const { line, body, problems } of rows) {
      const value = body[field];
      if (typeof value !== 'string' || value === '') continue;
      const key = field === 'email' ? value.toLowerCase() : value;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, line);
      else problems.push({ kind: 'same_as_line', field, line: first });
    }
  }
};

/** @param records without the header; `lines` says where each begins in the file */
export const readPeople = (
  records: readonly (readonly string[])[],
  lines: readonly number[],
  choice: ColumnChoice,
): ImportRow[] => {
  const rows = records.map((record, index) => readRow(record, lines[index] ?? 0, choice));
  noteRepeats(rows);
  return rows;
};
