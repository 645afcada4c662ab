/**
 * @module `npm test`: every check, on PGlite and on PostgreSQL, browser journeys included. It finds or starts what
 * it needs and never skips in silence: what could not run counts as failed, and the last lines say what ran on what.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './run/find-chromium.ts';
import { findPostgres } from './run/find-postgres.ts';

interface Part {
  name: string;
  on: string;
  passed: number;
  failed: number;
  seconds: number;
}

const root = new URL('../../', import.meta.url).pathname;
const bin = join(root, 'node_modules/.bin');
const scratch = mkdtempSync(join(tmpdir(), 'foyer-test-'));
const parts: Part[] = [];
const only = process.argv.slice(2);

const timed = (name: string, on: string, work: () => { passed: number; failed: number }): void => {
  console.log(`\n── ${name} (${on})`);
  const startedAt = performance.now();
  const { passed, failed } = work();
  parts.push({ name, on, passed, failed, seconds: Math.round((performance.now() - startedAt) / 1_000) });
};

/** A command that passes or fails as a whole. */
const check = (name: string, command: string, args: string[]): void =>
  timed(name, 'source', () => {
    const { status } = spawnSync(join(bin, command), args, { cwd: root, stdio: 'inherit' });
    return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  });

/** A run of Vitest; a run that ends without a report counts as one failure. */
const vitest = (name: string, on: string, filters: string[], env: Record<string, string>): void =>
  timed(name, on, () => {
    const report = join(scratch, `${parts.length}.json`);
    const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile=${report}`, ...filters];
    const { status } = spawnSync(join(bin, 'vitest'), args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    try {
      const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
        readFileSync(report, 'utf8'),
      ) as Record<string, number>;
      const failed = (numFailedTests ?? 0) + (numPendingTests ?? 0);
      // A file that could not even be loaded has no failed test, but a failed suite.
      return {
        passed: numPassedTests ?? 0,
        failed: failed || (status !== 0 ? Math.max(1, numFailedTestSuites ?? 1) : 0),
      };
    } catch {
      return { passed: 0, failed: 1 };
    }
  });

const run = async (): Promise<void> => {
  if (only.length > 0) {
    vitest('chosen tests', process.env.FOYER_TEST_ENGINE ?? 'pglite', only, {});
    return;
  }
  check('style and import arrows', 'biome', ['check', '.']);
  check('types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']);
  check('types of the console', 'tsc', ['--noEmit', '-p', 'backoffice/tsconfig.json']);
  const chromium = findChromium();
  const browser = chromium.path ? { CHROMIUM_PATH: chromium.path } : {};
  console.log(chromium.words);
  await using postgres = await findPostgres();
  console.log(postgres.words);
  const env = { ...browser, ...(postgres.url ? { TEST_DATABASE_URL: postgres.url } : {}) };
  vitest('all tests', 'PGlite', [], { ...env, FOYER_TEST_ENGINE: 'pglite' });
  if (postgres.url) {
    // Rooms that never see a store need no second run.
    const withStore = [
      'server/test/flows',
      'server/test/model',
      'server/test/journeys',
      'server/test/base/db',
      // How a screen looks is one thing on every store.
      '--exclude=server/test/journeys/every-screen.test.ts',
    ];
    vitest('tests with a store', postgres.name, withStore, { ...env, FOYER_TEST_ENGINE: 'postgres' });
  } else {
    timed('tests with a store', 'PostgreSQL', () => ({ passed: 0, failed: 1 }));
  }
  if (!chromium.path) timed('browser journeys', 'Chromium', () => ({ passed: 0, failed: 1 }));
};

await run();
rmSync(scratch, { recursive: true, force: true });
console.log('\nWhat ran on what:');
for (const { name, on, passed, failed, seconds } of parts) {
  console.log(`  ${name} on ${on}: ${passed} passed, ${failed} failed, ${seconds} s`);
}
const sum = (field: 'passed' | 'failed'): number => parts.reduce((total, part) => total + part[field], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') === 0 && sum('passed') > 0 ? 0 : 1);
