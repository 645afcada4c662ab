/**
 * @module What every list has: a page, a total, and a search over words.
 */
import { type RawBuilder, type Selectable, type SelectQueryBuilder, sql } from 'kysely';

export interface ListRequest {
  /** As typed; `''` and `*` match everything. */
  q: string;
  limit: number;
  offset: number;
}

export interface Listed<T> {
  rows: T[];
  /** Of all pages. */
  total: number;
}

const maxQueryLength = 512;
const maxWords = 16;
const emailOrWord = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]*[\p{L}\p{N}]|[\p{L}\p{N}]+/gu;
const operators = new Set(['and', 'or', 'not']);

/** The words of a search: whole e-mail addresses, and runs of letters and digits; `field:` prefixes are dropped. */
export const searchWords = (q: string): string[] =>
  (
    q
      .slice(0, maxQueryLength)
      .replace(/[\p{L}\p{N}_]+:/gu, ' ')
      .match(emailOrWord) ?? []
  )
    .filter((word) => !operators.has(word.toLowerCase()))
    .slice(0, maxWords);

// In PostgreSQL's expressions a backslash makes any punctuation mark stand for itself.
const escapeWord = (word: string): string => word.replace(/[^\p{L}\p{N}]/gu, '\\$&');

/**
 * True for rows in which any of the words occurs whole, or the last one begins a word; case does not matter.
 * Answers `undefined` when there is nothing to search for.
 */
export const matchesWords = (columns: readonly string[], q: string): RawBuilder<boolean> | undefined => {
  const words = searchWords(q).map(escapeWord);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const pattern = `(^|[^[:alnum:]])((${words.join('|')})([^[:alnum:]]|$)|${last})`;
  const text = sql.join(
    columns.map((column) => sql.ref(column)),
    sql`, `,
  );
  return sql<boolean>`concat_ws(' ', ${text}) ~* ${pattern}`;
};

/** A page of what is called by a name and an id, in the order of their names, and how many there are. */
export const pageByName = async <Tables, Table extends keyof Tables, Item>(
  all: SelectQueryBuilder<Tables, Table, object>,
  { limit, offset }: ListRequest,
  read: (row: Selectable<Tables[Table]>) => Item,
): Promise<Listed<Item>> => {
  const count = all.select((eb) => eb.fn.countAll<string>().as('total'));
  const { total } = (await count.executeTakeFirstOrThrow()) as { total: string };
  const page = all.selectAll().orderBy(sql.ref('name')).orderBy(sql.ref('id')).limit(limit).offset(offset);
  const rows = (await page.execute()) as Selectable<Tables[Table]>[];
  return { rows: rows.map(read), total: Number(total) };
};
