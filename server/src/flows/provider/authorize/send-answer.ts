/** @module The answer of the authorization endpoint on its way to the application, with `state` and `iss` (RFC 9207). */
import type { FastifyReply } from 'fastify';
import { html } from '#base/http/html.ts';
import { randomToken } from '#base/lib/ids.ts';
import type { AnswerTarget } from './read-authorization-request.ts';

/** `%20`, never `+`: clients split on `=` and do not decode `+` (contract §1.10). */
const encode = (params: Record<string, string>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');

export const sendAnswer = (
  reply: FastifyReply,
  issuer: string,
  { redirectUri, responseMode, state }: AnswerTarget,
  answer: Record<string, string>,
): FastifyReply => {
  const params = { ...answer, ...(state !== undefined && { state }), iss: issuer };
  reply.header('cache-control', 'no-store');
  if (responseMode === 'form_post') return sendForm(reply, redirectUri, params);
  const separator = responseMode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?';
  return reply.redirect(`${redirectUri}${separator}${encode(params)}`, 302);
};

/**
 * A page that posts itself. Its policy names no form target: applications may redirect on from their callback, and
 * browsers would hold that against this page.
 * @see OAuth 2.0 Form Post Response Mode §2 (S-74)
 */
const sendForm = (reply: FastifyReply, redirectUri: string, params: Record<string, string>): FastifyReply => {
  const nonce = randomToken(16);
  const fields = Object.entries(params).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  );
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header(
      'content-security-policy',
      `default-src 'none'; script-src 'nonce-${nonce}'; frame-ancestors 'self'; base-uri 'none'`,
    )
    .send(
      html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Back to the application</title></head>
<body>
<form method="post" action="${redirectUri}">
${fields}<noscript><button type="submit">Continue</button></noscript>
</form>
<script nonce="${nonce}">document.forms[0].submit()</script>
</body>
</html>
`.text,
    );
};
