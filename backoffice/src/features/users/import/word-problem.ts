import type { RowProblem } from './read-people.ts';
import type { importWords } from './words.ts';

/** A problem of a row as a person reads it. */
export const wordProblem = (
  problem: RowProblem,
  { problems: words }: (typeof importWords)['en'],
  fieldNames: Readonly<Record<string, string>>,
): string => {
  switch (problem.kind) {
    case 'missing_email':
      return words.missing_email;
    case 'bad_email':
      return words.bad_email(problem.value);
    case 'not_yes_or_no':
      return words.not_yes_or_no(fieldNames[problem.field] ?? problem.field, problem.value);
    case 'too_long':
      return words.too_long(fieldNames[problem.field] ?? problem.field, problem.most);
    case 'short_password':
      return words.short_password(problem.least);
    case 'same_as_line':
      return words.same_as_line(fieldNames[problem.field] ?? problem.field, problem.line);
    case 'too_many_values':
      return words.too_many_values(problem.values, problem.columns);
  }
};
