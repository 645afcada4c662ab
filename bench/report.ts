/**
 * @module The tables of a run, in Markdown. Everything on the page is computed from the results.
 */
import { writeFileSync } from 'node:fs';
import { judge, type Verdict } from './goals.ts';
import { figure, median, spread } from './lib/stats.ts';
import { type Growth, MODES, type Mode, type Results, type Run } from './lib/types.ts';

const TITLES: Record<Mode, string> = {
  'signin-new': 'Complete sign-in, new people',
  'signin-returning': 'Complete sign-in, returning people',
  session: 'Session check',
  'session-busy': 'Session check while four people sign in with a password',
  code: 'Code to token: authorize with a session, then exchange the code',
  refresh: 'Refresh',
  introspect: 'Introspection',
};

export function writeReport(results: Results, file: string): void {
  const page = [
    ...header(results),
    ...goalTable(judge(results)),
    ...MODES.flatMap((mode) => modeTable(results, mode)),
    ...startUpTable(results),
    ...growthTable(results.growth),
  ];
  writeFileSync(file, `${page.join('\n')}\n`);
}

function header({ meta }: Results): string[] {
  const versions = Object.entries(meta.versions).map(([name, version]) => `${name} ${version}`);
  return [
    '# What the last run measured',
    '',
    'Written by `npm run bench`; do not edit. How it is measured: [bench/README.md](../README.md).',
    '',
    ...(meta.smoke ? ['**A smoke run: it shows that everything works; its numbers mean nothing.**', ''] : []),
    `${meta.date.slice(0, 10)} · ${meta.cpu}, ${meta.cores} cores · Node ${meta.node} · PostgreSQL ` +
      `${meta.postgres}, default durability · ${meta.repetitions} interleaved repetitions of ${meta.seconds} s, ` +
      `${meta.users} virtual people. Median, with lowest and highest behind it.`,
    '',
    versions.join(' · '),
    '',
    ...meta.leftOut.flatMap((why) => [`Left out: ${why.split('\n')[0]}`, '']),
  ];
}

function goalTable(verdicts: Verdict[]): string[] {
  const met = verdicts.filter((v) => v.met).length;
  const missed = verdicts.filter((v) => v.met === false).length;
  const unknown = verdicts.length - met - missed;
  return [
    '## Goals',
    '',
    `${met} met, ${missed} missed, ${unknown} not measured in this run. Costs are server CPU per operation.`,
    '',
    '| goal | bound | measured | |',
    '| --- | --- | --- | --- |',
    ...verdicts.map((v) => `| ${v.goal} | ${bound(v)} | ${withUnit(v.measured, v.unit)} | ${word(v)} |`),
    '',
  ];
}

function bound({ bound: b, unit }: Verdict): string {
  return 'atLeast' in b ? `at least ${b.atLeast}${gap(unit)}` : `at most ${b.atMost}${gap(unit)}`;
}

function gap(unit: Verdict['unit']): string {
  return unit === '×' ? '×' : ` ${unit}`;
}

function withUnit(value: number | undefined, unit: Verdict['unit']): string {
  return value === undefined ? '–' : `${figure(value)}${gap(unit)}`;
}

function word({ met }: Verdict): string {
  if (met === undefined) return 'not measured';
  return met ? 'met' : '**missed**';
}

function modeTable(results: Results, mode: Mode): string[] {
  const runs = results.runs.filter((run) => run.mode === mode);
  if (runs.length === 0) return [];
  const names = [...new Set(runs.map((run) => run.target))];
  const rows = names.map((name) =>
    row(
      results,
      name,
      mode,
      runs.filter((run) => run.target === name),
    ),
  );
  rows.sort((a, b) => a.cost - b.cost);
  return [
    `## ${TITLES[mode]}`,
    '',
    '| server | operations/s | p50 ms | p95 | p99 | server CPU ms | PostgreSQL CPU ms | statements | peak MiB | errors |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((r) => r.line),
    '',
  ];
}

function row(results: Results, name: string, mode: Mode, runs: Run[]): { cost: number; line: string } {
  const failed = runs.find((run) => run.failed !== undefined);
  if (failed) {
    const why = failed.failed?.replaceAll('|', '/').replace(/\s+/g, ' ').slice(0, 120);
    return { cost: Infinity, line: `| ${name} | failed: ${why} | | | | | | | | |` };
  }
  const statements = results.statements.find((s) => s.target === name && s.mode === mode);
  const cells = [
    name,
    spread(runs.map((run) => run.perSecond)),
    spread(runs.map((run) => run.p50)),
    figure(median(runs.map((run) => run.p95))),
    spread(runs.map((run) => run.p99)),
    spread(runs.map((run) => run.cpu?.server)),
    figure(median(runs.map((run) => run.cpu?.postgres))),
    statements === undefined ? '–' : String(statements.perOperation),
    figure(median(runs.map((run) => run.memory?.peakMiB))),
    String(runs.reduce((sum, run) => sum + (run.errors ?? 0), 0)),
  ];
  const cost = median(runs.map((run) => run.cpu?.server)) ?? Infinity;
  return { cost, line: `| ${cells.join(' | ')} |` };
}

function startUpTable({ startUps }: Results): string[] {
  const names = [...new Set(startUps.map((s) => s.target))];
  if (names.length === 0) return [];
  const times = (name: string, on: string) =>
    spread(startUps.filter((s) => s.target === name && s.on === on).map((s) => s.milliseconds));
  return [
    '## Start to first answer',
    '',
    '| server | existing store, ms | empty store, ms |',
    '| --- | --- | --- |',
    ...names.map((name) => `| ${name} | ${times(name, 'existing')} | ${times(name, 'empty')} |`),
    '',
  ];
}

function growthTable(growth: Growth[]): string[] {
  if (growth.length === 0) return [];
  const keys = new Map(growth.map((g) => [`${g.count} ${g.question}`, g]));
  const lines = [...keys.values()].map(({ question, count }) => {
    const of = (mode: Mode) =>
      growth.filter((g) => g.question === question && g.count === count && g.mode === mode);
    const cpu = (mode: Mode) => spread(of(mode).map((g) => g.cpu?.server));
    const postgres = (mode: Mode) => figure(median(of(mode).map((g) => g.cpu?.postgres)));
    const provider = figure(median(growth.filter((g) => g.count === count).map((g) => g.providerKiB)));
    const errors = growth
      .filter((g) => g.question === question && g.count === count)
      .reduce((sum, g) => sum + (g.errors ?? 0) + (g.failed === undefined ? 0 : 1), 0);
    const what = `${count.toLocaleString('en-US')} ${question === 'users' ? 'user rows' : 'domains'}`;
    const cells = ['signin-new', 'signin-returning'] as const;
    return `| ${what} | ${cells.map((m) => `${cpu(m)} | ${postgres(m)}`).join(' | ')} | ${question === 'domains' ? provider : '–'} | ${errors} |`;
  });
  return [
    '## More domains, more people (Foyer on PostgreSQL)',
    '',
    'With several domains each sign-in goes to one picked at random.',
    '',
    '| store holds | new: server CPU ms | PostgreSQL | returning: server CPU ms | PostgreSQL | memory of one provider, KiB | errors |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ];
}
