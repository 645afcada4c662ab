/**
 * One line of CSV: every field quoted, CRLF at its end. What a spreadsheet would take for a formula gets an apostrophe in
 * front, so that text of a stranger does nothing when the file is opened.
 * @see RFC 4180 §2
 */
export const csvLine = (fields: readonly string[]): string => `${fields.map(quote).join(',')}\r\n`;

const quote = (text: string): string => `"${defuse(text).replaceAll('"', '""')}"`;

// Spreadsheets skip blanks before they look for a formula; the full-width signs are formulas to some of them.
const defuse = (text: string): string =>
  /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
