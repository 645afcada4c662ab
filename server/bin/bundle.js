// The server in one file: hundreds less to find, read and strip of types at each start. build/server.ts makes it.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const bundle = join(root, 'server/dist/foyer.js');
const sources = ['server/src', 'contract/src'];

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Whether there is a bundle, and nothing that it was made from has changed since: files, folders, packages. */
export const isBundleFresh = () => {
  const madeAt = changedAt(bundle);
  if (madeAt === 0) return false;
  const paths = sources.flatMap((folder) => [
    folder,
    ...readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
  ]);
  return ['package-lock.json', 'build/server.ts', ...paths].every(
    (path) => changedAt(join(root, path)) <= madeAt,
  );
};
