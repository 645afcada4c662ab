import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const anHourMs = 3_600_000;

/**
 * Moves what was made aside into the folder that is used, so that whoever uses it meanwhile always has a whole one, and
 * another build at the same time does no harm: names carry a hash of what is in them, except the one that is put there
 * last. Files of the last hour stay, for pages and processes that are open.
 */
export const putInPlace = (from: string, to: string, last?: string): void => {
  mkdirSync(to, { recursive: true });
  const names = readdirSync(from).filter((name) => name !== last);
  for (const name of last ? [...names, last] : names) renameSync(join(from, name), join(to, name));
  rmSync(from, { recursive: true });
  for (const name of readdirSync(to)) {
    const path = join(to, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > anHourMs) rmSync(path, { recursive: true, force: true });
  }
};
