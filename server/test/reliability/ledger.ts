/**
 * @module What the server has acknowledged. A fact's state is set to "under way" before a request and to "done" after
 * its answer, so that after a kill the ledger says of each fact what must hold, and where both outcomes are right.
 */
import type { Visitor } from './node-client.ts';
import type { Code, Flow, Tokens } from './steps.ts';

/** A sign-in at its provider. */
export interface FlowFact {
  kind: 'flow';
  email: string;
  flow: Flow;
  state: 'begun' | 'finishing';
}

/** A signed-in browser. */
export interface SessionFact {
  kind: 'session';
  email: string;
  visitor: Visitor;
  state: 'live' | 'ending' | 'ended';
}

/** One authorization of the application: its code and what descends from it. */
export interface GrantFact {
  kind: 'grant';
  session: SessionFact;
  code: Code;
  state: 'issued' | 'redeeming' | 'redeemed' | 'refreshing' | 'revoking' | 'revoked';
  /** The last ones that arrived. */
  tokens: Tokens | undefined;
  /** When the refresh that is under way was sent (`performance.now()`). */
  refreshedAt: number;
}

/** A source that one administrator renames again and again. */
export interface EditFact {
  kind: 'edit';
  sourceId: string;
  name: string;
  /** A name that was sent and not acknowledged. */
  pending: string | undefined;
}

/** A person whom an administrator made. */
export interface UserFact {
  kind: 'user';
  id: string;
  email: string;
}

export type Fact = FlowFact | SessionFact | GrantFact | EditFact | UserFact;

export class Ledger {
  /** Facts of which something may have changed since the last check. */
  readonly touched = new Set<Fact>();
  /** E-mail address to user id, as the first answer that named the person said. */
  readonly userIds = new Map<string, string>();
  /** People who have signed in once. */
  readonly people: string[] = [];
  readonly acknowledged: Record<string, number> = {};
  #idle: Fact[] = [];

  /** Counts a write that was answered. */
  count(what: string): void {
    this.acknowledged[what] = (this.acknowledged[what] ?? 0) + 1;
  }

  touch<F extends Fact>(fact: F): F {
    this.touched.add(fact);
    return fact;
  }

  /** Takes a resting fact of a kind for one worker alone. */
  take<K extends Fact['kind']>(kind: K): Extract<Fact, { kind: K }> | undefined {
    const candidates = this.#idle.filter((fact) => fact.kind === kind);
    const fact = candidates[Math.floor(Math.random() * candidates.length)];
    if (!fact) return undefined;
    this.#idle = this.#idle.filter((each) => each !== fact);
    return this.touch(fact) as Extract<Fact, { kind: K }>;
  }

  /** Lets others take the fact again. */
  rest(fact: Fact): void {
    this.#idle.push(fact);
    // Old facts are checked again by chance; too many would only make that chance small.
    if (this.#idle.length > 400) this.#idle.splice(Math.floor(Math.random() * 200), 1);
  }

  /** A few facts that nobody touched lately, to be checked again. */
  sample(count: number): Fact[] {
    return Array.from(
      { length: count },
      () => this.#idle[Math.floor(Math.random() * this.#idle.length)],
    ).filter((fact) => fact !== undefined);
  }
}
