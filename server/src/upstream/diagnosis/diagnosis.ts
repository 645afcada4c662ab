/**
 * @module From evidence to a diagnosis: what happened, who mends it, and how.
 *
 * The most specific kind of evidence decides first: AADSTS code, suberror, the provider's error, Node's
 * code, Foyer's finer reason, the answer's status, Foyer's error code, and at last the step alone.
 * Pure: no I/O (but for the German texts, read once), no clock. The index is built once; a call looks at the few entries
 * under its own keys.
 */
import type { ErrorCode } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import { type CatalogueEntry, catalogue, type Match, type Reason, type Step } from './catalogue.ts';
import { germanTexts } from './german.ts';

export interface Evidence {
  step?: Step;
  /** Status of the provider's answer, not of Foyer's. */
  httpStatus?: number;
  /** AADSTS numbers, in the provider's order. */
  errorCodes?: readonly number[];
  error?: string;
  suberror?: string;
  description?: string;
  nodeCode?: string;
  foyerCode?: ErrorCode;
  reason?: Reason;
  providerHint?: 'microsoft' | 'google' | 'other';
  /** The provider's id of the failed request, by which its own support finds it. Not used for the choice. */
  traceId?: string;
}

export interface Diagnosis extends Omit<CatalogueEntry, 'match' | 'generic'> {
  /** False when only the step was known, so that the entry is general advice. */
  known: boolean;
}

/** Kinds of evidence, most specific first. An entry is filed under the first of them that its match names. */
const levels = [
  'code',
  'suberror',
  'error',
  'node_code',
  'reason',
  'http_status',
  'foyer_code',
  'step',
] as const;
type Level = (typeof levels)[number];

const keyOf = (level: Level, value: string | number): string => `${level} ${String(value).toLowerCase()}`;

const index: ReadonlyMap<string, readonly CatalogueEntry[]> = buildIndex(catalogue);
const lastResort = catalogue.find((entry) => Object.keys(entry.match).length === 0) as CatalogueEntry;

/**
 * Chooses the catalogue entry that fits the evidence best. Always answers something.
 * Evidence may come from a hostile provider: unknown values are passed over, texts are cut before use.
 */
export function diagnose(evidence: Evidence, language: Language = 'en'): Diagnosis {
  const diagnosis = diagnoseInEnglish(evidence);
  return language === 'de' ? { ...diagnosis, ...germanTexts(diagnosis.id) } : diagnosis;
}

function diagnoseInEnglish(evidence: Evidence): Diagnosis {
  for (const level of levels) {
    const entry = findEntry(level, evidence);
    if (entry) return toDiagnosis(entry, evidence, level !== 'step');
  }
  return toDiagnosis(lastResort, evidence, false);
}

function findEntry(level: Level, evidence: Evidence): CatalogueEntry | undefined {
  const found: CatalogueEntry[] = [];
  for (const value of seen(level, evidence)) {
    const entry = pickBest(index.get(keyOf(level, value)) ?? [], evidence);
    if (entry) found.push(entry);
  }
  // Entra wraps the telling code in a general one, e.g. [70002, 50012].
  return found.find((entry) => !entry.generic) ?? found[0];
}

/** The vendor's own entry beats the standard's, then the one with more conditions, then the earlier one. */
function pickBest(entries: readonly CatalogueEntry[], evidence: Evidence): CatalogueEntry | undefined {
  let best: CatalogueEntry | undefined;
  let bestRank = -1;
  for (const entry of entries) {
    const rank = rankOf(entry, evidence);
    if (rank > bestRank && fits(entry.match, evidence)) {
      best = entry;
      bestRank = rank;
    }
  }
  return best;
}

/** -1 when the entry belongs to a vendor that is known not to have answered. */
function rankOf(entry: CatalogueEntry, evidence: Evidence): number {
  const conditions = Object.keys(entry.match).length;
  if (entry.provider !== 'microsoft' && entry.provider !== 'google') return 100 + conditions;
  const vendor = vendorOf(evidence);
  if (vendor === undefined) return conditions;
  return entry.provider === vendor ? 200 + conditions : -1;
}

/** What the answer itself shows about the vendor counts more than what the source was set up as. */
function vendorOf(evidence: Evidence): string | undefined {
  const isMicrosoft =
    seen('code', evidence).length > 0 || evidence.description?.startsWith('AADB2C') === true;
  return isMicrosoft ? 'microsoft' : evidence.providerHint;
}

function fits(match: Match, evidence: Evidence): boolean {
  for (const level of levels) {
    const wanted = match[level] as readonly (string | number)[] | undefined;
    if (wanted === undefined) continue;
    const keys = seen(level, evidence).map((value) => keyOf(level, value));
    if (!wanted.some((value) => keys.includes(keyOf(level, value)))) return false;
  }
  return match.description_pattern === undefined || textFits(match.description_pattern, evidence.description);
}

function textFits(patterns: readonly string[], rawText: string | undefined): boolean {
  if (typeof rawText !== 'string') return false;
  const text = rawText.slice(0, 200).toLowerCase();
  return patterns.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.startsWith('^') ? text.startsWith(wanted.slice(1)) : text.includes(wanted);
  });
}

/** The evidence of one kind, as a list: more than one value for AADSTS codes only. */
function seen(level: Level, evidence: Evidence): readonly (string | number)[] {
  if (level === 'code') return evidence.errorCodes?.slice(0, 10) ?? [];
  const value = {
    suberror: evidence.suberror,
    error: evidence.error,
    node_code: evidence.nodeCode,
    reason: evidence.reason,
    http_status: evidence.httpStatus,
    foyer_code: evidence.foyerCode,
    step: evidence.step,
  }[level];
  // Nothing in the catalogue is longer, so a longer value cannot fit and is not worth copying.
  return value === undefined || (typeof value === 'string' && value.length > 100) ? [] : [value];
}

function toDiagnosis(entry: CatalogueEntry, evidence: Evidence, known: boolean): Diagnosis {
  const { match: _match, generic: _generic, ...shown } = entry;
  const link = entry.link ?? microsoftLink(entry, evidence);
  return { ...shown, known, ...(link === undefined ? {} : { link }) };
}

/** Microsoft explains each of its codes at one address, also those that the catalogue lacks. */
function microsoftLink(entry: CatalogueEntry, evidence: Evidence): string | undefined {
  const codes = evidence.errorCodes?.slice(0, 10) ?? [];
  const code = codes.find((seenCode) => entry.match.code?.includes(seenCode)) ?? codes[0];
  return Number.isSafeInteger(code) ? `https://login.microsoftonline.com/error?code=${code}` : undefined;
}

function buildIndex(entries: readonly CatalogueEntry[]): ReadonlyMap<string, readonly CatalogueEntry[]> {
  const built = new Map<string, CatalogueEntry[]>();
  for (const entry of entries) {
    const level = levels.find((candidate) => entry.match[candidate] !== undefined);
    if (level === undefined) continue;
    for (const value of entry.match[level] as readonly (string | number)[]) {
      const key = keyOf(level, value);
      built.set(key, [...(built.get(key) ?? []), entry]);
    }
  }
  return built;
}
