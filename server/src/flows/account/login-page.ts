/** The page `/login`: every way to sign in to the domain. It works without scripts. */
import type { FastifyReply } from 'fastify';
import { type Html, html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import { sentenceOf } from '#base/lib/error-sentences.ts';
import type { ErrorCode } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignInChoice } from '#model/sources/list-sign-in-choices.ts';
import { type AccountWords, accountWords } from './words.ts';

export interface LoginPage {
  language: Language;
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

type LoginWords = AccountWords['login'];

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

export const sendLoginPage = (reply: FastifyReply, page: LoginPage): FastifyReply => {
  const { domain, choices, problem, passwordForm, language } = page;
  const words = accountWords[language].login;
  const showsForm = passwordForm === 'for all' || passwordForm === 'for administrators';
  const title = words.title(domain.name);
  return sendPage(reply, {
    status: page.status ?? 200,
    language,
    title: problem === undefined ? title : words.notSignedIn(title),
    formTargets: page.formTargets,
    body: html`<section class="card">
<div class="lead">
<h1>${title}</h1>
<p class="quiet">${domain.host}</p>
</div>
${problem !== undefined && html`<p class="notice bad" role="alert" id="problem" data-code="${problem}">${sentenceOf(problem, language)}</p>`}
${page.notice && html`<p class="notice" role="status">${words.notices[page.notice]}</p>`}
${page.signedInAs !== undefined && html`<p class="notice info">${words.signedInAs(page.signedInAs)} <a class="whole" href="${page.continueTo}">${words.goOn}</a></p>`}
${choices.length > 0 && renderChoices(choices, page.continueTo, words)}
${choices.length === 0 && passwordForm !== 'for all' && html`<p>${words.nothingSetUp}</p>`}
${choices.length > 0 && showsForm && html`<p class="or">${passwordForm === 'for all' ? words.orPassword : words.orAdministrator}</p>`}
${showsForm && renderForm(page, words)}
${passwordForm === 'behind a link' && renderLocalLink(page.continueTo, words)}
</section>`,
  });
};

const renderChoices = (
  choices: readonly SignInChoice[],
  continueTo: string,
  words: LoginWords,
): Html => html`<ul class="choices">
${choices.map(({ id, name, provider }) => {
  const query = new URLSearchParams({ provider, id, ...(continueTo !== '/' && { continue: continueTo }) });
  return html`<li><a class="button" href="/auth/login?${query.toString()}">${words.choose(name)}</a></li>`;
})}
</ul>`;

const renderLocalLink = (continueTo: string, words: LoginWords): Html => {
  const query = new URLSearchParams({ local: '1', ...(continueTo !== '/' && { continue: continueTo }) });
  return html`<p class="quiet"><a href="/login?${query.toString()}">${words.localPassword}</a></p>`;
};

const renderForm = (
  { choices, csrfToken, continueTo, email = '', problem }: LoginPage,
  words: LoginWords,
): Html => {
  const invalid = problem === 'bad_credentials';
  const described = invalid && html` aria-invalid="true" aria-describedby="problem"`;
  // The first thing to do on the page gets the focus, unless other ways to sign in come before it.
  const focusEmail = choices.length === 0 && email === '' && html` autofocus`;
  const focusPassword = email !== '' && html` autofocus`;
  return html`<form method="post" action="/auth/signin">
<input type="hidden" name="csrf" value="${csrfToken}">
<input type="hidden" name="continue" value="${continueTo}">
<div class="field">
<label for="email">${words.email}</label>
<input id="email" name="email" type="email" autocomplete="username" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="254" required value="${email}"${described}${focusEmail}>
</div>
<div class="field">
<label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required${described}${focusPassword}>
</div>
<button class="button${choices.length > 0 && ' plain'}" type="submit">${words.signIn}</button>
</form>`;
};
