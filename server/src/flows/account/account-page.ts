/** The page `/account`: who I am, how I sign in, where I am signed in, which apps act for me. */
import type { FastifyReply } from 'fastify';
import { type Html, html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import type { FieldFailure } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import type { LinkedIdentity } from '#model/account/account-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import { identityRef } from '#model/identities/identity-store.ts';
import type { Session, SignedIn } from '#model/sessions/session.ts';
import type { User } from '#model/users/user.ts';
import { describeBrowser } from './describe-browser.ts';
import { mappedFieldsOf } from './mapped-fields.ts';
import { passwordForm } from './password-form.ts';
import type { Account } from './read-account.ts';
import { distance, timeOf } from './times.ts';
import { type AccountWords, accountWords } from './words.ts';

export interface AccountPage {
  language: Language;
  /** Of the administrators' console. */
  consolePath: string;
  domain: Domain;
  account: Account;
  session: SignedIn['session'];
  csrfToken: string;
  now: Date;
  notice?: Notice | undefined;
  /** What is wrong with the password form. */
  failures?: readonly FieldFailure[];
  status?: number;
}

export type Notice = keyof AccountWords['account']['notices'];

const wordsOf = ({ language }: AccountPage): AccountWords['account'] => accountWords[language].account;

export const isNotice = (raw: string | undefined): raw is Notice =>
  raw !== undefined && Object.hasOwn(accountWords.en.account.notices, raw);

export const sendAccountPage = (reply: FastifyReply, page: AccountPage): FastifyReply => {
  const { account, domain, language } = page;
  const { user } = account;
  const words = wordsOf(page);
  return sendPage(reply, {
    status: page.status ?? 200,
    title: `${words.title} – ${domain.name}`,
    language,
    width: 'wide',
    body: html`<header class="masthead">
<div class="lead">
<h1>${user.name || user.email || words.title}</h1>
<p class="quiet">${user.email ? `${user.email} · ` : ''}${domain.name}</p>
</div>
<div class="actions">
${(user.sysAdmin || user.platformAdmin) && html`<a class="button small" href="${page.consolePath}">${words.console}</a>`}
${form(
  page,
  '/auth/logout',
  html`<input type="hidden" name="continue" value="/login?notice=signed_out">
<button class="button small plain" type="submit">${words.signOut}</button>`,
)}
${form(page, '/account/sign-out-everywhere', html`<button class="button small plain" type="submit">${words.signOutEverywhere}</button>`)}
</div>
</header>
${page.notice && html`<p class="notice above" role="status">${words.notices[page.notice]}</p>`}
${aboutCard(page)}
${account.identities.length + account.unconnected.length > 0 && identitiesCard(page)}
${sessionsCard(page)}
${appsCard(page)}
${user.hasPassword && passwordForm({ csrfToken: page.csrfToken, email: user.email ?? '', failures: page.failures ?? [], words: accountWords[language].password })}
<p class="foot">${domain.host}</p>`,
  });
};

const form = (
  { csrfToken }: AccountPage,
  action: string,
  inside: Html,
): Html => html`<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${csrfToken}">
${inside}
</form>`;

const fact = (label: string, value: Html | string): Html =>
  html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

const roleOf = (user: User, words: AccountWords['account']): string | undefined => {
  if (user.platformAdmin) return words.platformAdmin;
  if (user.sysAdmin) return words.domainAdmin;
  return user.support ? words.support : undefined;
};

const signedInThrough = (page: AccountPage): string => {
  const { account, session } = page;
  if (session.provider === 'internal') return wordsOf(page).throughPassword;
  const identity = account.identities.find(({ sourceId }) => sourceId === session.sourceId);
  return identity?.sourceName ?? wordsOf(page).throughGone;
};

const aboutCard = (page: AccountPage): Html => {
  const { user } = page.account;
  const words = wordsOf(page);
  const role = roleOf(user, words);
  return html`<section class="card" aria-labelledby="about">
<h2 id="about">${words.about}</h2>
<dl class="facts">
${fact(words.name, user.name || '–')}
${fact(words.email, user.email ?? '–')}
${role && fact(words.role, role)}
${user.groups.length > 0 && fact(words.groups, user.groups.join(', '))}
${fact(words.through, signedInThrough(page))}
${fact(words.since, timeOf(page.session.authenticatedAt, page.language))}
${fact(words.accountId, html`<code>${user.id}</code>`)}
</dl>
</section>`;
};

const identitiesCard = (page: AccountPage): Html => html`<section class="card" aria-labelledby="identities">
<h2 id="identities">${wordsOf(page).identities}</h2>
${page.account.identities.length === 0 && html`<p class="quiet">${wordsOf(page).passwordOnly}</p>`}
${page.account.identities.map((identity) => identityBlock(page, identity))}
${page.account.unconnected.map(({ id, name }) =>
  form(
    page,
    '/auth/identities/link',
    html`<input type="hidden" name="id" value="${id}">
<button class="button small plain" type="submit">${wordsOf(page).connect(name)}</button>`,
  ),
)}
</section>`;

/** The last way to sign in stays (S-38); the server refuses it, too. */
const canDisconnect = ({ user, identities }: Account): boolean => user.hasPassword || identities.length > 1;

const identityBlock = (page: AccountPage, identity: LinkedIdentity): Html => {
  const { account, now, language } = page;
  const words = wordsOf(page);
  const mapped = mappedFieldsOf(account.user, identity, accountWords[language].fields);
  return html`<div class="identity">
<h3>${identity.sourceName}${!identity.sourceEnabled && html` <span class="tag bad">${words.switchedOff}</span>`}</h3>
<p class="quiet">${words.connected} ${timeOf(identity.createdAt, language)}${identity.lastSignInAt && html`, ${words.lastUsed} ${distance(identity.lastSignInAt, now, language)}`}. ${words.toldAboutYou}</p>
<dl class="facts">
${mapped.map(({ label, value, from }) => fact(label, html`${value} <span class="from">${words.from} <code>${from}</code></span>`))}
</dl>
${grantBlock(page, identity)}
${
  canDisconnect(account) &&
  form(
    page,
    '/auth/identities/unlink',
    html`<input type="hidden" name="identity" value="${identityRef(identity)}">
<button class="button small plain" type="submit">${words.disconnectOne(identity.sourceName)}</button>`,
  )
}
</div>`;
};

const grantBlock = (page: AccountPage, { sourceName, grant }: LinkedIdentity): Html => {
  const words = wordsOf(page);
  if (!grant) return html`<p class="quiet">${words.noToken(sourceName)}</p>`;
  return html`<dl class="facts">
${fact(
  words.mayAct,
  grant.scopes.length > 0
    ? html`<ul class="scopes">${grant.scopes.map((scope) => html`<li>${scope}</li>`)}</ul>`
    : words.noScopes,
)}
${fact(words.tokenLives, tokenLife(page, grant))}
</dl>`;
};

const tokenLife = (page: AccountPage, grant: NonNullable<LinkedIdentity['grant']>): Html => {
  const { language, now } = page;
  const words = wordsOf(page);
  if (grant.needsConsent) {
    return html`<span class="tag bad">${words.refused}</span> ${words.signInAgain}`;
  }
  if (!grant.expiresAt) return html`${words.withoutEnd}`;
  const end = timeOf(grant.expiresAt, language);
  if (grant.expiresAt <= now) {
    return html`${words.ended} ${end}${grant.renews ? words.renewed : words.signInToRenew}`;
  }
  return html`${words.until} ${end} (${distance(grant.expiresAt, now, language)})${grant.renews && words.renewed}`;
};

const thisFirst = ({ account, session: { publicId } }: AccountPage): Session[] => [
  ...account.sessions.filter((each) => each.publicId === publicId),
  ...account.sessions.filter((each) => each.publicId !== publicId),
];

const sessionsCard = (page: AccountPage): Html => {
  const words = wordsOf(page);
  const { language, now } = page;
  return html`<section class="card" aria-labelledby="sessions">
<h2 id="sessions">${words.sessions}</h2>
<ul class="entries">
${thisFirst(page).map((session) => {
  const isThis = session.publicId === page.session.publicId;
  const browser = describeBrowser(session.userAgent, accountWords[language].browsers);
  return html`<li>
<div class="entry">
<p>${browser}${isThis && html` <span class="tag">${words.thisBrowser}</span>`}</p>
<p class="quiet">${session.ip ?? words.unknownAddress} · ${words.sinceTime} ${timeOf(session.createdAt, language)} · ${words.lastSeen} ${distance(session.lastSeenAt, now, language)}</p>
</div>
${
  !isThis &&
  form(
    page,
    '/account/sessions/end',
    html`<input type="hidden" name="session" value="${session.publicId}">
<button class="button small plain" type="submit" aria-label="${words.signOutOf(`${browser}, ${session.ip ?? words.unknownAddress}`)}">${words.signOut}</button>`,
  )
}
</li>`;
})}
</ul>
</section>`;
};

const appsCard = (page: AccountPage): Html => {
  const words = wordsOf(page);
  return html`<section class="card" aria-labelledby="apps">
<h2 id="apps">${words.apps}</h2>
${page.account.apps.length === 0 && html`<p class="quiet">${words.noApps}</p>`}
${
  page.account.apps.length > 0 &&
  html`<ul class="entries">
${page.account.apps.map(
  (app) => html`<li>
<div class="entry">
<p>${app.name}</p>
<p class="quiet">${words.sinceTime} ${timeOf(app.since, page.language)}</p>
<ul class="scopes">${app.scopes.map((scope) => html`<li>${scope}</li>`)}</ul>
</div>
${form(
  page,
  '/account/apps/disconnect',
  html`<input type="hidden" name="application" value="${app.applicationId}">
<button class="button small plain" type="submit" aria-label="${words.disconnectOne(app.name)}">${words.disconnect}</button>`,
)}
</li>`,
)}
</ul>`
}
</section>`;
};
