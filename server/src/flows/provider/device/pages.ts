import { type Html, html } from '#base/http/html.ts';
import { scopeList } from '../authorize/consent-page.ts';
import type { ProviderWords } from '../words.ts';

const action = '/auth/device';

export const codePage = ({
  words,
  ...page
}: {
  words: ProviderWords;
  csrfToken: string;
  userCode: string;
  problem?: string;
}): Html => html`<section class="card">
<h1>${words.device.title}</h1>
<p>${words.device.enterCode}</p>
${page.problem && html`<p class="notice bad" role="alert">${page.problem}</p>`}
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${page.csrfToken}">
<div class="field">
<label for="user_code">${words.device.code}</label>
<input id="user_code" name="user_code" value="${page.userCode}" autocomplete="off" autocapitalize="characters" spellcheck="false" required>
</div>
<button class="button" type="submit">${words.device.go}</button>
</form>
</section>`;

export const confirmPage = ({
  words,
  ...page
}: {
  words: ProviderWords;
  csrfToken: string;
  userCode: string;
  applicationName: string;
  domainName: string;
  userName: string;
  scopes: readonly string[];
}): Html => html`<section class="card">
<h1>${words.allow(page.applicationName)}</h1>
<p>${words.device.shows} <strong class="whole">${page.userCode}</strong></p>
<p>${words.asks(page.applicationName, page.userName, page.domainName)}</p>
${scopeList(page.scopes, words)}
<p>${words.device.inFront}</p>
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${page.csrfToken}">
<input type="hidden" name="user_code" value="${page.userCode}">
<button class="button" type="submit" name="decision" value="allow">${words.yes}</button>
<button type="submit" name="decision" value="deny">${words.no}</button>
</form>
</section>`;

export const donePage = (allowed: boolean, { device }: ProviderWords): Html => html`<section class="card">
<h1>${allowed ? device.connected : device.refused}</h1>
<p>${device.close}</p>
</section>`;
