/**
 * @module How large and how odd a request may be (S-130, S-131): the address, the headers, the number of parameters,
 * the depth of JSON, and text that cannot be stored as text. What is refused here never reaches a route.
 */
import type { Socket } from 'node:net';
import { parse as parseQuery } from 'node:querystring';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJsonStrict } from '#base/lib/egress/parse-json-strict.ts';
import { type ErrorCode, errorTable, FoyerError } from '#base/lib/errors.ts';
import { newUuid } from '#base/lib/ids.ts';

export const maxUrlBytes = 8 * 1024;
const maxHeaderBytes = 16 * 1024;
const maxParams = 100;
const maxJsonDepth = 32;
export const maxBodyBytes = 256 * 1024;

/**
 * For `node:http`. Its own limit counts the address with the headers, so it is set above both of ours, which
 * `installRequestLimits` then tells apart; connections that dawdle over their headers or body are closed (S-133).
 */
export const httpServerOptions = {
  maxHeaderSize: 2 * (maxUrlBytes + maxHeaderBytes),
  headersTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
} as const;

const refuse = (detail: string): never => {
  throw new FoyerError('bad_request', { detail });
};

/**
 * Refuses text that is no well-formed UTF-8 or holds NUL, percent-encoded or plain: PostgreSQL stores neither.
 *
 * @throws {FoyerError} `bad_request`
 */
const checkEncodedText = (text: string, what: string): void => {
  if (text.includes('\0') || /%00/.test(text)) refuse(`NUL in the ${what}`);
  if (!text.isWellFormed()) refuse(`malformed text in the ${what}`);
  if (!text.includes('%')) return;
  try {
    decodeURIComponent(text);
  } catch {
    refuse(`malformed percent-encoding in the ${what}`);
  }
};

const checkParamCount = (text: string, what: string): void => {
  let count = 1;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) count++;
  if (count > maxParams) refuse(`more than ${maxParams} parameters in the ${what}`);
};

const checkRequest = (request: FastifyRequest): void => {
  const { url = '', rawHeaders } = request.raw;
  if (url.length > maxUrlBytes) throw new FoyerError('uri_too_long');
  let bytes = 0;
  for (const part of rawHeaders) bytes += part.length + 2;
  if (bytes > maxHeaderBytes) throw new FoyerError('headers_too_large');
  const at = url.indexOf('?');
  checkEncodedText(at === -1 ? url : url.slice(0, at), 'path');
  if (at === -1) return;
  const query = url.slice(at + 1);
  checkParamCount(query, 'query');
  checkEncodedText(query, 'query');
};

const decodeBody = (body: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return refuse('the body is no UTF-8');
  }
};

/** Depth-bounded, `__proto__` dropped (S-132), no NUL and no half surrogate pairs. @throws {FoyerError} `bad_request` */
export const parseJsonBody = (body: Buffer): unknown => {
  const text = decodeBody(body);
  let parsed: ReturnType<typeof parseJsonStrict>;
  try {
    parsed = parseJsonStrict(text, maxJsonDepth);
  } catch {
    return refuse('the body is no JSON, or nested too deeply');
  }
  if (parsed.flaws.includes('nul')) refuse('NUL in the body');
  if (parsed.flaws.includes('lone_surrogate')) refuse('malformed text in the body');
  return parsed.value;
};

/** A form as a record without a prototype; repeated names become arrays. @throws {FoyerError} `bad_request` */
export const parseFormBody = (body: Buffer): Record<string, unknown> => {
  const text = decodeBody(body);
  checkParamCount(text, 'body');
  checkEncodedText(text, 'body');
  return parseQuery(text, '&', '=', { maxKeys: 0 });
};

/** Checks every request and reads JSON and forms; any other content type is 415. */
export const installRequestLimits = (app: FastifyInstance): void => {
  app.addHook('onRequest', (request, _reply, done) => {
    checkRequest(request);
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => (body.length === 0 ? undefined : parseJsonBody(body)),
  );
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => parseFormBody(body),
  );
};

interface BrokenRequest extends Error {
  code?: string;
  rawPacket?: unknown;
}

/** Answers what `node:http` refuses before there is a request; the connection is of no more use. */
export const answerBrokenRequest = (error: BrokenRequest, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = brokenRequestCode(error);
  const { status } = errorTable[code];
  const requestId = newUuid();
  const body = JSON.stringify({ error: code, request_id: requestId });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nx-request-id: ${requestId}\r\ncontent-type: application/json\r\ncache-control: no-store\r\n` +
      `connection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};

const brokenRequestCode = ({ code, rawPacket }: BrokenRequest): ErrorCode => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  if (code !== 'HPE_HEADER_OVERFLOW') return 'bad_request';
  // The parser counts the request line among the headers; its length tells which of the two was too long.
  const lineEnd = Buffer.isBuffer(rawPacket) ? rawPacket.indexOf('\r\n') : 0;
  return lineEnd === -1 || lineEnd > maxUrlBytes ? 'uri_too_long' : 'headers_too_large';
};
