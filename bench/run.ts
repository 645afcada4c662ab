/**
 * @module `npm run bench`: installs what the run needs the first time, then measures.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';

const folder = import.meta.dirname;

if (platform() !== 'linux') {
  console.error('The benchmark reads CPU time from /proc, so it runs on Linux only.');
  process.exit(1);
}
// npm writes this file last: without it an earlier installation was cut short.
if (!existsSync(join(folder, 'node_modules', '.package-lock.json'))) {
  console.log('First run: installing the servers to compare with (about a minute) …');
  const install = spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], {
    stdio: 'inherit',
  });
  if (install.status !== 0) {
    console.error('npm ci failed; nothing was measured.');
    process.exit(1);
  }
  console.log('Installed.');
}
// Only now: these modules import what was installed above.
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
