/**
 * A sign-in that failed is written down with its evidence under a short id. The person is told what they can do;
 * administrators find the cause under the id.
 */
import { toFoyerError } from '#base/http/error-handler.ts';
import { type ErrorPageNotes, FoyerError } from '#base/lib/errors.ts';
import { type SourceId, shortId } from '#base/lib/ids.ts';
import type { Language } from '#base/lib/language.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import { diagnose, type Evidence } from '#upstream/diagnosis/diagnosis.ts';
import { evidenceOf } from '#upstream/diagnosis/evidence-of-error.ts';
import { providerHintOf } from '#upstream/identity/oauth2/known-provider.ts';
import type { SignInDeps } from './deps.ts';
import { recordRefusal, type Trace } from './flight-recorder.ts';
import { actorOf, type RequestContext } from './request-context.ts';

export interface Failure {
  domain: Domain;
  rawError: unknown;
  /** As the request named it. */
  rawSourceId: string | undefined;
  context: RequestContext;
  /** Of the page that tells the person. */
  language: Language;
  trace: Trace;
  next?: ErrorPageNotes['next'];
}

/** Answers the error to throw: the same code, with what the page needs. */
export const recordFailure = async (
  deps: Pick<SignInDeps, 'db' | 'sources' | 'metrics' | 'clock' | 'recorder'>,
  failure: Failure,
): Promise<FoyerError> => {
  const { domain, context, language, rawSourceId, next, trace } = failure;
  const error = toFoyerError(failure.rawError);
  deps.metrics?.countSignIn('oauth2', error.code);
  const incident = shortId();
  const sourceId = rawSourceId && /^[0-9A-Za-z_~-]{1,64}$/.test(rawSourceId) ? rawSourceId : undefined;
  const evidence = evidenceOf(error, await hintOf(deps, domain, sourceId));
  const fields = error.evidence?.fields;
  const { person, who } = diagnose(evidence, language);
  const seen = { evidence: storable(evidence), ...(error.detail && { detail: clean(error.detail) }) };
  recordRefusal(deps, trace, {
    domain,
    id: incident,
    reason: error.code,
    evidence: {
      ...seen.evidence,
      who,
      ...(Array.isArray(fields) && { fields }),
      ...(seen.detail && { detail: seen.detail }),
    },
    requestId: context.requestId,
  });
  const isWritten = await writeAudit(deps.db, domain.id, actorOf(context), {
    action: 'sign_in',
    outcome: 'denied',
    reason: error.code,
    ...(sourceId && { sourceId }),
    detail: { incident, ...seen },
  }).then(
    () => true,
    () => false, // the store is down: the person still gets an answer, without a reference that leads nowhere
  );
  return new FoyerError(error.code, {
    cause: error,
    ...(error.detail && { detail: error.detail }),
    ...(error.evidence && { evidence: error.evidence }),
    ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
    page: { advice: person, ...(isWritten && { incident }), ...(next && { next }) },
  });
};

/** Whose words the source's provider uses. A diagnosis without it is less exact, so nothing may fail here. */
const hintOf = async (
  deps: Pick<SignInDeps, 'sources'>,
  domain: Domain,
  sourceId: string | undefined,
): Promise<Evidence['providerHint']> => {
  if (sourceId === undefined) return undefined;
  try {
    const found = await deps.sources.find(domain.id, sourceId as SourceId);
    return found?.source.kind === 'oauth2' ? providerHintOf(found.source.settings) : undefined;
  } catch {
    return undefined;
  }
};

/** A provider's words are cut and made fit for a JSON column. */
const clean = (text: string): string => text.slice(0, 200).toWellFormed().replaceAll('\0', '');

const storable = (evidence: Evidence): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(evidence).map(([name, value]) => [name, typeof value === 'string' ? clean(value) : value]),
  );
