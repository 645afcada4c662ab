import { type Html, html } from '#base/http/html.ts';

export interface ConsentPage {
  applicationName: string;
  domainName: string;
  userName: string;
  scopes: readonly string[];
  csrfToken: string;
  /** The request's own query, to be checked anew with the answer. */
  query: string;
}

const meanings: Record<string, string> = {
  public: 'Use this service on your behalf',
  openid: 'Know who you are',
  profile: 'See your name',
  email: 'See your e-mail address',
  phone: 'See your phone number',
};

/** Words for a scope; `systems.read` and its like speak for themselves. */
export const meaningOf = (scope: string): string => {
  const [name = '', access] = scope.split('.');
  const known = meanings[scope];
  if (known) return known;
  const words = name.replaceAll(/[_-]/g, ' ');
  return access === 'read'
    ? `Read ${words}`
    : access === 'write'
      ? `Change ${words}`
      : `Read and change ${words}`;
};

export const scopeList = (scopes: readonly string[]): Html =>
  html`<ul>
${scopes.map((scope) => html`<li>${meaningOf(scope)} <span class="quiet">(${scope})</span></li>\n`)}</ul>`;

export const consentPage = (page: ConsentPage): Html => html`<section class="card">
<h1>Allow ${page.applicationName}?</h1>
<p>${page.applicationName} asks to act for you, ${page.userName}, at ${page.domainName}. It wants to:</p>
${scopeList(page.scopes)}
<form method="post" action="/auth/oauth/consent">
<input type="hidden" name="csrf" value="${page.csrfToken}">
<input type="hidden" name="request" value="${page.query}">
<button class="button" type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Do not allow</button>
</form>
<p class="quiet">You will not be asked again for the same things. You can take this back at any time on <a href="/account">your account page</a>.</p>
</section>`;
