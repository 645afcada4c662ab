import { describe, expect, it } from 'vitest';
import { chooseColumn, guessColumns } from '#features/users/import/columns.ts';
import { type ImportRow, readPeople } from '#features/users/import/read-people.ts';
import { type ImportResult, mostAtOnce, runImport } from '#features/users/import/run-import.ts';
import { parseCsv } from '#lib/csv.ts';

const read = (text: string): ImportRow[] => {
  const { records, lines } = parseCsv(text);
  const [header = [], ...rest] = records;
  return readPeople(rest, lines.slice(1), guessColumns(header));
};

describe('the columns of a file', () => {
  it('are recognised in English and German, whatever the case and the marks', () => {
    const header = ['E-Mail', 'Vorname', 'surname', 'Staff_ID', 'Gruppen', 'SYS ADMIN', 'Lieblingsfarbe'];
    expect(guessColumns(header)).toEqual([
      'email',
      'first_name',
      'last_name',
      'staff_id',
      'groups',
      'sys_admin',
      undefined,
    ]);
  });

  it('give a field to one column only', () => {
    const choice = guessColumns(['mail', 'email', 'name']);
    expect(choice).toEqual(['email', undefined, 'name']);
    expect(chooseColumn(choice, 1, 'email')).toEqual([undefined, 'email', 'name']);
    expect(chooseColumn(choice, 2, undefined)).toEqual(['email', undefined, undefined]);
  });
});

describe('the rows of a file', () => {
  it('become people; an empty cell says nothing', () => {
    const rows = read(
      'email;first name;groups;support\n ada@example.test ;Ada;"Staff, Lab|Staff";ja\nbob@example.test;;;',
    );
    expect(rows).toEqual([
      {
        line: 2,
        body: { email: 'ada@example.test', first_name: 'Ada', groups: ['Staff', 'Lab'], support: true },
        problems: [],
      },
      { line: 3, body: { email: 'bob@example.test' }, problems: [] },
    ]);
  });

  it.each([
    ['email,name\n,Ada', { kind: 'missing_email' }],
    ['email,name\nada at home,Ada', { kind: 'bad_email', value: 'ada at home' }],
    ['email,admin\na@b.c,maybe', { kind: 'not_yes_or_no', field: 'sys_admin', value: 'maybe' }],
    ['email,password\na@b.c,short', { kind: 'short_password', least: 8 }],
    [`email,phone\na@b.c,${'1'.repeat(251)}`, { kind: 'too_long', field: 'phone', most: 250 }],
    ['email,name\na@b.c,Lovelace, Ada', { kind: 'too_many_values', values: 3, columns: 2 }],
  ])('of %j: the problem is named', (text, problem) => {
    expect(read(text).flatMap(({ problems }) => problems)).toEqual([problem]);
  });

  it('say with which line they collide', () => {
    const rows = read('email,staff id\na@b.c,7\n\nA@B.C,7\nd@b.c,8');
    expect(rows.map(({ line, problems }) => ({ line, problems }))).toEqual([
      { line: 2, problems: [] },
      {
        line: 4,
        problems: [
          { kind: 'same_as_line', field: 'email', line: 2 },
          { kind: 'same_as_line', field: 'staff_id', line: 2 },
        ],
      },
      { line: 5, problems: [] },
    ]);
  });
});

const people = (count: number): ImportRow[] =>
  Array.from({ length: count }, (_, i) => ({ line: i + 2, body: { email: `p${i}@b.c` }, problems: [] }));
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('an import', () => {
  it('has at most four requests under way, and sends every row once', async () => {
    let underWay = 0;
    let most = 0;
    const results: ImportResult[] = [];
    const rows = people(50);
    await runImport({
      rows,
      signal: new AbortController().signal,
      onResult: (result) => results.push(result),
      importOne: async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await turn();
        underWay -= 1;
        return { kind: 'created' };
      },
    });
    expect(most).toBe(mostAtOnce);
    expect(results.map(({ row }) => row.line).sort((a, b) => a - b)).toEqual(rows.map(({ line }) => line));
  });

  it('that is stopped begins nothing more, and still tells what became of all that had begun', async () => {
    const stop = new AbortController();
    const results: ImportResult[] = [];
    let begun = 0;
    await runImport({
      rows: people(100),
      signal: stop.signal,
      onResult: (result) => {
        results.push(result);
        if (results.length === 10) stop.abort();
      },
      importOne: async () => {
        begun += 1;
        await turn();
        return { kind: 'created' };
      },
    });
    expect(results).toHaveLength(begun);
    expect(begun).toBeLessThan(10 + mostAtOnce);
  });
});
