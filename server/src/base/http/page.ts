/**
 * @module The frame of Foyer's own pages (sign-in, failure, account, set-up): no script, no foreign origin, one
 * stylesheet of ours, so the strictest policy fits (S-142).
 */
import type { FastifyReply } from 'fastify';
import { type Html, html } from './html.ts';

export interface Page {
  title: string;
  body: Html;
  status?: number;
  /** Origins that a form on this page may post or redirect to, besides our own. */
  formTargets?: readonly string[];
}

export const stylesheetPath = '/auth/assets/foyer.css';

export const sendPage = (reply: FastifyReply, page: Page): FastifyReply => {
  const formAction = ["'self'", ...(page.formTargets ?? [])].join(' ');
  return reply
    .code(page.status ?? 200)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; img-src 'self' data:; form-action ${formAction}; ` +
        "frame-ancestors 'none'; base-uri 'none'",
    )
    .send(
      html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<link rel="stylesheet" href="${stylesheetPath}">
</head>
<body>
<main>
${page.body}
</main>
</body>
</html>
`.text,
    );
};
