import { type Html, html } from '#base/http/html.ts';
import { scopeList } from '../authorize/consent-page.ts';

const action = '/auth/device';

export const codePage = (page: {
  csrfToken: string;
  userCode: string;
  problem?: string;
}): Html => html`<section class="card">
<h1>Connect a device</h1>
<p>Enter the code that the device shows.</p>
${page.problem && html`<p class="notice bad" role="alert">${page.problem}</p>`}
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${page.csrfToken}">
<div class="field">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" value="${page.userCode}" autocomplete="off" autocapitalize="characters" spellcheck="false" required>
</div>
<button class="button" type="submit">Continue</button>
</form>
</section>`;

export const confirmPage = (page: {
  csrfToken: string;
  userCode: string;
  applicationName: string;
  domainName: string;
  userName: string;
  scopes: readonly string[];
}): Html => html`<section class="card">
<h1>Allow ${page.applicationName}?</h1>
<p>A device that shows the code <strong class="whole">${page.userCode}</strong> asks to act for you, ${page.userName}, at ${page.domainName}. It wants to:</p>
${scopeList(page.scopes)}
<p>Go on only if you have this device in front of you.</p>
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${page.csrfToken}">
<input type="hidden" name="user_code" value="${page.userCode}">
<button class="button" type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Do not allow</button>
</form>
</section>`;

export const donePage = (allowed: boolean): Html => html`<section class="card">
<h1>${allowed ? 'The device is connected' : 'The device was refused'}</h1>
<p>You can close this page.</p>
</section>`;
