/**
 * @module Builds the console into `backoffice/dist`, unless what is there was made from the same sources. Run before
 * `npm start` and `npm run demo`; an image is built with `npm run build`.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'backoffice/dist');
const stampFile = join(dist, '.made-from');

const inputs = (): string[] => {
  const folders = ['backoffice/src', 'contract/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const single = ['backoffice/index.html', 'backoffice/vite.config.ts', 'backoffice/package.json'];
  return [...folders, ...single.map((file) => join(root, file))].sort();
};

const stampOf = (files: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
};

/** The server sends these to browsers that take them; it compresses nothing itself. */
const compress = (folder: string): void => {
  for (const file of readdirSync(folder)) {
    if (!/\.(?:js|css|svg)$/.test(file)) continue;
    writeFileSync(join(folder, `${file}.br`), brotliCompressSync(readFileSync(join(folder, file))));
  }
};

const anHourMs = 3_600_000;

/**
 * Builds in a folder of its own, then puts the page in place last: a server that runs meanwhile always has a whole console,
 * and another build at the same time does no harm. Files of the last hour stay, for pages that are open.
 */
const buildAside = async (): Promise<void> => {
  const { build } = await import('vite');
  const made = join(dist, `.making-${process.pid}`);
  await build({ root: join(root, 'backoffice'), logLevel: 'error', build: { outDir: made } });
  const [from, to] = [join(made, 'assets'), join(dist, 'assets')];
  compress(from);
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) renameSync(join(from, file), join(to, file));
  renameSync(join(made, 'index.html'), join(dist, 'index.html'));
  rmSync(made, { recursive: true });
  for (const file of readdirSync(to)) {
    const path = join(to, file);
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > anHourMs)
      rmSync(path, { force: true });
  }
};

const stamp = stampOf(inputs());
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  process.stderr.write('Building the console …\n');
  await buildAside();
  writeFileSync(stampFile, stamp);
}
