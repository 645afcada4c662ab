import { type Html, html } from '#base/http/html.ts';
import type { FieldFailure } from '#base/lib/errors.ts';

export interface PasswordForm {
  csrfToken: string;
  /** For password managers, which store a password under a name. */
  email: string;
  failures: readonly FieldFailure[];
}

/** The account page's form for a new local password. */
export const passwordForm = ({ csrfToken, email, failures }: PasswordForm): Html => {
  const field = (name: string, label: string, autocomplete: string, hint?: string): Html => {
    const failure = failures.find((each) => each.field === name);
    const described = [failure && `${name}-problem`, hint && `${name}-hint`].filter(Boolean).join(' ');
    return html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="password" autocomplete="${autocomplete}" maxlength="256" required${failure && html` aria-invalid="true" autofocus`}${described && html` aria-describedby="${described}"`}>
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
${failure && html`<p class="problem" id="${name}-problem">${label} ${failure.reason}.</p>`}
</div>`;
  };
  return html`<section class="card" aria-labelledby="password-heading" id="password-card">
<h2 id="password-heading">Change your password</h2>
${failures.length > 0 && html`<p class="notice bad" role="alert">Your password is not changed. Please look at the marked field.</p>`}
<form class="columns" method="post" action="/account/password">
<input type="hidden" name="csrf" value="${csrfToken}">
<input type="text" name="username" value="${email}" autocomplete="username" hidden>
${field('current_password', 'Current password', 'current-password')}
${field('password', 'New password', 'new-password', 'At least 8 characters. Other browsers and apps are signed out.')}
${field('password_again', 'New password, again', 'new-password')}
<button class="button" type="submit">Change password</button>
</form>
</section>`;
};
