/** Reading and writing CSV, in the browser and without a library. @see RFC 4180 */

export type Separator = ',' | ';' | '\t';

const separators: readonly Separator[] = [',', ';', '\t'];

export interface ParsedCsv {
  separator: Separator;
  /** Every record, the header's included; records that are wholly blank are left out. */
  records: string[][];
  /** Where each record begins in the text: lines count from 1, as editors do. */
  lines: number[];
  /** Line of a quoted field that never ends; the rest of the text is in it. */
  openQuoteAtLine?: number;
}

/** The separator that the first record has most of, outside of quotes; comma when it has none. */
const detectSeparator = (text: string): Separator => {
  const counts = new Map<string, number>(separators.map((each) => [each, 0]));
  let quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) break;
    else if (!quoted && counts.has(char)) counts.set(char, (counts.get(char) as number) + 1);
  }
  return separators.reduce((best, each) =>
    (counts.get(each) as number) > (counts.get(best) as number) ? each : best,
  );
};

/** Reads CSV with its separator as found, quotes, line breaks within quotes, LF or CRLF, and a byte order mark. */
export const parseCsv = (raw: string, chosen?: Separator): ParsedCsv => {
  const text = raw.startsWith('\ufeff') ? raw.slice(1) : raw;
  const separator = chosen ?? detectSeparator(text);
  const parsed: ParsedCsv = { separator, records: [], lines: [] };
  let record: string[] = [];
  let field = '';
  let line = 1;
  let recordLine = 1;
  let at = 0;

  const endField = (): void => {
    record.push(field);
    field = '';
  };
  const endRecord = (): void => {
    endField();
    if (record.some((each) => each.trim() !== '')) {
      parsed.records.push(record);
      parsed.lines.push(recordLine);
    }
    record = [];
    recordLine = line;
  };
  /** From behind the opening quote to behind the closing one; a doubled quote is one that was typed. */
  const readQuoted = (): void => {
    const openedAt = line;
    for (;;) {
      const end = text.indexOf('"', at);
      const part = text.slice(at, end === -1 ? undefined : end);
      field += part;
      line += part.split('\n').length - 1;
      if (end === -1) {
        parsed.openQuoteAtLine = openedAt;
        at = text.length;
        return;
      }
      at = end + 1;
      if (text[at] !== '"') return;
      field += '"';
      at += 1;
    }
  };

  while (at < text.length) {
    const char = text[at] as string;
    at += 1;
    // A quote opens a field only at its beginning; elsewhere it is a character like any other.
    if (char === '"' && field.trim() === '') {
      field = '';
      readQuoted();
    } else if (char === separator) endField();
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[at] === '\n') at += 1;
      line += 1;
      endRecord();
    } else field += char;
  }
  if (field !== '' || record.length > 0) endRecord();
  return parsed;
};

/** A spreadsheet would run a cell that begins like this as a formula; with an apostrophe before, it is text. */
const formula = /^[=+\-@\t\r]/;

const writeField = (value: string): string => {
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** CSV with CRLF and a byte order mark, without which Excel misreads everything that is not ASCII. */
export const writeCsv = (records: readonly (readonly string[])[]): string =>
  `\ufeff${records.map((record) => `${record.map(writeField).join(',')}\r\n`).join('')}`;
