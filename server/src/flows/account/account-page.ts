/** The page `/account`: who I am, how I sign in, where I am signed in, which apps act for me. */
import type { FastifyReply } from 'fastify';
import { type Html, html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import type { FieldFailure } from '#base/lib/errors.ts';
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

export interface AccountPage {
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

const notices = {
  password_changed: 'Your password is changed. You are signed out everywhere else.',
  session_ended: 'That session is signed out.',
  app_disconnected: 'The app can no longer act for you.',
};
export type Notice = keyof typeof notices;

export const isNotice = (raw: string | undefined): raw is Notice =>
  raw !== undefined && Object.hasOwn(notices, raw);

export const sendAccountPage = (reply: FastifyReply, page: AccountPage): FastifyReply => {
  const { account, domain } = page;
  const { user } = account;
  return sendPage(reply, {
    status: page.status ?? 200,
    title: `Your account – ${domain.name}`,
    width: 'wide',
    body: html`<header class="masthead">
<div class="lead">
<h1>${user.name || user.email || 'Your account'}</h1>
<p class="quiet">${user.email ? `${user.email} · ` : ''}${domain.name}</p>
</div>
<div class="actions">
${(user.sysAdmin || user.platformAdmin) && html`<a class="button small" href="${page.consolePath}">Open the console</a>`}
${form(
  page,
  '/auth/logout',
  html`<input type="hidden" name="continue" value="/login?notice=signed_out">
<button class="button small plain" type="submit">Sign out</button>`,
)}
${form(page, '/account/sign-out-everywhere', html`<button class="button small plain" type="submit">Sign out everywhere</button>`)}
</div>
</header>
${page.notice && html`<p class="notice above" role="status">${notices[page.notice]}</p>`}
${aboutCard(page)}
${account.identities.length + account.unconnected.length > 0 && identitiesCard(page)}
${sessionsCard(page)}
${appsCard(page)}
${user.hasPassword && passwordForm({ csrfToken: page.csrfToken, email: user.email ?? '', failures: page.failures ?? [] })}
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

const roleOf = (user: User): string | undefined => {
  if (user.platformAdmin) return 'Administrator of this server';
  if (user.sysAdmin) return 'Administrator of this domain';
  return user.support ? 'Support' : undefined;
};

const signedInThrough = ({ account, session }: AccountPage): string => {
  if (session.provider === 'internal') return 'Password';
  const identity = account.identities.find(({ sourceId }) => sourceId === session.sourceId);
  return identity?.sourceName ?? 'A source that is no longer connected';
};

const aboutCard = (page: AccountPage): Html => {
  const { user } = page.account;
  const role = roleOf(user);
  return html`<section class="card" aria-labelledby="about">
<h2 id="about">Who you are</h2>
<dl class="facts">
${fact('Name', user.name || '–')}
${fact('E-mail', user.email ?? '–')}
${role && fact('Role', role)}
${user.groups.length > 0 && fact('Groups', user.groups.join(', '))}
${fact('Signed in through', signedInThrough(page))}
${fact('Signed in since', timeOf(page.session.authenticatedAt))}
${fact('Account id', html`<code>${user.id}</code>`)}
</dl>
</section>`;
};

const identitiesCard = (page: AccountPage): Html => html`<section class="card" aria-labelledby="identities">
<h2 id="identities">How you sign in</h2>
${page.account.identities.length === 0 && html`<p class="quiet">With your password. You can connect another way to sign in:</p>`}
${page.account.identities.map((identity) => identityBlock(page, identity))}
${page.account.unconnected.map(({ id, name }) =>
  form(
    page,
    '/auth/identities/link',
    html`<input type="hidden" name="id" value="${id}">
<button class="button small plain" type="submit">Connect ${name}</button>`,
  ),
)}
</section>`;

/** The last way to sign in stays (S-38); the server refuses it, too. */
const canDisconnect = ({ user, identities }: Account): boolean => user.hasPassword || identities.length > 1;

const identityBlock = (page: AccountPage, identity: LinkedIdentity): Html => {
  const { account, now } = page;
  return html`<div class="identity">
<h3>${identity.sourceName}${!identity.sourceEnabled && html` <span class="tag bad">switched off</span>`}</h3>
<p class="quiet">Connected ${timeOf(identity.createdAt)}${identity.lastSignInAt && html`, last used ${distance(identity.lastSignInAt, now)}`}. What it told about you:</p>
<dl class="facts">
${mappedFieldsOf(account.user, identity).map(({ label, value, from }) => fact(label, html`${value} <span class="from">from <code>${from}</code></span>`))}
</dl>
${grantBlock(identity, now)}
${
  canDisconnect(account) &&
  form(
    page,
    '/auth/identities/unlink',
    html`<input type="hidden" name="identity" value="${identityRef(identity)}">
<button class="button small plain" type="submit">Disconnect ${identity.sourceName}</button>`,
  )
}
</div>`;
};

const grantBlock = ({ sourceName, grant }: LinkedIdentity, now: Date): Html => {
  if (!grant) return html`<p class="quiet">${sourceName} gave no token to act for you.</p>`;
  return html`<dl class="facts">
${fact(
  'May act for you',
  grant.scopes.length > 0
    ? html`<ul class="scopes">${grant.scopes.map((scope) => html`<li>${scope}</li>`)}</ul>`
    : 'no scopes named',
)}
${fact('Token lives', tokenLife(grant, now))}
</dl>`;
};

const tokenLife = (grant: NonNullable<LinkedIdentity['grant']>, now: Date): Html => {
  if (grant.needsConsent) {
    return html`<span class="tag bad">refused by the provider</span> Sign in again to renew it.`;
  }
  const renewal = grant.renews ? '; it is renewed when needed' : '';
  if (!grant.expiresAt) return html`without end`;
  if (grant.expiresAt <= now) {
    return html`ended ${timeOf(grant.expiresAt)}${grant.renews ? '; it is renewed when needed' : '; sign in again to renew it'}`;
  }
  return html`until ${timeOf(grant.expiresAt)} (${distance(grant.expiresAt, now)})${renewal}`;
};

const thisFirst = ({ account, session: { publicId } }: AccountPage): Session[] => [
  ...account.sessions.filter((each) => each.publicId === publicId),
  ...account.sessions.filter((each) => each.publicId !== publicId),
];

const sessionsCard = (page: AccountPage): Html => html`<section class="card" aria-labelledby="sessions">
<h2 id="sessions">Where you are signed in</h2>
<ul class="entries">
${thisFirst(page).map((session) => {
  const isThis = session.publicId === page.session.publicId;
  const browser = describeBrowser(session.userAgent);
  return html`<li>
<div class="entry">
<p>${browser}${isThis && html` <span class="tag">this browser</span>`}</p>
<p class="quiet">${session.ip ?? 'unknown address'} · since ${timeOf(session.createdAt)} · last seen ${distance(session.lastSeenAt, page.now)}</p>
</div>
${
  !isThis &&
  form(
    page,
    '/account/sessions/end',
    html`<input type="hidden" name="session" value="${session.publicId}">
<button class="button small plain" type="submit" aria-label="Sign out ${browser}, ${session.ip ?? 'unknown address'}">Sign out</button>`,
  )
}
</li>`;
})}
</ul>
</section>`;

const appsCard = (page: AccountPage): Html => html`<section class="card" aria-labelledby="apps">
<h2 id="apps">Connected apps</h2>
${page.account.apps.length === 0 && html`<p class="quiet">No app acts for you.</p>`}
${
  page.account.apps.length > 0 &&
  html`<ul class="entries">
${page.account.apps.map(
  (app) => html`<li>
<div class="entry">
<p>${app.name}</p>
<p class="quiet">since ${timeOf(app.since)}</p>
<ul class="scopes">${app.scopes.map((scope) => html`<li>${scope}</li>`)}</ul>
</div>
${form(
  page,
  '/account/apps/disconnect',
  html`<input type="hidden" name="application" value="${app.applicationId}">
<button class="button small plain" type="submit" aria-label="Disconnect ${app.name}">Disconnect</button>`,
)}
</li>`,
)}
</ul>`
}
</section>`;
