/**
 * JSON from other people's servers: bounded depth, and told apart from what JSON.parse silently repairs (S-25).
 */
import { FoyerError } from '#base/lib/errors.ts';

/** `duplicate_key`: which value wins depends on the reader. The other two cannot be stored as text. */
export type JsonFlaw = 'duplicate_key' | 'nul' | 'lone_surrogate';

export interface StrictJson {
  value: unknown;
  flaws: readonly JsonFlaw[];
}

const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
};

/** Deepest nesting, and how many keys are written: outside of strings, a colon always follows a key. */
const surveyText = (text: string): { depth: number; keys: number } => {
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 0x22) i = endOfString(text, i);
    else if (char === 0x3a) keys++;
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x7d || char === 0x5d) depth--;
  }
  return { depth: deepest, keys };
};

interface Survey {
  keys: number;
  strings: boolean;
  flaws: Set<JsonFlaw>;
}

const surveyString = (text: string, survey: Survey): void => {
  if (text.includes('\0')) survey.flaws.add('nul');
  if (!text.isWellFormed()) survey.flaws.add('lone_surrogate');
};

const surveyValue = (value: unknown, survey: Survey): void => {
  if (typeof value === 'string') {
    if (survey.strings) surveyString(value, survey);
  } else if (Array.isArray(value)) {
    for (const item of value) surveyValue(item, survey);
  } else if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      survey.keys++;
      if (survey.strings) surveyString(key, survey);
      surveyValue(record[key], survey);
    }
    // An own `__proto__` becomes a real prototype as soon as somebody copies the object key by key (S-132).
    if (Object.hasOwn(record, '__proto__')) Reflect.deleteProperty(record, '__proto__');
  }
};

/**
 * Parses `text` and says what is wrong with it beyond syntax. Keys named `__proto__` are dropped.
 * @param maxDepth nesting of arrays and objects
 * @throws {FoyerError} upstream_invalid, with detail `json` or `json depth`
 * @see RFC 8259 §4, §8.2, §9
 */
export const parseJsonStrict = (text: string, maxDepth = 32): StrictJson => {
  const written = surveyText(text);
  if (written.depth > maxDepth) throw new FoyerError('upstream_invalid', { detail: 'json depth' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // No cause: the message of a SyntaxError quotes the text.
    throw new FoyerError('upstream_invalid', { detail: 'json' });
  }
  // Only an escape can put NUL or half a pair into a string of well-formed text.
  const survey: Survey = {
    keys: 0,
    strings: text.includes('\\u') || !text.isWellFormed(),
    flaws: new Set(),
  };
  surveyValue(value, survey);
  if (written.keys > survey.keys) survey.flaws.add('duplicate_key');
  return { value, flaws: [...survey.flaws] };
};
