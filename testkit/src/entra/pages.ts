import type { Trace } from './aadsts.ts';
import { entraTimestamp } from './aadsts.ts';
import type { App, Person } from './directory.ts';

/** Text made safe for HTML, attribute values included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light dark; --page: #f2f2f2; --card: #fff; --ink: #1b1b1b; --soft: #595959; --line: #8a8a8a; --accent: #0067b8; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --page: #161616; --card: #262626; --ink: #f3f3f3; --soft: #bdbdbd; --line: #8a8a8a; --accent: #6cb8f6; --on: #10202c; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); color: var(--ink); font: 1rem/1.5 "Segoe UI", system-ui, sans-serif; }
main { width: min(28rem, 100%); background: var(--card); border-radius: .75rem; padding: 2rem; box-shadow: 0 2px 12px rgb(0 0 0 / .2); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } p { margin: .25rem 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
ul { list-style: none; margin: 0 0 1rem; padding: 0; display: grid; gap: .5rem; } .plain { list-style: disc; padding-left: 1.25rem; }
button { font: inherit; width: 100%; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: none; color: inherit; cursor: pointer; }
button:hover { border-color: var(--accent); } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.person { text-align: left; } .person small { display: block; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
.main { background: var(--accent); border-color: var(--accent); color: var(--on); } form { margin: 0 0 .75rem; }
input { font: inherit; width: 100%; padding: .5rem; margin: .25rem 0 .5rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); color: inherit; }
summary { cursor: pointer; padding: .5rem 0; } .note { font-size: .85rem; margin: 1rem 0 0; }
`;

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${content}
<p class="note">This is an emulated Microsoft for tests and demonstrations. It asks for no password.</p>
</main>
</body>
</html>
`;
}

/** The pages carry the sign-in that they belong to in a hidden field. */
export interface PageForm {
  action: string;
  ctx: string;
}

/** Beyond these, a person types the name, as on the real page. */
const shownAccounts = 100;

export function accountPage(
  form: PageForm,
  app: App,
  people: readonly Person[],
  hint: string | undefined,
): string {
  const accounts = people.slice(0, shownAccounts).map(
    (person) => `<li><button class="person" type="submit" name="account" value="${escapeHtml(person.oid)}">
<span>${escapeHtml(person.display_name)}</span> <small>${escapeHtml(person.email)}</small></button></li>`,
  );
  return page(
    'Pick an account',
    `<h1>Pick an account</h1>
<p>to continue to ${escapeHtml(app.name)}</p>
<form method="post" action="${escapeHtml(form.action)}">
<input type="hidden" name="ctx" value="${escapeHtml(form.ctx)}">
<ul>
${accounts.join('\n')}
</ul>
<button type="submit" name="cancel" value="1">Cancel</button>
</form>
<details${hint === undefined ? '' : ' open'}>
<summary>Use another account</summary>
<form method="post" action="${escapeHtml(form.action)}">
<input type="hidden" name="ctx" value="${escapeHtml(form.ctx)}">
<label for="loginfmt">Email, phone, or Skype</label>
<input id="loginfmt" name="loginfmt" type="text" autocomplete="username" value="${escapeHtml(hint ?? '')}" required>
<button class="main" type="submit">Next</button>
</form>
</details>`,
  );
}

export function consentPage(form: PageForm, app: App, person: Person, scopes: readonly string[]): string {
  return page(
    'Permissions requested',
    `<h1>Permissions requested</h1>
<p>${escapeHtml(person.email)}</p>
<p>${escapeHtml(app.name)} would like to:</p>
<ul class="plain">${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')}</ul>
<form method="post" action="${escapeHtml(form.action)}">
<input type="hidden" name="ctx" value="${escapeHtml(form.ctx)}">
<input type="hidden" name="account" value="${escapeHtml(person.oid)}">
<ul>
<li><button class="main" type="submit" name="accept" value="1">Accept</button></li>
<li><button type="submit" name="cancel" value="1">Cancel</button></li>
</ul>
</form>`,
  );
}

/** What a person sees when Entra does not send them back: the app never hears of it. */
export function errorPage(message: string, trace: Trace): string {
  return page(
    'Sign in to your account',
    `<h1>Sign in</h1>
<p>Sorry, but we’re having trouble signing you in.</p>
<p role="alert">${escapeHtml(message)}</p>
<p class="note">Request Id: ${trace.traceId}<br>Correlation Id: ${trace.correlationId}<br>Timestamp: ${entraTimestamp(trace.at)}</p>`,
  );
}

export function messagePage(title: string, text: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(text)}</p>`);
}

/** `response_mode=form_post`; the button is for browsers without JavaScript. */
export function formPostPage(redirectUri: string, fields: readonly (readonly [string, string])[]): string {
  const inputs = fields.map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Working...</title><link rel="icon" href="data:,"></head>
<body><form method="post" name="hiddenform" action="${escapeHtml(redirectUri)}">
${inputs.join('\n')}
<noscript><p>Script is disabled. Click Submit to continue.</p><button type="submit">Submit</button></noscript>
</form><script>document.forms[0].submit();</script></body></html>
`;
}
