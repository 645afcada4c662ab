/**
 * @module The only place that answers an error. A route says in its config which of three readers it has:
 * `browser` (a page), `oauth` (RFC 6749 §5.2 JSON) or `api` (the engine API's shapes). Each answer carries the
 * request id; causes and details go to the log alone.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sentenceOf } from '#base/lib/error-sentences.ts';
import { type ErrorCode, errorTable, FoyerError } from '#base/lib/errors.ts';
import { collectAllowedMethods } from './allowed-methods.ts';
import { errorPageWords } from './error-page-words.ts';
import { html } from './html.ts';
import { sendPage } from './page.ts';
import { pageLanguageOf } from './page-language.ts';

export type ErrorReader = 'browser' | 'oauth' | 'api';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who reads this route's errors; `api` when absent. */
    errors?: ErrorReader;
    /** False for routes that answer without a domain (health). */
    domain?: false;
  }
}

/** Codes of Fastify's own refusals, said in ours. */
const codeByStatus: Record<number, ErrorCode> = {
  400: 'bad_request',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

export const toFoyerError = (error: unknown): FoyerError => {
  if (error instanceof FoyerError) return error;
  const { statusCode, code, message } = error as Partial<FastifyError>;
  if (code?.startsWith('FST_') && statusCode && codeByStatus[statusCode]) {
    // This message quotes the address, and a query string belongs in no log (S-140).
    if (code === 'FST_ERR_BAD_URL') return new FoyerError('bad_request', { detail: 'malformed address' });
    return new FoyerError(codeByStatus[statusCode], { cause: error, detail: message ?? '' });
  }
  if (isDatabaseDown(error)) return new FoyerError('unavailable', { cause: error, retryAfterSeconds: 2 });
  return new FoyerError('internal', { cause: error });
};

/** Connection failures and server shutdowns of PostgreSQL (SQLSTATE classes 08, 53, 57P) ask for a retry, not a 500. */
const isDatabaseDown = (error: unknown): boolean => {
  const { code, message } = error as { code?: string; message?: string };
  if (typeof code === 'string' && /^(08|53|57P)/.test(code)) return true;
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE' || code === '25006') return true;
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i.test(
    message ?? '',
  );
};

export const installErrorHandler = (app: FastifyInstance): void => {
  const methodsOf = collectAllowedMethods(app);
  app.setErrorHandler((raw, request, reply) => sendError(toFoyerError(raw), request, reply));
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(request.url.split('?', 1)[0] as string);
    if (methods.length > 0 && !methods.includes(request.method)) {
      reply.header('allow', methods.join(', '));
      return sendError(new FoyerError('method_not_allowed'), request, reply);
    }
    // PlaceOS answers unknown paths under /auth with an empty 404.
    if (request.url.startsWith('/auth/')) return reply.code(404).send();
    if (!request.url.startsWith('/api/') && acceptsPage(request)) {
      return sendErrorPage(new FoyerError('not_found'), request, reply);
    }
    return sendError(new FoyerError('not_found'), request, reply);
  });
};

/** What the router refuses before there is a route (an address that cannot be decoded). No hook runs for these. */
export const sendFrameworkError = (raw: Error, request: FastifyRequest, reply: FastifyReply): void => {
  reply.header('x-content-type-options', 'nosniff').header('x-request-id', request.id);
  sendError(toFoyerError(raw), request, reply);
};

export const sendError = (error: FoyerError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const { status, sentence, oauth } = errorTable[error.code];
  if (status >= 500) request.log.error({ err: error, code: error.code }, sentence);
  else request.log.info({ code: error.code, detail: error.detail }, 'refused');
  reply.header('cache-control', 'no-store');
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  const reader = request.routeOptions.config?.errors ?? 'api';
  if (reader === 'oauth') return sendOauthError(error, oauth ?? 'invalid_request', reply);
  if (reader === 'browser' && !acceptsOnlyJson(request)) return sendErrorPage(error, request, reply);
  if (reader === 'browser') {
    const incident = error.page?.incident;
    return reply
      .code(status)
      .send({ error: error.code, request_id: request.id, ...(incident && { incident }) });
  }
  return sendApiError(error, request, reply);
};

const acceptsPage = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '').includes('text/html');

const acceptsOnlyJson = (request: FastifyRequest): boolean => {
  const accept = request.headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
};

const sendErrorPage = (error: FoyerError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const language = pageLanguageOf(request);
  const words = errorPageWords[language];
  const sentence = sentenceOf(error.code, language);
  const deadEnd = words.deadEnds[error.code];
  const { advice = deadEnd, incident, next } = error.page ?? {};
  const { href, label } = next ?? { href: '/login', label: words.goToSignIn };
  return sendPage(reply, {
    status: error.status,
    language,
    title: sentence,
    body: html`<section class="card">
<h1>${sentence}</h1>
${advice && html`<p>${advice}</p>`}
${!deadEnd && html`<p><a class="button" href="${href}">${label}</a></p>`}
${incident && html`<p class="quiet">${words.reference} <code>${incident}</code>. <a href="/auth/failure?id=${incident}">${words.administrators}</a>.</p>`}
<dl class="facts quiet">
<div><dt>${words.code}</dt><dd><code>${error.code}</code></dd></div>
<div><dt>${words.request}</dt><dd><code>${request.id}</code></dd></div>
</dl>
</section>`,
  });
};

const sendOauthError = (error: FoyerError, oauth: string, reply: FastifyReply): FastifyReply => {
  const { status, sentence } = errorTable[error.code];
  if (status === 401) reply.header('www-authenticate', `Bearer realm="Foyer", error="${oauth}"`);
  return reply
    .code(status)
    .header('pragma', 'no-cache')
    .send({ error: oauth, error_description: error.detail ?? sentence });
};

/** Shapes of the engine API: 403 is empty, 422 lists its fields, 400 may name its parameter, all else is `{error}`. */
const sendApiError = (error: FoyerError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const { status, sentence } = errorTable[error.code];
  if (status === 403) return reply.code(403).send();
  if (status === 401) reply.header('www-authenticate', 'Bearer error="invalid_token"');
  if (status === 406 || status === 415) {
    const words = error.detail ?? sentence;
    return reply.code(status).send({ error: words, accepts: ['application/json'], request_id: request.id });
  }
  const [failure] = error.failures ?? [];
  if (failure && status === 400) {
    const { field: parameter, reason: restriction } = failure;
    const words = error.detail ?? sentence;
    return reply.code(status).send({ error: words, parameter, restriction, request_id: request.id });
  }
  if (error.failures) {
    const title = error.code === 'validation_failed' ? 'validation failed' : error.code;
    return reply.code(status).send({ error: title, failures: error.failures, request_id: request.id });
  }
  const words = status >= 500 ? sentence : (error.detail ?? sentence);
  return reply.code(status).send({ error: words, code: error.code, request_id: request.id });
};
