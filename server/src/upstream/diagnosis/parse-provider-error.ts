/**
 * @module Reads what a provider sends when it refuses: a body, a query, or a `WWW-Authenticate` header.
 *
 * Everything here is hostile input (S-13, S-25): no type is trusted, nothing recurses, each text is cut
 * before it is looked at. Only what serves the diagnosis is taken; the body itself goes nowhere (S-26).
 */
import type { Evidence } from './diagnosis.ts';

const maxText = 200;
const maxName = 100;
const maxParsedBody = 65_536;
const maxCodes = 10;

/** The part of `Evidence` that a provider's answer can give. */
export type ProviderEvidence = Pick<
  Evidence,
  'httpStatus' | 'errorCodes' | 'error' | 'suberror' | 'description' | 'reason' | 'traceId'
>;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Takes the evidence out of a provider's answer: RFC 6749 errors, Entra's `error_codes`, the shapes of
 * Microsoft Graph and of Google's APIs, lists of these, forms, and web pages where data was expected.
 * Serves for the query of a callback too. `rawBody` may be a parsed value or the text. Never throws.
 *
 * @see RFC 6749 §4.1.2.1 and §5.2
 */
export function parseProviderError(rawBody: unknown, httpStatus?: number): ProviderEvidence {
  const status = Number.isInteger(httpStatus) ? { httpStatus: httpStatus as number } : {};
  if (isWebPage(rawBody)) {
    // With an error status the status says more: a 404 or 503 is a page at most servers.
    const isError = httpStatus !== undefined && httpStatus >= 300;
    return isError ? status : { ...status, reason: 'html' };
  }
  const fields = firstFields(typeof rawBody === 'string' ? parseText(rawBody) : rawBody);
  if (!fields) return status;
  const nested = firstFields(own(fields, 'error'));
  return { ...status, ...(nested ? readApiError(nested) : readOauthError(fields)) };
}

/**
 * Takes the evidence out of a `WWW-Authenticate: Bearer` header, the only place where many userinfo
 * addresses say what is wrong. Never throws.
 *
 * @see RFC 6750 §3
 */
export function parseBearerChallenge(rawHeader: unknown, httpStatus?: number): ProviderEvidence {
  const status = Number.isInteger(httpStatus) ? { httpStatus: httpStatus as number } : {};
  if (typeof rawHeader !== 'string') return status;
  const values: Record<string, string> = {};
  const header = rawHeader.slice(0, 2048);
  for (const [, name, value] of header.matchAll(/\b(error|error_description) ?= ?"([^"]{0,500})"/gi)) {
    if (name !== undefined && value !== undefined) values[name.toLowerCase()] ??= value;
  }
  return { ...status, ...readOauthError(values) };
}

/** RFC 6749 with what Entra (`suberror`, `error_codes`) and Google (`error_subtype`) add to it. */
function readOauthError(fields: Fields): ProviderEvidence {
  const error = cleanText(own(fields, 'error'), maxName);
  const suberror = ['suberror', 'error_subcode', 'error_subtype']
    .map((name) => cleanText(own(fields, name), maxName))
    .find((value) => value !== undefined);
  const description = cleanText(own(fields, 'error_description'), maxText);
  const errorCodes = readCodes(own(fields, 'error_codes'), description);
  return present({
    error,
    suberror,
    description,
    errorCodes,
    traceId: cleanId(own(fields, 'trace_id')),
  });
}

/** `{ error: { … } }`: Microsoft Graph has a word in `code`; Google a number, with words further inside. */
function readApiError(inner: Fields): ProviderEvidence {
  const code = own(inner, 'code');
  const graphError = firstFields(own(inner, 'innerError')) ?? firstFields(own(inner, 'innererror'));
  const error =
    cleanText(code, maxName) ??
    firstReason(own(inner, 'details')) ??
    firstReason(own(inner, 'errors')) ??
    cleanText(own(inner, 'status'), maxName);
  return present({
    error,
    description: cleanText(own(inner, 'message'), maxText),
    traceId: cleanId(graphError && own(graphError, 'request-id')),
  });
}

/** Google puts its telling word into one of several lists, among entries that have none. */
function firstReason(list: unknown): string | undefined {
  if (!Array.isArray(list)) return undefined;
  return list
    .slice(0, maxCodes)
    .map((item) => (isFields(item) ? cleanText(own(item, 'reason'), maxName) : undefined))
    .find((reason) => reason !== undefined);
}

/** From the list, never from the text; only an answer without a list is asked for its first words. */
function readCodes(rawCodes: unknown, description: string | undefined): number[] | undefined {
  const codes = Array.isArray(rawCodes) ? rawCodes.slice(0, maxCodes).filter(isCode) : [];
  if (codes.length > 0) return codes;
  const inText = /^AADSTS(\d{1,9})\b/.exec(description ?? '')?.[1];
  return inText === undefined ? undefined : [Number(inText)];
}

const isCode = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) < 1_000_000_000;

function isWebPage(rawBody: unknown): boolean {
  return typeof rawBody === 'string' && rawBody.slice(0, 256).trimStart().startsWith('<');
}

function parseText(rawText: string): unknown {
  if (rawText.length > maxParsedBody) return undefined;
  const start = rawText.slice(0, 256).trimStart();
  if (start.startsWith('{') || start.startsWith('[')) {
    try {
      return JSON.parse(rawText);
    } catch {
      return undefined;
    }
  }
  // GitHub answers with a form unless asked otherwise.
  return start.startsWith('error') ? Object.fromEntries(new URLSearchParams(rawText)) : undefined;
}

/** The value itself when it is an object, or the first object among the first few of a list. */
function firstFields(value: unknown): Fields | undefined {
  if (Array.isArray(value)) return value.slice(0, maxCodes).find(isFields);
  return isFields(value) ? value : undefined;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads an own property, so that nothing inherited (or set through `__proto__`) is taken for an answer. */
const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

/** One line of printable text, well-formed, at most `maxLength` long; `undefined` when nothing is left. */
function cleanText(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value
    .slice(0, maxLength * 2)
    // Control and line characters, and those that turn the direction of text around them.
    .replace(/[ \u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g, ' ')
    .trim()
    .slice(0, maxLength)
    // A cut through a surrogate pair, or a lone one from the provider, becomes U+FFFD.
    .toWellFormed();
  return text === '' ? undefined : text;
}

const cleanId = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-zA-Z-]{8,64}$/.test(value) ? value : undefined;

/** Leaves out what is undefined, as `exactOptionalPropertyTypes` wants it. */
function present(
  values: { [Key in keyof ProviderEvidence]: ProviderEvidence[Key] | undefined },
): ProviderEvidence {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as ProviderEvidence;
}
