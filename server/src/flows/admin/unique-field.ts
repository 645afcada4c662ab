import { isUniqueViolation } from '#base/db/database.ts';
import { failField, reasons } from './assign.ts';

/**
 * Does a change and says which field is taken already, whoever came first.
 * @param fields the field behind each unique index of the table
 * @throws {FoyerError} `validation_failed`
 */
export const withUniqueFields = async <T>(
  fields: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const field = isUniqueViolation(error) && fields[String((error as { constraint?: unknown }).constraint)];
    if (field) return failField(field, reasons.unique);
    throw error;
  }
};
