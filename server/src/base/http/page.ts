/**
 * @module The frame of Foyer's own pages (sign-in, failure, account, set-up): no script, no foreign origin, one
 * stylesheet of ours, so the strictest policy fits (S-142).
 */
import type { FastifyReply } from 'fastify';
import { stylesheetPath } from './assets.ts';
import { type Html, html } from './html.ts';

export interface Page {
  title: string;
  body: Html;
  status?: number;
  /** `narrow` (default) for one card in the middle, `wide` for pages to read. */
  width?: 'narrow' | 'wide';
  /** Origins that a form on this page may post or redirect to, besides our own. */
  formTargets?: readonly string[];
}

const icon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Crect width=%2216%22 ' +
  'height=%2216%22 rx=%224%22 fill=%22%232457c5%22/%3E%3Cpath d=%22M5 13V6a3 3 0 0 1 6 0v7%22 fill=%22none%22 ' +
  'stroke=%22white%22 stroke-width=%221.6%22/%3E%3C/svg%3E';

export const sendPage = (reply: FastifyReply, page: Page): FastifyReply => {
  const formAction = ["'self'", ...(page.formTargets ?? [])].join(' ');
  return reply
    .code(page.status ?? 200)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('cross-origin-opener-policy', 'same-origin')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; img-src 'self' data:; form-action ${formAction}; ` +
        "frame-ancestors 'none'; base-uri 'none'",
    )
    .header('x-frame-options', 'DENY')
    .send(renderPage(page).text);
};

// Under `no-referrer` browsers send `Origin: null` with a form; `same-origin` tells us, and nobody else, that the form
// was ours (S-84).
const renderPage = ({ title, body, width = 'narrow' }: Page): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<title>${title}</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${stylesheetPath}">
</head>
<body class="${width}">
<main>
${body}
</main>
</body>
</html>
`;
