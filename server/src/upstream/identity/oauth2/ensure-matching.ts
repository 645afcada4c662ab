/** Who may sign in through a source, by what the provider says about them (S-22, D-09). */
import { RE2JS } from 're2js';
import { FoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import { createLookUp } from './look-up.ts';
import { scalarText } from './map-profile.ts';

const maxPatternLength = 512;
const maxValueLength = 4096;

/** ASCII only: folding all of Unicode would let `ſ` pass for `s` and the Kelvin sign for `k`. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const foldsToAscii = /[\u017f\u212a]/;

const isAnchored = (text: string): boolean => {
  if (!text.startsWith('^') || !text.endsWith('$')) return false;
  const backslashes = /\\*$/.exec(text.slice(0, -1))?.[0].length ?? 0;
  return backslashes % 2 === 0;
};

/** A repeat of something that ends in a repeat: pointless, and the mark of a pattern made to take for ever. */
const isRunaway = (pattern: string): boolean => /[+*}]\)+[+*{]/.test(pattern);
const looksLikePattern = /[\\^$*+?()[\]{}|]/;

export type MatchValue = (text: string) => boolean;

/**
 * Makes the test for one wanted value: a pattern when it stands between `^` and `$`, else the whole value, without
 * regard to case. Patterns run in linear time. Answers a sentence when the value cannot be used.
 */
export const compileWanted = (wanted: string): MatchValue | string => {
  if (wanted.trim() === '') return 'An empty value matches nobody.';
  if (wanted.length > maxPatternLength) return `At most ${maxPatternLength} characters.`;
  if (!isAnchored(wanted)) {
    if (looksLikePattern.test(wanted)) {
      return `“${wanted}” looks like a pattern: begin it with ^ and end it with $, so that it covers the whole value.`;
    }
    const expected = lower(wanted.trim());
    return (text) => lower(text) === expected;
  }
  if (isRunaway(wanted)) return `The pattern “${wanted}” repeats a repeat. Write it with one repeat.`;
  try {
    const pattern = RE2JS.compile(wanted, RE2JS.CASE_INSENSITIVE);
    return (text) => !foldsToAscii.test(text) && pattern.testExact(text);
  } catch {
    return `The pattern “${wanted}” cannot be read. Backreferences and look-around are not supported.`;
  }
};

export type CheckPermitted = (
  profile: Readonly<Record<string, unknown>>,
  claims: Readonly<Record<string, unknown>> | undefined,
) => void;

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value])
    .map(scalarText)
    .filter((text): text is string => text !== undefined && text.length <= maxValueLength);

/**
 * Compiles a source's conditions: every claim must be there and have one of its wanted values. A wanted value that
 * cannot be used matches nobody.
 * The check throws {FoyerError} not_permitted.
 */
export const createPermission = (conditions: Readonly<Record<string, readonly string[]>>): CheckPermitted => {
  const compiled = Object.entries(conditions).map(([claim, wanted]) => ({
    claim,
    tests: wanted.map(compileWanted).filter((test): test is MatchValue => typeof test !== 'string'),
  }));
  return (profile, claims) => {
    if (compiled.length === 0) return;
    const inProfile = createLookUp(profile);
    const inClaims = createLookUp(claims ?? {});
    for (const { claim, tests } of compiled) {
      const value = inProfile(claim) ?? inClaims(claim);
      if (value === undefined) throw refused(claim, 'claim_missing');
      const texts = textsOf(value);
      if (!texts.some((text) => tests.some((test) => test(text)))) throw refused(claim, 'claim_mismatch');
    }
  };
};

const refused = (claim: string, reason: Reason): FoyerError =>
  new FoyerError('not_permitted', {
    detail: `${reason}: ${claim.slice(0, 100)}`,
    evidence: { step: 'mapping', claim: claim.slice(0, 100), reason },
  });
