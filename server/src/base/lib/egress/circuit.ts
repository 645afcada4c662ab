/**
 * A circuit for one origin: after some failures in a row nobody waits for a dead provider any more;
 * after a while one request may try again.
 */
import type { Clock } from '#base/lib/clock.ts';

export interface CircuitOptions {
  clock: Clock;
  /** Failures in a row that open the circuit. */
  failures: number;
  /** How long an open circuit refuses before it lets one request try. */
  openMs: number;
}

export class Circuit {
  readonly #options: CircuitOptions;
  #failures = 0;
  #openedAtMs = 0;
  #probing = false;
  /** Node's code of the failure that counted last: what an administrator needs while the circuit is open. */
  lastNodeCode: string | undefined;

  constructor(options: CircuitOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#failures >= this.#options.failures;
  }

  /** Milliseconds until the next try; 0 when one may be made now. */
  get retryInMs(): number {
    const elapsedMs = this.#options.clock.nowMs() - this.#openedAtMs;
    // A clock that was set back must not keep a provider shut out.
    if (elapsedMs < 0 || elapsedMs >= this.#options.openMs) return 0;
    return this.#options.openMs - elapsedMs;
  }

  /** Asks for leave to send one request. While open, only one may be under way, and that not too early. */
  tryEnter(): boolean {
    if (!this.isOpen) return true;
    if (this.#probing || this.retryInMs > 0) return false;
    this.#probing = true;
    return true;
  }

  succeed(): void {
    this.#failures = 0;
    this.#probing = false;
  }

  fail(nodeCode: string | undefined, wasProbe: boolean): void {
    this.#failures++;
    if (wasProbe) this.#probing = false;
    this.lastNodeCode = nodeCode;
    if (this.isOpen) this.#openedAtMs = this.#options.clock.nowMs();
  }

  /** The request ended without saying anything about the provider: refused by us, or given up by the caller. */
  leave(wasProbe: boolean): void {
    if (wasProbe) this.#probing = false;
  }
}
