/**
 * One origin (scheme, host, port): its connections, its circuit, and the bound on how much of the process it may hold.
 */
import type { Dispatcher } from 'undici';
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { Circuit } from './circuit.ts';
import { type ConnectDeps, createConnector } from './connect.ts';
import type { Destination } from './egress-rules.ts';
import {
  Exchange,
  type ExchangeLimits,
  type ExchangeOwner,
  type Outcome,
  type RawAnswer,
} from './exchange.ts';
import { Pool } from './undici.ts';

export interface OriginOptions extends ConnectDeps, ExchangeLimits {
  clock: Clock;
  maxHeaderBytes: number;
  /** Requests (and so connections) under way at once. */
  maxActive: number;
  /** Requests that may wait for a connection. */
  maxWaiting: number;
  circuitFailures: number;
  circuitOpenMs: number;
}

export interface SendOptions {
  step?: string | undefined;
  signal?: AbortSignal | undefined;
}

export class Origin implements ExchangeOwner {
  readonly #options: OriginOptions;
  readonly #pool: Pool;
  readonly #circuit: Circuit;
  readonly #waiting = new Set<Exchange>();
  #active = 0;
  #closed = false;

  constructor(options: OriginOptions, to: Destination, url: URL) {
    this.#options = options;
    this.#circuit = new Circuit({
      clock: options.clock,
      failures: options.circuitFailures,
      openMs: options.circuitOpenMs,
    });
    this.#pool = new Pool(url.origin, {
      connect: createConnector(options, to),
      connections: options.maxActive,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: options.maxHeaderBytes,
      keepAliveMaxTimeout: 60_000,
      // The exchange counts the total time; two more timers for each request would only cost.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get isCircuitOpen(): boolean {
    return this.#circuit.isOpen;
  }

  /** @throws {FoyerError} upstream_unreachable at once while the circuit is open or too much waits already */
  send(dispatch: Dispatcher.DispatchOptions, { step, signal }: SendOptions): Promise<RawAnswer> {
    if (this.#closed) throw new FoyerError('upstream_unreachable', { detail: 'closed' });
    const isFull = this.#active >= this.#options.maxActive;
    if (isFull && this.#waiting.size >= this.#options.maxWaiting) {
      throw new FoyerError('upstream_unreachable', {
        detail: 'too many requests under way',
        retryAfterSeconds: 1,
        evidence: { step },
      });
    }
    const isProbe = this.#circuit.isOpen;
    if (!this.#circuit.tryEnter()) throw this.#circuitOpen(step);
    const exchange = new Exchange(dispatch, this.#options, this, { isProbe, step, signal });
    if (isFull) this.#waiting.add(exchange);
    else this.#start(exchange);
    return exchange.answer;
  }

  settled(exchange: Exchange, outcome: Outcome, nodeCode: string | undefined): void {
    this.#waiting.delete(exchange);
    if (outcome === 'answered') this.#circuit.succeed();
    else if (outcome === 'neutral') this.#circuit.leave(exchange.isProbe);
    else this.#fail(nodeCode, exchange.isProbe);
  }

  #fail(nodeCode: string | undefined, wasProbe: boolean): void {
    this.#circuit.fail(nodeCode, wasProbe);
    if (this.#circuit.isOpen) {
      for (const waiting of this.#waiting) waiting.refuse(this.#circuitOpen(waiting.step));
    }
  }

  released(): void {
    this.#active--;
    for (const exchange of this.#waiting) {
      if (this.#active >= this.#options.maxActive) return;
      this.#waiting.delete(exchange);
      this.#start(exchange);
    }
  }

  /** Lets what is under way end, refuses the rest, and closes the connections. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting) {
      waiting.refuse(new FoyerError('upstream_unreachable', { detail: 'closed' }));
    }
    await this.#pool.close();
  }

  #start(exchange: Exchange): void {
    this.#active++;
    this.#pool.dispatch(exchange.dispatch, exchange);
  }

  #circuitOpen(step: string | undefined): FoyerError {
    return new FoyerError('upstream_unreachable', {
      detail: 'circuit open',
      retryAfterSeconds: Math.max(1, Math.ceil(this.#circuit.retryInMs / 1000)),
      evidence: { step, nodeCode: this.#circuit.lastNodeCode },
    });
  }
}
