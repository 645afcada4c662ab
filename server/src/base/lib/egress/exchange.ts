/**
 * One request and its answer, as the handler that undici calls while both are under way.
 * It holds the bounds of S-105: total time, header count, body size; and it refuses redirects (S-104).
 */
import type { Dispatcher } from 'undici';
import { FoyerError } from '#base/lib/errors.ts';
import { type FailureEvidence, nodeCodeOf, upstreamFailure } from './upstream-failure.ts';

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** An answer as it came: the body may still be compressed. */
export interface RawAnswer {
  status: number;
  headers: ResponseHeaders;
  body: Buffer;
}

export interface ExchangeLimits {
  totalTimeoutMs: number;
  maxBytes: number;
  maxHeaders: number;
}

/** What an exchange says about its provider: `neutral` if the provider had no part in the outcome. */
export type Outcome = 'answered' | 'failed' | 'neutral';

export interface ExchangeOwner {
  /** The caller has its answer or error. Called once. */
  settled(exchange: Exchange, outcome: Outcome, nodeCode: string | undefined): void;
  /** The connection is free again. Called once, and only for an exchange that was dispatched. */
  released(exchange: Exchange): void;
}

const maxInformational = 8;

export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<RawAnswer>;
  readonly isProbe: boolean;
  readonly step: string | undefined;
  readonly dispatch: Dispatcher.DispatchOptions;
  readonly #resolve: (answer: RawAnswer) => void;
  readonly #reject: (error: FoyerError) => void;
  readonly #limits: ExchangeLimits;
  readonly #owner: ExchangeOwner;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #released = false;
  #status = 0;
  #informational = 0;
  #headers: ResponseHeaders = {};
  #chunks: Buffer[] = [];
  #received = 0;

  constructor(
    dispatch: Dispatcher.DispatchOptions,
    limits: ExchangeLimits,
    owner: ExchangeOwner,
    options: { isProbe: boolean; step?: string | undefined; signal?: AbortSignal | undefined },
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.dispatch = dispatch;
    this.isProbe = options.isProbe;
    this.#limits = limits;
    this.#owner = owner;
    this.step = options.step;
    this.#signal = options.signal;
    this.#timer = setTimeout(this.#expire, limits.totalTimeoutMs);
    options.signal?.addEventListener('abort', this.#abandon, { once: true });
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** Ends it without a word about the provider. */
  refuse(error: FoyerError): void {
    this.#settle(error, 'neutral');
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection longer than its caller did: nothing may be sent any more.
    if (this.#settled) controller.abort(new Error('nobody waits for this request'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    if (status < 200) {
      if (++this.#informational > maxInformational) this.#refuseAnswer('http');
      return;
    }
    this.#status = status;
    this.#headers = headers;
    if (status >= 300 && status < 400) this.#refuseAnswer('redirect');
    else if (Object.keys(headers).length > this.#limits.maxHeaders) this.#refuseAnswer('headers');
    else if (Number(headers['content-length']) > this.#limits.maxBytes) this.#refuseAnswer('too large');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#received += chunk.length;
    if (this.#received > this.#limits.maxBytes) this.#refuseAnswer('too large');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settled) {
      const [first] = this.#chunks;
      const body = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
      this.#settle({ status: this.#status, headers: this.#headers, body }, 'answered');
    }
    this.#release();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#settled) {
      const failure = upstreamFailure(error, this.#evidence());
      const ours = failure.code === 'egress_denied' || nodeCodeOf(error) === 'UND_ERR_INVALID_ARG';
      if (ours) this.#settle(failure, 'neutral');
      else
        this.#settle(
          failure,
          this.#status > 0 && failure.code !== 'upstream_timeout' ? 'answered' : 'failed',
        );
    }
    this.#release();
  }

  #evidence(): FailureEvidence {
    const phase = this.#controller === undefined ? 'connect' : this.#status === 0 ? 'headers' : 'body';
    return {
      phase,
      ...(this.step === undefined ? {} : { step: this.step }),
      ...(this.#status === 0 ? {} : { httpStatus: this.#status }),
    };
  }

  #refuseAnswer(detail: string): void {
    this.#settle(
      new FoyerError('upstream_invalid', { detail, evidence: { ...this.#evidence() } }),
      'answered',
    );
  }

  readonly #expire = (): void => {
    const evidence = { ...this.#evidence(), nodeCode: 'ETIMEDOUT' };
    this.#settle(new FoyerError('upstream_timeout', { detail: 'timeout', evidence }), 'failed');
  };

  readonly #abandon = (): void => {
    this.#settle(
      new FoyerError('upstream_timeout', {
        detail: 'given up by the caller',
        evidence: { ...this.#evidence() },
      }),
      'neutral',
    );
  };

  #settle(result: RawAnswer | FoyerError, outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abandon);
    if (!(result instanceof FoyerError)) {
      this.#owner.settled(this, outcome, undefined);
      this.#resolve(result);
      return;
    }
    this.#chunks = [];
    const { nodeCode } = result.evidence ?? {};
    this.#owner.settled(this, outcome, typeof nodeCode === 'string' ? nodeCode : undefined);
    this.#reject(result);
    this.#controller?.abort(result);
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#owner.released(this);
  }
}
