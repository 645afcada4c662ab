/**
 * @module Builds the console into `backoffice/dist`, unless what is there was made from the same sources. Run before
 * `npm start` and `npm run demo`; an image is built with `npm run build`.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'backoffice/dist/.made-from');

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

const stamp = stampOf(inputs());
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  process.stderr.write('Building the console …\n');
  const { build } = await import('vite');
  await build({ root: join(root, 'backoffice'), logLevel: 'warn' });
  compress(join(root, 'backoffice/dist/assets'));
  writeFileSync(stampFile, stamp);
}
