/** A finding of the checks in the reader's words: by its code, with its values; else in the server's English. */
import type { SourceCheck } from '@foyer/contract/dry-runs.ts';

export interface WordedCheck {
  code: string;
  level: SourceCheck['level'];
  message: string;
  fix: string;
}

/** `{name}` stands for a value of the check. */
export interface CheckWords {
  readonly [code: string]: { readonly message: string; readonly fix: string } | undefined;
}

const fillIn = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{([a-z_]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );

const isWhole = (text: string): boolean => !/\{[a-z_]+\}/.test(text);

export const worded = (check: SourceCheck, words: CheckWords): WordedCheck => {
  const own = Object.hasOwn(words, check.code) ? words[check.code] : undefined;
  const values = check.values ?? {};
  const english = { message: check.message, fix: check.fix ?? '' };
  const filled = own && { message: fillIn(own.message, values), fix: fillIn(own.fix, values) };
  // Words that wait for a value the server did not send would show a hole: its own sentence is whole.
  const chosen =
    filled && isWhole(fillIn(own.message, values)) && isWhole(fillIn(own.fix, values)) ? filled : english;
  return { code: check.code, level: check.level, ...chosen };
};
