/**
 * @module Tells every process that something it may have cached has changed: one NOTIFY channel, one line per change.
 * Missed notifications (a lost connection) make everybody forget everything.
 */
import type { Db } from './tables.ts';

export type Change = { kind: 'domain' | 'source' | 'application' | 'keys'; domainId: string; id?: string };
type Listener = (change: Change | 'everything') => void;

export interface Changes {
  /** Call after the commit. */
  announce(change: Change): Promise<void>;
  onChange(listener: Listener): void;
}

const channel = 'foyer_changes';

export const createChanges = async (db: Db): Promise<Changes> => {
  const listeners: Listener[] = [];
  const tell = (change: Change | 'everything'): void => {
    for (const listener of listeners) listener(change);
  };
  await db.listen(
    channel,
    (payload) => tell(JSON.parse(payload) as Change),
    () => tell('everything'),
  );
  return {
    async announce(change) {
      tell(change);
      await db.notify(channel, JSON.stringify(change));
    },
    onChange(listener) {
      listeners.push(listener);
    },
  };
};
