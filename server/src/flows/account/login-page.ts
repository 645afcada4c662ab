/** The page `/login`: every way to sign in to the domain. It works without scripts. */
import type { FastifyReply } from 'fastify';
import { type Html, html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import { type ErrorCode, errorTable } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignInChoice } from '#model/sources/list-sign-in-choices.ts';

export interface LoginPage {
  domain: Domain;
  choices: readonly SignInChoice[];
  /** Who is asked for a password, and whether at once. */
  passwordForm: 'for all' | 'for administrators' | 'behind a link' | 'none';
  /** Checked by `returnUrlOf`. */
  continueTo: string;
  csrfToken: string;
  status?: number;
  /** What the last try came to. */
  problem?: ErrorCode | undefined;
  notice?: 'signed_out' | 'signed_out_everywhere' | undefined;
  /** Kept over a failed try. */
  email?: string;
  /** The person that this browser is signed in as already. */
  signedInAs?: string | undefined;
  formTargets: readonly string[];
}

/** Codes that `/login?error=` may show; anything else shows nothing. */
const shownProblems: readonly ErrorCode[] = [
  'bad_credentials',
  'rate_limited',
  'account_disabled',
  'not_permitted',
  'not_provisioned',
  'flow_expired',
  'source_not_found',
  'source_unavailable',
  'csrf_refused',
  'login_required',
  'unavailable',
];

export const isShownProblem = (raw: string | undefined): raw is ErrorCode =>
  (shownProblems as readonly (string | undefined)[]).includes(raw);

const notices = {
  signed_out: 'You are signed out.',
  signed_out_everywhere: 'You are signed out everywhere.',
};

export const sendLoginPage = (reply: FastifyReply, page: LoginPage): FastifyReply => {
  const { domain, choices, problem, passwordForm } = page;
  const showsForm = passwordForm === 'for all' || passwordForm === 'for administrators';
  const title = `Sign in to ${domain.name}`;
  return sendPage(reply, {
    status: page.status ?? 200,
    title: problem === undefined ? title : `Not signed in – ${title}`,
    formTargets: page.formTargets,
    body: html`<section class="card">
<div class="lead">
<h1>${title}</h1>
<p class="quiet">${domain.host}</p>
</div>
${problem !== undefined && html`<p class="notice bad" role="alert" id="problem" data-code="${problem}">${errorTable[problem].sentence}</p>`}
${page.notice && html`<p class="notice" role="status">${notices[page.notice]}</p>`}
${page.signedInAs !== undefined && html`<p class="notice info">You are signed in as ${page.signedInAs}. <a class="whole" href="${page.continueTo}">Go on</a></p>`}
${choices.length > 0 && renderChoices(choices, page.continueTo)}
${choices.length === 0 && passwordForm !== 'for all' && html`<p>Nobody can sign in here yet: no way to sign in is set up for this domain.</p>`}
${choices.length > 0 && showsForm && html`<p class="or">${passwordForm === 'for all' ? 'or with a password' : 'or as an administrator'}</p>`}
${showsForm && renderForm(page)}
${passwordForm === 'behind a link' && renderLocalLink(page.continueTo)}
</section>`,
  });
};

const renderChoices = (
  choices: readonly SignInChoice[],
  continueTo: string,
): Html => html`<ul class="choices">
${choices.map(({ id, name, provider }) => {
  const query = new URLSearchParams({ provider, id, ...(continueTo !== '/' && { continue: continueTo }) });
  return html`<li><a class="button" href="/auth/login?${query.toString()}">Continue with ${name}</a></li>`;
})}
</ul>`;

const renderLocalLink = (continueTo: string): Html => {
  const query = new URLSearchParams({ local: '1', ...(continueTo !== '/' && { continue: continueTo }) });
  return html`<p class="quiet"><a href="/login?${query.toString()}">Administrators: sign in with a local password</a></p>`;
};

const renderForm = ({ choices, csrfToken, continueTo, email = '', problem }: LoginPage): Html => {
  const invalid = problem === 'bad_credentials';
  const described = invalid && html` aria-invalid="true" aria-describedby="problem"`;
  // The first thing to do on the page gets the focus, unless other ways to sign in come before it.
  const focusEmail = choices.length === 0 && email === '' && html` autofocus`;
  const focusPassword = email !== '' && html` autofocus`;
  return html`<form method="post" action="/auth/signin">
<input type="hidden" name="csrf" value="${csrfToken}">
<input type="hidden" name="continue" value="${continueTo}">
<div class="field">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="254" required value="${email}"${described}${focusEmail}>
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required${described}${focusPassword}>
</div>
<button class="button${choices.length > 0 && ' plain'}" type="submit">Sign in</button>
</form>`;
};
