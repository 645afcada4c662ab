/**
 * `GET /auth/failure?id=`: what happened, in the person's words; to an administrator of the domain who is signed in by
 * another door, also the cause, who mends it, and how.
 */
import { type Html, html } from '#base/http/html.ts';
import type { Page } from '#base/http/page.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { errorTable, FoyerError } from '#base/lib/errors.ts';
import { findIncident, type Incident } from '#model/audit/incident-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import type { Db } from '#model/tables.ts';
import type { Mender } from '#upstream/diagnosis/catalogue.ts';
import { type Diagnosis, diagnose, type Evidence } from '#upstream/diagnosis/diagnosis.ts';

export interface ShowFailure {
  domain: Domain;
  rawIncident: string;
  viewer: SignedIn | undefined;
}

const menders: Readonly<Record<Mender, string>> = {
  administrator: 'An administrator of this domain in Foyer',
  provider_administrator: 'An administrator at the identity provider',
  person: 'The person who signs in',
  operator: 'Whoever runs this Foyer server',
  wait: 'Nobody: it passes by itself',
};

/** @throws {FoyerError} `not_found` for an id of another domain or none. */
export const failurePage = async (
  deps: { db: Db; origin: PublicOrigin },
  { domain, rawIncident, viewer }: ShowFailure,
): Promise<Page> => {
  const isId = /^[2-9a-z]{8}$/.test(rawIncident);
  const incident = isId ? await findIncident(deps.db, domain.id, rawIncident) : undefined;
  if (!incident) throw new FoyerError('not_found', { detail: 'no such failure' });
  const diagnosis = diagnose(evidenceIn(incident));
  const { sentence } = errorTable[incident.reason] ?? errorTable.internal;
  const isAdministrator = viewer?.user.sysAdmin === true;
  return {
    title: sentence,
    width: isAdministrator ? 'wide' : 'narrow',
    body: html`<section class="card">
<h1>${sentence}</h1>
<p>${diagnosis.person}</p>
<p><a class="button" href="/login">Go to the sign-in page</a></p>
${!isAdministrator && html`<p>Tell your administrator this reference: <code>${rawIncident}</code>. Signed in here in another way, they see the cause on this page.</p>`}
<p class="quiet">${incident.at.toISOString()} · code <code>${incident.reason}</code></p>
</section>
${isAdministrator && causeFor(incident, diagnosis)}
${isAdministrator && traceLink(deps.origin, domain, rawIncident)}`,
  };
};

const traceLink = ({ consolePath }: PublicOrigin, { id }: Domain, incident: string): Html =>
  html`<p><a href="${consolePath}domains/${id}/authentication/attempts/${incident}">Every step of this sign-in, in the console</a> (kept for seven days)</p>`;

/** Page of PlaceOS' old form, `?message=&strategy=`, which says nothing of what it is given. */
export const generalFailurePage = (): Page => ({
  title: 'You could not be signed in',
  body: html`<h1>You could not be signed in</h1>
<p>Please try again. If it goes on, tell your administrator.</p>
<p><a class="button" href="/login">Go to the sign-in page</a></p>`,
});

const evidenceIn = ({ reason, detail }: Incident): Evidence => ({
  ...(detail.evidence as Evidence | undefined),
  foyerCode: reason,
});

const causeFor = (incident: Incident, diagnosis: Diagnosis): Html => {
  const evidence = evidenceIn(incident);
  const seen: [string, unknown][] = [
    ['Source', incident.sourceId],
    ['Step', evidence.step],
    ['Status', evidence.httpStatus],
    ['Error', evidence.error],
    ['Error codes', evidence.errorCodes?.join(', ')],
    ['Description', evidence.description],
    ['Network', evidence.nodeCode],
    ['Finding', incident.detail.detail],
    ['Trace at the provider', evidence.traceId],
    ['Request', incident.requestId],
  ];
  return html`<section class="card">
<h2>For administrators: ${diagnosis.title}</h2>
<p>${diagnosis.cause}</p>
<dl class="facts">
<div><dt>Who mends it</dt><dd>${menders[diagnosis.who]}</dd></div>
${diagnosis.field && html`<div><dt>Field of the source</dt><dd><code>${diagnosis.field}</code></dd></div>`}
</dl>
${
  diagnosis.fix.length > 0 &&
  html`<h3>How</h3>
<ol>${diagnosis.fix.map((step) => html`<li>${step}</li>`)}</ol>`
}
${diagnosis.link && html`<p><a href="${diagnosis.link}" rel="noreferrer">What the provider says about it</a></p>`}
</section>
<section class="card">
<h2>What was seen</h2>
<dl class="facts">${seen.map(([name, value]) => value !== undefined && value !== '' && html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl>
</section>`;
};
