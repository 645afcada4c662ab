/**
 * @module What was asked and answered in a step, for administrators: names as they are, values only where they are known
 * to be harmless. Everything else is named by its kind and length, so that no secret, code or token can come along, and
 * none that a provider repeats in its own words either.
 */
import type { EgressRequest, EgressResponse } from '#base/lib/egress/egress.ts';
import type { Exchange } from '../identity-source.ts';
import { isFormAnswer } from './read-body.ts';

const maxText = 500;
const maxMembers = 100;

const openParams: ReadonlySet<string> = new Set([
  '$select',
  'access_type',
  'acr_values',
  'admin_consent',
  'audience',
  'client_assertion_type',
  'client_id',
  'client_info',
  'code_challenge_method',
  'display',
  'domain_hint',
  'error',
  'error_codes',
  'error_description',
  'error_subcode',
  'error_uri',
  'fields',
  'grant_type',
  'hd',
  'id',
  'include_granted_scopes',
  'iss',
  'max_age',
  'p',
  'prompt',
  'redirect_uri',
  'resource',
  'response_mode',
  'response_type',
  'scope',
  'ui_locales',
]);

const openMembers: ReadonlySet<string> = new Set([
  'code',
  'correlation_id',
  'date',
  'error',
  'error_codes',
  'error_description',
  'error_subtype',
  'error_uri',
  'expires',
  'expires_at',
  'expires_in',
  'ext_expires_in',
  'message',
  'reason',
  'refresh_token_expires_in',
  'request-id',
  'client-request-id',
  'scope',
  'status',
  'suberror',
  'timestamp',
  'token_type',
  'trace_id',
  // discovery
  'authorization_endpoint',
  'authorization_response_iss_parameter_supported',
  'issuer',
  'jwks_uri',
  'token_endpoint',
  'userinfo_endpoint',
]);

const secretNames = /secret|token|password|assertion$|^code$|verifier|^client_info$|^key$/;

const named = (name: string, text: string): string => {
  const kind = /token/.test(name) ? 'token' : secretNames.test(name) ? 'secret' : 'not shown';
  return `(${kind}, ${text.length} characters)`;
};

/** Query and form parameters; `secrets` collects the values that are not shown. */
const describeParams = (
  entries: Iterable<readonly [string, string]>,
  secrets: string[],
): Record<string, string> => {
  const params: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of entries) {
    if (++count > maxMembers) break;
    const isOpen = openParams.has(name);
    if (!isOpen && value.length >= 6) secrets.push(value);
    params[name.slice(0, 100)] = isOpen ? value.slice(0, 2_000) : named(name, value);
  }
  return params;
};

const describeUrl = (url: URL): string => `${url.origin}${url.pathname}`;

/** The authorize request, or the callback that came back. */
export const describeNavigation = (url: string, more: Readonly<Record<string, string>> = {}): Exchange => {
  const parsed = new URL(url);
  const params = describeParams([...parsed.searchParams, ...Object.entries(more)], []);
  return { request: { method: 'GET', url: describeUrl(parsed), params } };
};

interface Shown {
  /** Further values that must not be shown. */
  hidden?: readonly string[];
  /** False: the status alone, as for a person's profile. */
  members?: boolean;
}

/** One request of ours and what came back, if anything did. */
export const describeExchange = (
  request: EgressRequest,
  answer: EgressResponse | undefined,
  { hidden = [], members = true }: Shown = {},
): Exchange => {
  const url = new URL(request.url);
  const secrets = [...hidden.filter((each) => each.length >= 6)];
  const params = describeParams([...url.searchParams, ...new URLSearchParams(request.body ?? '')], secrets);
  const { authorization } = request.headers ?? {};
  if (authorization !== undefined) {
    const [scheme = '', credential = ''] = authorization.split(' ');
    params.authorization = `${scheme} (secret, ${credential.length} characters)`;
    secrets.push(credential);
  }
  return {
    request: { method: request.method, url: describeUrl(url), params },
    ...(answer && {
      answer: { status: answer.status, members: members ? describeBody(answer, secrets) : {} },
    }),
  };
};

const describeBody = (answer: EgressResponse, secrets: readonly string[]): Record<string, unknown> => {
  const fields = readBody(answer);
  if (fields === undefined) {
    const type = String(answer.headers['content-type'] ?? 'no content type').split(';')[0];
    return answer.text === '' ? {} : { body: `(${type?.slice(0, 60)}, ${answer.text.length} characters)` };
  }
  return describeMembers(fields, secrets, 0);
};

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readBody = (answer: EgressResponse): Record<string, unknown> | undefined => {
  if (answer.text.length > 65_536) return undefined;
  try {
    const value: unknown = isFormAnswer(answer)
      ? Object.fromEntries(new URLSearchParams(answer.text))
      : JSON.parse(answer.text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const describeMembers = (
  fields: Record<string, unknown>,
  secrets: readonly string[],
  depth: number,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .slice(0, maxMembers)
      .map(([name, value]) => [
        withoutSecrets(name, secrets).slice(0, 100),
        describeValue(name, value, secrets, depth),
      ]),
  );

const describeValue = (name: string, value: unknown, secrets: readonly string[], depth: number): unknown => {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return openMembers.has(name) ? value : '(number)';
  if (typeof value === 'string') {
    return openMembers.has(name) ? withoutSecrets(value, secrets).slice(0, maxText) : named(name, value);
  }
  if (Array.isArray(value)) {
    const isOpen = openMembers.has(name) && value.every((item) => typeof item === 'number');
    return isOpen ? value.slice(0, 10) : `(list of ${value.length})`;
  }
  // An API's error is an object, with what the server logged it under one level further in.
  const isError = isFields(value) && depth < 2 && /^(error|inner_?error)$/i.test(name);
  return isError ? describeMembers(value, secrets, depth + 1) : '(object)';
};

/** A provider may repeat in its own words what it was sent. */
const withoutSecrets = (text: string, secrets: readonly string[]): string => {
  let shown = text;
  for (const secret of secrets) if (shown.includes(secret)) shown = shown.replaceAll(secret, '(secret)');
  return shown.toWellFormed().replaceAll('\0', '');
};
