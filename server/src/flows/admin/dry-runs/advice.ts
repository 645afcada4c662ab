/** What the catalogue advises about a refusal, for an administrator. */
import type { Advice } from '@foyer/contract/dry-runs.ts';
import type { FoyerError } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import { diagnose, type Evidence } from '#upstream/diagnosis/diagnosis.ts';
import { evidenceOf } from '#upstream/diagnosis/evidence-of-error.ts';
import { providerHintOf } from '#upstream/identity/oauth2/known-provider.ts';

type Settings = Readonly<Record<string, unknown>>;

export const adviceOn = (evidence: Evidence, settings: Settings, language: Language): Advice => {
  const providerHint = evidence.providerHint ?? providerHintOf(settings);
  const { title, cause, who, fix, field, person, link, known } = diagnose(
    { ...evidence, ...(providerHint && { providerHint }) },
    language,
  );
  return {
    title,
    cause,
    who,
    fix: [...fix],
    person,
    known,
    ...(field !== undefined && { field }),
    ...(link !== undefined && { link }),
  };
};

/** A refusal may name its fields itself, and knows better than the catalogue then. */
export const adviceOf = (error: FoyerError, settings: Settings, language: Language): Advice => {
  const advice = adviceOn(evidenceOf(error), settings, language);
  const fields = error.evidence?.fields;
  const field = Array.isArray(fields) && typeof fields[0] === 'string' ? fields[0] : advice.field;
  return field === undefined ? advice : { ...advice, field };
};
