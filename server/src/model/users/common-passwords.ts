/**
 * The most common passwords, refused when a password is set (S-86). The list is loaded at the first question.
 */
import { createRequire } from 'node:module';

interface List {
  test(password: string): boolean;
}

let list: List | undefined;

/** Compared as typed and in lower case. */
export const isCommonPassword = (password: string): boolean => {
  list ??= createRequire(import.meta.url)('fxa-common-password-list') as List;
  return list.test(password) || list.test(password.toLowerCase());
};
