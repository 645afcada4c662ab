/**
 * @module The one way to the engine API. A refusal becomes an `ApiError`, whose `failures` belong beside their fields.
 */
import { accessToken, dropAccessToken } from './session.ts';
import { chosenLanguage } from './words.ts';

const base = '/api/engine/v2';

export interface FieldFailure {
  field: string;
  reason: string;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Foyer's stable code, e.g. `not_tested`; '' when the answer had none. */
  readonly code: string;
  readonly failures: readonly FieldFailure[];
  readonly requestId: string;

  constructor(status: number, body: Record<string, unknown>) {
    super(typeof body.error === 'string' ? body.error : `status ${status}`);
    this.status = status;
    this.code = typeof body.code === 'string' ? body.code : '';
    this.failures = Array.isArray(body.failures) ? (body.failures as FieldFailure[]) : [];
    this.requestId = typeof body.request_id === 'string' ? body.request_id : '';
  }

  /** What is wrong with one field, in the server's words. */
  failureOf(field: string): string | undefined {
    return this.failures.find((failure) => failure.field === field)?.reason;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Listed<T> {
  rows: T[];
  total: number;
}

/** One thing, with the `ETag` that a change of it is based on. */
export interface Tagged<T> {
  value: T;
  etag: string | undefined;
}

export interface RequestOptions {
  query?: Query | undefined;
  body?: unknown;
  /** The `ETag` that the change is based on (412 when somebody else was faster). */
  ifMatch?: string | undefined;
  signal?: AbortSignal | undefined;
}

const urlOf = (path: string, query: Query = {}): string => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return `${base}${path}${text === '' ? '' : `?${text}`}`;
};

const send = async (method: string, path: string, options: RequestOptions): Promise<Response> =>
  fetch(urlOf(path, options.query), {
    method,
    headers: {
      authorization: `Bearer ${await accessToken()}`,
      // Advice about failures is in the language of the request; a browser would send its own.
      'accept-language': chosenLanguage(),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...(options.ifMatch !== undefined && { 'if-match': options.ifMatch }),
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    ...(options.signal && { signal: options.signal }),
  });

/** Sends a request, once more with a new token when the token is not accepted any more. @throws {ApiError} */
export const request = async (
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Response> => {
  let answer = await send(method, path, options);
  if (answer.status === 401) {
    dropAccessToken();
    answer = await send(method, path, options);
  }
  if (answer.ok) return answer;
  const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  throw new ApiError(answer.status, body);
};

const json = async <T>(answer: Response): Promise<T> => {
  const text = await answer.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
};

export const api = {
  get: async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    json<T>(await request('GET', path, { query, signal })),
  getTagged: async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<Tagged<T>> => {
    const answer = await request('GET', path, { query, signal });
    return { value: await json<T>(answer), etag: answer.headers.get('etag') ?? undefined };
  },
  /** A collection's page, with the number of all rows. */
  list: async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<Listed<T>> => {
    const answer = await request('GET', path, { query, signal });
    const rows = await json<T[]>(answer);
    return { rows, total: Number(answer.headers.get('x-total-count') ?? rows.length) };
  },
  post: async <T>(path: string, body: unknown = {}, options: RequestOptions = {}): Promise<T> =>
    json<T>(await request('POST', path, { ...options, body })),
  patch: async <T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> =>
    json<T>(await request('PATCH', path, { ...options, body })),
  delete: async (path: string, options: RequestOptions = {}): Promise<void> => {
    await request('DELETE', path, options);
  },
};
