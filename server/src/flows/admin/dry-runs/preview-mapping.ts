/** The mapping lab: which person a pasted profile makes with unsaved settings. Nothing is asked of any provider. */
import type { MappingPreview } from '@foyer/contract/dry-runs.ts';
import type { Clock } from '#base/lib/clock.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import type { Db } from '#model/tables.ts';
import { previewPerson } from '#upstream/identity/oauth2/preview-person.ts';
import { adviceOf } from './advice.ts';
import { decide } from './decide.ts';
import { personView } from './person-view.ts';
import type { Draft } from './read-draft.ts';

interface Deps {
  db: Db;
  clock: Clock;
}

export interface Pasted {
  profile: Record<string, unknown>;
  /** As if of a verified ID token. */
  claims: Record<string, unknown> | undefined;
}

export const previewMapping = async (
  deps: Deps,
  draft: Pick<Draft, 'domainId' | 'sourceId' | 'settings'>,
  { profile, claims }: Pasted,
  language: Language = 'en',
): Promise<MappingPreview> => {
  const { domainId, sourceId, settings } = draft;
  try {
    const expiresAt = new Date(deps.clock.nowMs() + 3_600_000);
    const credentials = { refreshToken: true, expiresAt };
    const person = previewPerson(settings, { profile, claims, credentials });
    const view = { person: personView(person) };
    if (domainId === undefined) return view;
    return {
      ...view,
      decision: await decide(deps, { domainId, language }, { id: sourceId, settings }, person),
    };
  } catch (error) {
    if (!isFoyerError(error)) throw error;
    const { code, detail } = error;
    return {
      refusal: { code, advice: adviceOf(error, settings, language), ...(detail !== undefined && { detail }) },
    };
  }
};
