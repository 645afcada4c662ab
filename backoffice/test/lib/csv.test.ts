import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv, writeCsv } from '#lib/csv.ts';

const recordsOf = (text: string): string[][] => parseCsv(text).records;

describe('reading CSV', () => {
  it('takes quotes, doubled quotes, separators and line breaks within them', () => {
    expect(recordsOf('name,note\r\n"Lovelace, Ada","said ""yes""\nand left"\r\nBob,\r\n')).toEqual([
      ['name', 'note'],
      ['Lovelace, Ada', 'said "yes"\nand left'],
      ['Bob', ''],
    ]);
  });

  it.each([
    ['a,b;b', ','],
    ['a;b;c,d', ';'],
    ['a\tb\tc,d', '\t'],
    ['"a,b,c,d";e', ';'],
    ['email', ','],
  ] as const)('finds the separator of %j', (text, separator) => {
    expect(parseCsv(text).separator).toBe(separator);
  });

  it('drops a byte order mark, blank lines, and lines of separators only', () => {
    expect(recordsOf('\ufeffemail;name\n\n;;\na@b.c;A\n')).toEqual([
      ['email', 'name'],
      ['a@b.c', 'A'],
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('ends a record at %j', (end) => {
    expect(recordsOf(`a,b${end}1,2`)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('keeps a quote in the middle of a field', () => {
    expect(recordsOf('name\nAda "the first" Lovelace')).toEqual([['name'], ['Ada "the first" Lovelace']]);
  });

  it('counts lines as an editor does, also across a field of several lines', () => {
    expect(parseCsv('h\n"one\ntwo"\n\nlast').lines).toEqual([1, 2, 5]);
  });

  it('says at which line a quote was opened that never ends', () => {
    const parsed = parseCsv('h\n"a"\n"b\nc');
    expect(parsed.openQuoteAtLine).toBe(3);
    expect(parsed.records).toEqual([['h'], ['a'], ['b\nc']]);
    expect(parseCsv('h\n"a"').openQuoteAtLine).toBeUndefined();
  });

  it('reads 5,000 rows in well under a second', () => {
    const text = `email,name\n${Array.from({ length: 5000 }, (_, i) => `p${i}@example.test,"Person ""${i}"""`).join('\n')}`;
    const began = performance.now();
    expect(recordsOf(text)).toHaveLength(5001);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe('writing CSV', () => {
  it('is read back as it was, whatever the values are', () => {
    // What a spreadsheet takes for a formula is changed on purpose.
    const value = fc.string({ unit: 'binary' }).map((text) => `v${text}`);
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (records) => {
        const read = parseCsv(writeCsv(records), ',').records;
        expect(read).toEqual(records);
      }),
    );
  });

  it.each(['=HYPERLINK("//evil")', '+1', '-1', '@a', '\t=1'])('makes %j text for a spreadsheet', (value) => {
    expect(parseCsv(writeCsv([[value]]), ',').records[0]).toEqual([`'${value}`]);
  });
});
