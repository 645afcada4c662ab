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

const hole = /\{([a-z_]+)\}/g;

/** `undefined` when a value that the words need did not come: the server's own sentence is whole. */
const fillIn = (template: string, values: Readonly<Record<string, string>>): string | undefined => {
  const names = [...template.matchAll(hole)].map(([, name]) => name as string);
  if (!names.every((name) => Object.hasOwn(values, name))) return undefined;
  return template.replace(hole, (_whole, name: string) => String(values[name]));
};

export const worded = (check: SourceCheck, words: CheckWords): WordedCheck => {
  const own = Object.hasOwn(words, check.code) ? words[check.code] : undefined;
  const values = check.values ?? {};
  const message = own && fillIn(own.message, values);
  const fix = own && fillIn(own.fix, values);
  const english = { message: check.message, fix: check.fix ?? '' };
  const chosen = message === undefined || fix === undefined ? english : { message, fix };
  return { code: check.code, level: check.level, ...chosen };
};
