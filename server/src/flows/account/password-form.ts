import { type Html, html } from '#base/http/html.ts';
import type { FieldFailure } from '#base/lib/errors.ts';
import type { AccountWords } from './words.ts';

export interface PasswordForm {
  csrfToken: string;
  /** For password managers, which store a password under a name. */
  email: string;
  failures: readonly FieldFailure[];
  words: AccountWords['password'];
}

/** The account page's form for a new local password. */
export const passwordForm = ({ csrfToken, email, failures, words }: PasswordForm): Html => {
  const field = (name: string, label: string, autocomplete: string, hint?: string): Html => {
    const failure = failures.find((each) => each.field === name);
    const described = [failure && `${name}-problem`, hint && `${name}-hint`].filter(Boolean).join(' ');
    return html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="password" autocomplete="${autocomplete}" maxlength="256" required${failure && html` aria-invalid="true" autofocus`}${described && html` aria-describedby="${described}"`}>
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
${failure && html`<p class="problem" id="${name}-problem">${label} ${words.reason(failure.reason)}.</p>`}
</div>`;
  };
  return html`<section class="card" aria-labelledby="password-heading" id="password-card">
<h2 id="password-heading">${words.heading}</h2>
${failures.length > 0 && html`<p class="notice bad" role="alert">${words.notChanged}</p>`}
<form class="columns" method="post" action="/account/password">
<input type="hidden" name="csrf" value="${csrfToken}">
<input type="text" name="username" value="${email}" autocomplete="username" hidden>
${field('current_password', words.current, 'current-password')}
${field('password', words.next, 'new-password', words.hint)}
${field('password_again', words.again, 'new-password')}
<button class="button" type="submit">${words.change}</button>
</form>
</section>`;
};
