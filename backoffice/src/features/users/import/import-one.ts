/** What becomes of one row: added, changed, left alone, or refused in the server's words. */
import { ApiError } from '#lib/api.ts';
import { createPerson, findPersonByEmail, updatePerson } from '../api.ts';
import type { ImportRow } from './read-people.ts';
import type { RowOutcome } from './run-import.ts';

export interface ImportChoice {
  domainId: string;
  /** What to do with people who are there already. */
  whenThere: 'skip' | 'update';
  words: { noAnswer: string; isDeleted: string };
}

const reasonOf = (error: unknown, words: ImportChoice['words']): string => {
  if (!(error instanceof ApiError)) return words.noAnswer;
  if (error.failures.length === 0) return error.message;
  return error.failures.map(({ field, reason }) => `${field} ${reason}`).join('; ');
};

const changeExisting = async (
  { body: { email, ...fields } }: ImportRow,
  { domainId, whenThere, words }: ImportChoice,
  refusal: ApiError,
): Promise<RowOutcome> => {
  const person = await findPersonByEmail(domainId, email);
  // Somebody else's address in other words, a login name or a staff id: only the server knows whose.
  if (!person) throw refusal;
  if (person.deleted) return { kind: 'failed', reason: words.isDeleted };
  if (whenThere === 'skip') return { kind: 'skipped' };
  await updatePerson(person.id, fields);
  return { kind: 'updated' };
};

export const importOne = async (row: ImportRow, choice: ImportChoice): Promise<RowOutcome> => {
  try {
    try {
      await createPerson({ ...row.body, authority_id: choice.domainId });
      return { kind: 'created' };
    } catch (error) {
      const taken = error instanceof ApiError && error.failureOf('email') === 'should be unique';
      if (!taken) throw error;
      return await changeExisting(row, choice, error);
    }
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error, choice.words) };
  }
};
