/**
 * @module An authorization request, checked in two steps. First whom to answer and where: until that is known, an
 * error is a page. Then the rest: from there on, an error goes to the application.
 */
import { FoyerError } from '#base/lib/errors.ts';
import { type Client, scopesOf } from '#model/applications/application.ts';
import type { ApplicationCache } from '#model/applications/application-cache.ts';
import type { Domain } from '#model/domains/domain.ts';
import { type Params, withoutBlanks } from '../read-client-params.ts';
import { grantScopes } from '../scopes.ts';
import { isRegisteredRedirectUri } from './redirect-uri.ts';

export type ResponseMode = 'query' | 'fragment' | 'form_post';

/** Where the answer goes, an error included. */
export interface AnswerTarget {
  client: Client;
  redirectUri: string;
  responseMode: ResponseMode;
  state: string | undefined;
  params: Params;
  /** A parameter that was sent more than once. */
  repeated: string | undefined;
}

export interface AuthorizationRequest {
  responseType: 'code' | 'token';
  scopes: string[];
  codeChallenge: string | undefined;
  nonce: string | undefined;
  prompts: readonly string[];
  maxAgeSeconds: number | undefined;
}

const maxStateBytes = 2048;

const invalid = (detail: string): FoyerError => new FoyerError('invalid_request', { detail });

/** Splits what the query parser answers: single values, and the name of one that is repeated. */
const single = (raw: Record<string, unknown>): { params: Params; repeated: string | undefined } => {
  const entries = Object.entries(raw);
  const strings = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    params: withoutBlanks(Object.fromEntries(strings)),
    repeated: entries.find(([, value]) => typeof value !== 'string')?.[0],
  };
};

/** The mode in which errors can be answered, too; a mode that is not offered falls back to the default. */
const responseModeOf = (client: Client, params: Params): ResponseMode => {
  if (params.response_mode === 'form_post') return 'form_post';
  return params.response_type === 'token' && client.application.legacy.implicit ? 'fragment' : 'query';
};

/**
 * @throws {FoyerError} `invalid_client`, `redirect_uri_mismatch`, `invalid_request`: shown as a page, never redirected
 * @see RFC 6749 §4.1.2.1 (S-54, S-55)
 */
export const readAnswerTarget = async (
  deps: { applications: ApplicationCache },
  domain: Domain,
  rawQuery: Record<string, unknown>,
): Promise<AnswerTarget> => {
  const { params, repeated } = single(rawQuery);
  if (repeated && ['client_id', 'redirect_uri', 'state'].includes(repeated))
    throw invalid(`${repeated} is repeated`);
  if (params.client_id === undefined)
    throw new FoyerError('invalid_client', { detail: 'client_id is missing' });
  const client = await deps.applications.byClientId(domain.id, params.client_id);
  if (!client)
    throw new FoyerError('invalid_client', { detail: 'the application is not known in this domain' });
  if (params.redirect_uri === undefined) throw invalid('redirect_uri is missing');
  if (!isRegisteredRedirectUri(client.application, params.redirect_uri)) {
    throw new FoyerError('redirect_uri_mismatch', { detail: `not registered for ${client.application.uid}` });
  }
  if (Buffer.byteLength(params.state ?? '') > maxStateBytes) throw invalid('state is longer than 2 KiB');
  return {
    client,
    redirectUri: params.redirect_uri,
    responseMode: responseModeOf(client, params),
    state: params.state,
    params,
    repeated,
  };
};

const readResponseType = (client: Client, params: Params): 'code' | 'token' => {
  const { response_type: type, response_mode: mode } = params;
  if (type === undefined) throw invalid('response_type is missing');
  const isImplicit = type === 'token' && client.application.legacy.implicit === true;
  if (type !== 'code' && !isImplicit) throw new FoyerError('unsupported_response_type');
  const modes = isImplicit ? ['fragment', 'form_post'] : ['query', 'form_post'];
  if (mode !== undefined && !modes.includes(mode)) throw invalid('this response_mode is not offered');
  return type;
};

/** S256 or nothing, and nothing only behind the legacy switch. @see RFC 7636 §4.3, §4.4.1 (S-56) */
const readCodeChallenge = (client: Client, params: Params): string | undefined => {
  const { code_challenge: challenge, code_challenge_method: method } = params;
  if (challenge === undefined && method === undefined && client.application.legacy.noPkce) return undefined;
  if (challenge === undefined) throw invalid('code_challenge is missing: PKCE with S256 is required');
  if (method !== 'S256') throw invalid('code_challenge_method must be S256');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) throw invalid('code_challenge is malformed');
  return challenge;
};

const knownPrompts = ['none', 'login', 'consent', 'select_account'];

const readPrompts = (params: Params): string[] => {
  const prompts = scopesOf(params.prompt ?? '');
  if (prompts.some((prompt) => !knownPrompts.includes(prompt))) throw invalid('this prompt is not offered');
  if (prompts.includes('none') && prompts.length > 1) throw invalid('prompt none stands alone');
  return prompts;
};

const readMaxAge = (params: Params): number | undefined => {
  if (params.max_age === undefined) return undefined;
  if (!/^\d{1,9}$/.test(params.max_age)) throw invalid('max_age is no number of seconds');
  return Number(params.max_age);
};

/** @throws {FoyerError} codes that the application is told by redirect. @see RFC 6749 §4.1.1, OIDC Core §3.1.2.1 */
export const readAuthorizationRequest = ({
  client,
  params,
  repeated,
}: AnswerTarget): AuthorizationRequest => {
  if (repeated) throw invalid(`${repeated.slice(0, 40)} is repeated`);
  if (params.request !== undefined || params.request_uri !== undefined) {
    throw invalid('request objects are not supported');
  }
  const responseType = readResponseType(client, params);
  if ((params.nonce?.length ?? 0) > 1024) throw invalid('nonce is too long');
  return {
    responseType,
    scopes: grantScopes(client.application, params.scope),
    codeChallenge: responseType === 'code' ? readCodeChallenge(client, params) : undefined,
    nonce: params.nonce,
    prompts: readPrompts(params),
    maxAgeSeconds: readMaxAge(params),
  };
};
