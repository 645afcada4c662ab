import type { FastifyReply } from 'fastify';
import { type Html, html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import type { FieldFailure } from '#base/lib/errors.ts';
import type { RawSetUp } from './set-up.ts';

export type SetUpValues = Omit<RawSetUp, 'password' | 'passwordAgain'>;

interface Field {
  name: string;
  label: string;
  value?: string;
  type?: 'text' | 'email' | 'password';
  autocomplete: string;
  hint?: string;
  maxLength: number;
}

export const sendSetUpPage = (
  reply: FastifyReply,
  values: SetUpValues,
  failures: readonly FieldFailure[] = [],
): FastifyReply => {
  const fields = fieldsOf(values).map((field) =>
    renderField(
      field,
      failures.find((each) => each.field === field.name),
      field.name === failures[0]?.field,
    ),
  );
  return sendPage(reply, {
    status: failures.length > 0 ? 422 : 200,
    title: 'Set up Foyer',
    body: html`<section class="card">
<div class="lead">
<h1>Set up Foyer</h1>
<p class="quiet">Create the first domain and the person who administers this server. More of both can follow.</p>
</div>
${failures.length > 0 && html`<p class="notice bad" role="alert">Some fields are not valid. Nothing was created yet.</p>`}
<form method="post" action="/setup">
<input type="hidden" name="token" value="${values.token}">
${fields}
<button class="button" type="submit">Finish set-up</button>
</form>
</section>`,
  });
};

const fieldsOf = ({ host, domainName, name, email }: SetUpValues): Field[] => [
  {
    name: 'host',
    label: 'Host name of the domain',
    value: host,
    autocomplete: 'off',
    hint: 'What people type into the browser, without https:// and port.',
    maxLength: 253,
  },
  {
    name: 'domain_name',
    label: 'Name of the domain',
    value: domainName,
    autocomplete: 'organization',
    hint: 'Shown on the sign-in page, for example your organisation.',
    maxLength: 200,
  },
  { name: 'name', label: 'Your name', value: name, autocomplete: 'name', maxLength: 200 },
  {
    name: 'email',
    label: 'Your e-mail',
    value: email,
    type: 'email',
    autocomplete: 'username',
    maxLength: 254,
  },
  {
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'new-password',
    hint: 'At least 8 characters; longer is better than complicated.',
    maxLength: 256,
  },
  {
    name: 'password_again',
    label: 'Password, again',
    type: 'password',
    autocomplete: 'new-password',
    maxLength: 256,
  },
];

const renderField = (field: Field, failure: FieldFailure | undefined, focus: boolean): Html => {
  const { name, label, type = 'text' } = field;
  const described = [failure && `${name}-problem`, field.hint && `${name}-hint`].filter(Boolean).join(' ');
  return html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${field.value ?? ''}" autocomplete="${field.autocomplete}" maxlength="${field.maxLength}" required${failure && html` aria-invalid="true"`}${focus && html` autofocus`}${described && html` aria-describedby="${described}"`}>
${field.hint && html`<p class="hint" id="${name}-hint">${field.hint}</p>`}
${failure && html`<p class="problem" id="${name}-problem">${label} ${failure.reason}.</p>`}
</div>`;
};

/** The new domain has another host than this page, so nobody could be signed in there from here. */
export const sendSetUpDonePage = (
  reply: FastifyReply,
  domain: { name: string; url: string; consoleUrl: string },
): FastifyReply =>
  sendPage(reply, {
    title: 'Foyer is set up',
    body: html`<section class="card">
<h1>Foyer is set up</h1>
<p>${domain.name} is ready at <code>${domain.url}</code>. Sign in there with your e-mail and password.</p>
<p><a class="button" href="${domain.consoleUrl}">Go to the console</a></p>
</section>`,
  });
