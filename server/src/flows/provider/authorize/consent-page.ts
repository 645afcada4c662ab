import { type Html, html } from '#base/http/html.ts';
import type { ProviderWords } from '../words.ts';

export interface ConsentPage {
  words: ProviderWords;
  applicationName: string;
  domainName: string;
  userName: string;
  scopes: readonly string[];
  csrfToken: string;
  /** The request's own query, to be checked anew with the answer. */
  query: string;
}

/** Words for a scope; `systems.read` and its like speak for themselves. */
const meaningOf = (scope: string, words: ProviderWords): string => {
  const [name = '', access] = scope.split('.');
  const known = Object.hasOwn(words.scopes, scope) ? words.scopes[scope] : undefined;
  if (known !== undefined) return known;
  const what = name.replaceAll(/[_-]/g, ' ');
  if (access === 'read') return words.read(what);
  return access === 'write' ? words.change(what) : words.readAndChange(what);
};

export const scopeList = (scopes: readonly string[], words: ProviderWords): Html =>
  html`<ul>
${scopes.map((scope) => html`<li>${meaningOf(scope, words)} <span class="quiet">(${scope})</span></li>\n`)}</ul>`;

export const consentPage = ({ words, ...page }: ConsentPage): Html => html`<section class="card">
<h1>${words.allow(page.applicationName)}</h1>
<p>${words.asks(page.applicationName, page.userName, page.domainName)}</p>
${scopeList(page.scopes, words)}
<form method="post" action="/auth/oauth/consent">
<input type="hidden" name="csrf" value="${page.csrfToken}">
<input type="hidden" name="request" value="${page.query}">
<button class="button" type="submit" name="decision" value="allow">${words.yes}</button>
<button type="submit" name="decision" value="deny">${words.no}</button>
</form>
<p class="quiet">${words.notAgain} <a href="/account">${words.accountPage}</a>.</p>
</section>`;
