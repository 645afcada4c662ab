/**
 * @module The log: one JSON line per event, with the members of one list and no others (S-140). What is not on the list
 * is dropped, whoever logs it, so that a library's object or a request cannot bring a secret along.
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import { sqlStateOf } from '#base/db/database.ts';
import { FoyerError } from './errors.ts';

/** Members that an event may have beside level, time, message and request id. */
const listed = ['err', 'code', 'detail', 'address', 'store', 'folder', 'signal', 'applied', 'task', 'done'];

const maxTextLength = 1_000;
const maxCauses = 4;

/** @param stream Default: stdout, written at once, so that nothing is lost when the process ends. */
export const createLog = (
  level: string,
  stream: DestinationStream = pino.destination({ sync: true }),
): Logger =>
  pino(
    {
      level,
      base: null,
      serializers: { err: (error: unknown) => describeError(error) },
      formatters: { log: keepListed },
    },
    { write: (line) => stream.write(escapeOddCharacters(line)) },
  );

const keepListed = (event: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(listed.filter((name) => name in event).map((name) => [name, shorten(event[name])]));

const shorten = (value: unknown): unknown =>
  typeof value === 'string' ? value.slice(0, maxTextLength) : value;

/**
 * JSON leaves characters alone that terminals and viewers obey: C1 controls (an escape sequence may begin with U+009B),
 * line and paragraph separators, and marks that turn the direction of writing (S-141).
 */
const escapeOddCharacters = (line: string): string =>
  line.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/**
 * What an error says, without what it carries: errors of databases have the query's parameters as members, those of
 * HTTP clients whole requests.
 */
const describeError = (error: unknown, depth = 0): Record<string, unknown> => {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, stack = '', cause } = error;
  const code = error instanceof FoyerError ? error.code : (error as { code?: unknown }).code;
  return {
    type: name,
    ...(typeof code === 'string' && { code: code.slice(0, 64) }),
    message: shorten(messageOf(error)),
    // Its first lines repeat the message.
    stack: stack
      .split('\n')
      .filter((line) => /^ {4}at /.test(line))
      .join('\n'),
    ...(cause !== undefined && depth < maxCauses && { cause: describeError(cause, depth + 1) }),
  };
};

/** PostgreSQL quotes the value that it could not read (class 22), and the rows of a violated rule stand in `detail`. */
const messageOf = (error: Error): string =>
  sqlStateOf(error)?.startsWith('22') ? (error.message.split(':', 1)[0] as string) : error.message;
