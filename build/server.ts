/**
 * @module Bundles the server with the packages it needs into `server/dist/foyer.js` (and files for what few commands
 * need), unless the one that is there is as new as its sources. `foyer` starts from it, else from the sources.
 */
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, isBundleFresh } from '../server/bin/bundle.js';
import { putInPlace } from './put-in-place.ts';

const server = fileURLToPath(new URL('../server', import.meta.url));

/** Packages that bring binaries or files of their own, or that few commands need; they stay where npm put them. */
const apart =
  /^(?:node:|pg-native$|@node-rs\/|@electric-sql\/|@foyer\/testkit|@fastify\/(?:swagger|static)$|fxa-)/;

/** Files beside the sources (styles, migrations, pages) are found from where the source was. */
const keepAddresses = {
  name: 'keep-addresses',
  transform(code: string, id: string) {
    if (!id.startsWith(join(server, 'src')) || !code.includes('import.meta.url')) return;
    const address = `new URL('../${relative(server, id)}', import.meta.url).href`;
    return { code: code.replaceAll('import.meta.url', address), map: null };
  },
};

const make = async (): Promise<void> => {
  const { rolldown } = await import('rolldown');
  const dist = dirname(bundle);
  const made = join(dist, `.making-${process.pid}`);
  const making = await rolldown({
    input: join(server, 'src/cli/main.ts'),
    platform: 'node',
    external: apart,
    plugins: [keepAddresses],
    checks: { ineffectiveDynamicImport: false },
  });
  await making.write({
    dir: made,
    format: 'esm',
    sourcemap: true,
    comments: false,
    entryFileNames: 'foyer.js',
  });
  putInPlace(made, dist, 'foyer.js');
};

export const buildServer = async (): Promise<void> => {
  if (isBundleFresh()) return;
  process.stderr.write('Building the server …\n');
  await make();
};
