#!/usr/bin/env node
// Foyer runs on Node 24 or newer. Under an older Node this file starts itself again with the Node 24 that npm
// installed beside it, so that `npm ci` is all a machine needs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
// As a whole: an older Node would refuse to name what it does not have.
import * as nodeModule from 'node:module';
import { join } from 'node:path';

if (Number(process.versions.node.split('.')[0]) >= 24) {
  nodeModule.enableCompileCache?.();
  const { bundle, isBundleFresh } = await import('./bundle.js');
  await import(isBundleFresh() ? bundle : '../src/cli/main.ts');
} else {
  const node = bundledNode();
  if (!node) {
    console.error(
      `Foyer needs Node 24 or newer; this is ${process.version}, and there is no prebuilt Node for this system.`,
    );
    process.exit(1);
  }
  console.error(
    `Node ${process.version} is older than 24; continuing with the Node 24 that came with the packages.`,
  );
  const child = spawn(node, [new URL(import.meta.url).pathname, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}

function bundledNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const names = [`node-${system}-${process.arch}`, `node-bin-${system}-${process.arch}`];
  const require = nodeModule.createRequire(import.meta.url);
  for (const name of names) {
    for (const folder of require.resolve.paths(name) ?? []) {
      const path = join(folder, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}
