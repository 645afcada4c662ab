/**
 * @module The frame of Foyer's own pages (sign-in, failure, account, set-up): no script but those that tell the
 * console of a dry run or a consent, no foreign origin, one stylesheet of ours, so the strictest policy fits (S-142).
 */
import type { FastifyReply } from 'fastify';
import type { Language } from '#base/lib/language.ts';
import { icon, stylesheetPath } from './assets.ts';
import { type Html, html } from './html.ts';

export interface Page {
  title: string;
  body: Html;
  /** English when absent. */
  language?: Language;
  status?: number;
  /** `narrow` (default) for one card in the middle, `wide` for pages to read. */
  width?: 'narrow' | 'wide';
  /** Origins that a form on this page may post or redirect to, besides our own. */
  formTargets?: readonly string[];
  /** Path of a script of ours. Its page keeps the tie to the window that opened it, and may be closed by it. */
  script?: string;
}

const iconUrl = `data:image/svg+xml,${encodeURIComponent(icon)}`;

export const sendPage = (reply: FastifyReply, page: Page): FastifyReply => {
  const formAction = ["'self'", ...(page.formTargets ?? [])].join(' ');
  return reply
    .code(page.status ?? 200)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('cross-origin-opener-policy', page.script ? 'unsafe-none' : 'same-origin')
    .header(
      'content-security-policy',
      `default-src 'none'; ${page.script ? "script-src 'self'; " : ''}style-src 'self'; img-src 'self' data:; form-action ${formAction}; ` +
        "frame-ancestors 'none'; base-uri 'none'",
    )
    .header('x-frame-options', 'DENY')
    .send(renderPage(page).text);
};

// Under `no-referrer` browsers send `Origin: null` with a form; `same-origin` tells us, and nobody else, that the form
// was ours (S-84).
const renderPage = ({
  title,
  body,
  language = 'en',
  width = 'narrow',
  script,
}: Page): Html => html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<title>${title}</title>
<link rel="icon" href="${iconUrl}">
<link rel="stylesheet" href="${stylesheetPath}">
${script && html`<script src="${script}" defer></script>`}
</head>
<body class="${width}">
<main>
${body}
</main>
</body>
</html>
`;
