import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** Releases of `@placeos/ts-client`: the newest that works for us, and the one that Backoffice ships. */
export const clientReleases = ['4.7.7', '3.23.2'] as const;
export type ClientRelease = (typeof clientReleases)[number];

const folder = fileURLToPath(new URL('../client-app/', import.meta.url));

const installed = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** 3.x needs older peers than 4.x, so it belongs to the other workspace, where npm gives it its own. */
const packages: Record<ClientRelease, { folder: string; entry: string }> = {
  '4.7.7': { folder: installed('node_modules/@placeos/ts-client'), entry: 'dist/index.es.js' },
  '3.23.2': { folder: installed('testkit/node_modules/ts-client-3'), entry: 'dist/esm/index.js' },
};

/** The app's files by name, with the client of that release, unmodified, bundled in. */
export const buildClientApp = async (release: ClientRelease): Promise<Record<string, string>> => {
  const client = packages[release];
  const { version } = JSON.parse(readFileSync(join(client.folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  if (version !== release) throw new Error(`@placeos/ts-client is ${version}, not ${release}`);
  const bundle = await rolldown({
    input: join(folder, 'app.js'),
    platform: 'browser',
    resolve: { alias: { '@placeos/ts-client': join(client.folder, client.entry) } },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return {
    'index.html': readFileSync(join(folder, 'index.html'), 'utf8'),
    'app.js': output[0].code,
    'oauth-resp.html': readFileSync(join(client.folder, 'dist/oauth-resp.html'), 'utf8'),
  };
};
