/** From the bytes of an answer to text and JSON, checked as its reader asked. */
import { isUtf8 } from 'node:buffer';
import { type ErrorCode, FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { decodeBody } from './decode-body.ts';
import type { RawAnswer, ResponseHeaders } from './exchange.ts';
import { parseJsonStrict } from './parse-json-strict.ts';

/**
 * - `json`: a successful answer must be JSON by its content type, without duplicate keys.
 * - `profile`: JSON under any content type (providers label it oddly). A document that is too large, too deep or
 *   not clean (duplicate keys, NUL, lone surrogates) is refused as `bad_profile` (S-25).
 * - `any`: the text as it came.
 */
export type Accept = 'json' | 'any' | 'profile';

export interface EgressResponse {
  status: number;
  headers: ResponseHeaders;
  text: string;
  /** @throws {FoyerError} upstream_invalid, or bad_profile where `profile` was asked for */
  json(): unknown;
}

interface Reading {
  accept: Accept;
  maxBytes: number;
  step?: string | undefined;
}

const jsonType = /^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json\s*(?:;|$)/i;

const looksLikeMarkup = (text: string): boolean => /^\s*</.test(text);

class Answer implements EgressResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
  readonly #reading: Reading;

  constructor(status: number, headers: ResponseHeaders, text: string, reading: Reading) {
    this.status = status;
    this.headers = headers;
    this.text = text;
    this.#reading = reading;
  }

  json(): unknown {
    this.requireJson();
    const { accept } = this.#reading;
    const { value, flaws } = this.#parse();
    if (accept === 'profile' && flaws.length > 0) throw this.#refusal('bad_profile', flaws.join(', '));
    if (accept === 'json' && flaws.includes('duplicate_key'))
      throw this.#refusal('upstream_invalid', 'duplicate_key');
    return value;
  }

  /** Refuses what cannot be JSON before anybody parses it: the sign-in page of a proxy, most often. */
  requireJson(): void {
    if (this.text === '') throw this.#refusal('upstream_invalid', 'empty');
    if (looksLikeMarkup(this.text)) throw this.#refusal('upstream_invalid', 'html');
    const type = this.headers['content-type'];
    if (this.#reading.accept === 'json' && !(typeof type === 'string' && jsonType.test(type))) {
      throw this.#refusal('upstream_invalid', 'content type');
    }
  }

  #parse(): ReturnType<typeof parseJsonStrict> {
    try {
      return parseJsonStrict(this.text);
    } catch (error) {
      if (!isFoyerError(error)) throw error;
      throw this.#refusal(
        this.#reading.accept === 'profile' ? 'bad_profile' : error.code,
        error.detail ?? 'json',
      );
    }
  }

  #refusal(code: ErrorCode, detail: string): FoyerError {
    return new FoyerError(code, { detail, evidence: { step: this.#reading.step, httpStatus: this.status } });
  }
}

const toText = (body: Buffer, { accept, step }: Reading, status: number): string => {
  if (accept !== 'any' && !isUtf8(body)) {
    throw new FoyerError(accept === 'profile' ? 'bad_profile' : 'upstream_invalid', {
      detail: 'encoding',
      evidence: { step, httpStatus: status },
    });
  }
  const text = body.toString('utf8');
  // Some servers put a byte order mark before JSON; RFC 8259 §8.1 lets a reader ignore it.
  return text.startsWith('\ufeff') ? text.slice(1) : text;
};

/**
 * Decompresses, decodes and, for `json`, checks a successful answer at once. An empty body is left to the caller.
 * @throws {FoyerError} upstream_invalid or bad_profile
 */
export const readAnswer = async (raw: RawAnswer, reading: Reading): Promise<EgressResponse> => {
  const encoding = raw.headers['content-encoding'];
  const isPlain = encoding === undefined || encoding === 'identity' || raw.body.length === 0;
  const body = isPlain
    ? raw.body
    : await decodeBody(raw.body, String(encoding), reading.maxBytes, {
        step: reading.step,
        httpStatus: raw.status,
      });
  const answer = new Answer(raw.status, raw.headers, toText(body, reading, raw.status), reading);
  if (reading.accept === 'json' && raw.status < 300 && answer.text !== '') answer.requireJson();
  return answer;
};
