/** @module Builds the console into `backoffice/dist`, unless what is there was made from the same sources. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { putInPlace } from './put-in-place.ts';

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

/** The page itself is put in place last: it names the files it needs. */
const make = async (): Promise<void> => {
  const { build } = await import('vite');
  const made = join(dist, `.making-${process.pid}`);
  await build({ root: join(root, 'backoffice'), logLevel: 'error', build: { outDir: made } });
  compress(join(made, 'assets'));
  putInPlace(join(made, 'assets'), join(dist, 'assets'));
  renameSync(join(made, 'index.html'), join(dist, 'index.html'));
  rmSync(made, { recursive: true });
};

export const buildConsole = async (): Promise<void> => {
  const stamp = stampOf(inputs());
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  process.stderr.write('Building the console …\n');
  await make();
  writeFileSync(stampFile, stamp);
};
