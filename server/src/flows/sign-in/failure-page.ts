/**
 * `GET /auth/failure?id=`: what happened, in the person's words; to an administrator of the domain who is signed in by
 * another door, also the cause, who mends it, and how.
 */
import { errorPageWords } from '#base/http/error-page-words.ts';
import { type Html, html } from '#base/http/html.ts';
import type { Page } from '#base/http/page.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { sentenceOf } from '#base/lib/error-sentences.ts';
import { errorTable, FoyerError } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import { findIncident, type Incident } from '#model/audit/incident-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import type { Db } from '#model/tables.ts';
import { type Diagnosis, diagnose, type Evidence } from '#upstream/diagnosis/diagnosis.ts';
import { type FailureWords, failureWords } from './words.ts';

export interface ShowFailure {
  domain: Domain;
  rawIncident: string;
  viewer: SignedIn | undefined;
  language: Language;
}

/** @throws {FoyerError} `not_found` for an id of another domain or none. */
export const failurePage = async (
  deps: { db: Db; origin: PublicOrigin },
  { domain, rawIncident, viewer, language }: ShowFailure,
): Promise<Page> => {
  const isId = /^[2-9a-z]{8}$/.test(rawIncident);
  const incident = isId ? await findIncident(deps.db, domain.id, rawIncident) : undefined;
  if (!incident) throw new FoyerError('not_found', { detail: 'no such failure' });
  const words = failureWords[language];
  const diagnosis = diagnose(evidenceIn(incident), language);
  const sentence = sentenceOf(errorTable[incident.reason] ? incident.reason : 'internal', language);
  const isAdministrator = viewer?.user.sysAdmin === true;
  return {
    title: sentence,
    language,
    width: isAdministrator ? 'wide' : 'narrow',
    body: html`<section class="card">
<h1>${sentence}</h1>
<p>${diagnosis.person}</p>
<p><a class="button" href="/login">${errorPageWords[language].goToSignIn}</a></p>
${!isAdministrator && html`<p>${errorPageWords[language].reference} <code>${rawIncident}</code>. ${words.seeCause}</p>`}
<p class="quiet">${incident.at.toISOString()} · ${words.code} <code>${incident.reason}</code></p>
</section>
${isAdministrator && causeFor(incident, diagnosis, words, traceLink(deps.origin, domain, rawIncident, words))}`,
  };
};

const traceLink = (
  { consolePath }: PublicOrigin,
  { id }: Domain,
  incident: string,
  words: FailureWords,
): Html =>
  html`<p><a href="${consolePath}domains/${id}/authentication/attempts/${incident}">${words.everyStep}</a> ${words.kept}</p>`;

/** Page of PlaceOS' old form, `?message=&strategy=`, which says nothing of what it is given. */
export const generalFailurePage = (language: Language): Page => {
  const words = failureWords[language];
  return {
    title: words.general,
    language,
    body: html`<h1>${words.general}</h1>
<p>${words.tryAgain}</p>
<p><a class="button" href="/login">${errorPageWords[language].goToSignIn}</a></p>`,
  };
};

const evidenceIn = ({ reason, detail }: Incident): Evidence => ({
  ...(detail.evidence as Evidence | undefined),
  foyerCode: reason,
});

const causeFor = (incident: Incident, diagnosis: Diagnosis, words: FailureWords, trace: Html): Html => {
  const evidence = evidenceIn(incident);
  const seen: [string, unknown][] = [
    [words.seen.source, incident.sourceId],
    [words.seen.step, evidence.step],
    [words.seen.status, evidence.httpStatus],
    [words.seen.error, evidence.error],
    [words.seen.errorCodes, evidence.errorCodes?.join(', ')],
    [words.seen.description, evidence.description],
    [words.seen.network, evidence.nodeCode],
    [words.seen.finding, incident.detail.detail],
    [words.seen.trace, evidence.traceId],
    [words.seen.request, incident.requestId],
  ];
  return html`<section class="card">
<h2>${words.forAdministrators} ${diagnosis.title}</h2>
<p>${diagnosis.cause}</p>
<dl class="facts">
<div><dt>${words.whoMends}</dt><dd>${words.menders[diagnosis.who]}</dd></div>
${diagnosis.field && html`<div><dt>${words.field}</dt><dd><code>${diagnosis.field}</code></dd></div>`}
</dl>
${
  diagnosis.fix.length > 0 &&
  html`<h3>${words.how}</h3>
<ol>${diagnosis.fix.map((step) => html`<li>${step}</li>`)}</ol>`
}
${diagnosis.link && html`<p><a href="${diagnosis.link}" rel="noreferrer">${words.link}</a></p>`}
</section>
<section class="card">
<h2>${words.seenTitle}</h2>
<dl class="facts">${seen.map(([name, value]) => value !== undefined && value !== '' && html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl>
${trace}
</section>`;
};
