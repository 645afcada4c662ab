/**
 * @module What the command line may say.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_PROGRAM } from './foyer/foyer.ts';
import { GROWTH_MODES, type GrowthMode, MODES, type Mode } from './lib/types.ts';

export const HELP = `npm run bench -- [options]

Measures Foyer beside other servers and a hand-written floor, in one run.

  --only a,b       only these servers: foyer, foyer-pglite, floor, floor-pg, floor-pglite,
                   fastify-oauth2, passport, better-auth, oidc-provider, oidc-provider-opaque
  --modes a,b      only these operations: ${MODES.join(', ')};
                   or these questions about Foyer: ${GROWTH_MODES.join(', ')}
  --reps 3         repetitions; the order of the servers turns round after each
  --seconds 5      how long each operation is measured, after a warm-up
  --users 16       virtual people at a time
  --smoke          one repetition of one second, small numbers: does everything still work?
  --out FILE       where the results go (bench/results/latest.json; without all servers
                   and operations, and with --smoke: bench/results/tmp/)
  --foyer FILE     measure another checkout's server/bin/foyer.js
  --report         write the tables of the last results again, measure nothing
  --help`;

export interface Options {
  only: string[] | undefined;
  modes: Mode[];
  growth: GrowthMode[];
  repetitions: number;
  seconds: number;
  warmSeconds: number;
  users: number;
  smoke: boolean;
  out: string;
  foyerProgram: string;
  reportOnly: boolean;
  help: boolean;
}

/** @throws Error that says which option is wrong. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      modes: { type: 'string' },
      reps: { type: 'string' },
      seconds: { type: 'string' },
      users: { type: 'string' },
      smoke: { type: 'boolean', default: false },
      out: { type: 'string' },
      foyer: { type: 'string' },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { smoke } = values;
  const wanted = values.modes?.split(',') ?? [...MODES, ...GROWTH_MODES];
  const unknown = wanted.find((m) => !MODES.some((k) => k === m) && !GROWTH_MODES.some((k) => k === m));
  if (unknown !== undefined) throw new Error(`--modes: there is no "${unknown}"`);
  // Only a whole run may replace the results that are kept.
  const isWhole = values.only === undefined && values.modes === undefined;
  const name = smoke ? 'tmp/smoke.json' : isWhole ? 'latest.json' : 'tmp/partial.json';
  return {
    only: values.only?.split(','),
    modes: MODES.filter((mode) => wanted.includes(mode)),
    growth: GROWTH_MODES.filter((mode) => wanted.includes(mode)),
    repetitions: positive('--reps', values.reps, smoke ? 1 : 3),
    seconds: positive('--seconds', values.seconds, smoke ? 1 : 5),
    warmSeconds: smoke ? 0.3 : 2,
    users: positive('--users', values.users, smoke ? 4 : 16),
    smoke,
    out: values.out === undefined ? resolve(import.meta.dirname, 'results', name) : resolve(values.out),
    foyerProgram: values.foyer === undefined ? DEFAULT_PROGRAM : resolve(values.foyer),
    reportOnly: values.report,
    help: values.help,
  };
}

function positive(name: string, raw: string | undefined, fallback: number): number {
  if (raw === undefined) return fallback;
  const value = Number(raw);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0, not "${raw}"`);
  return value;
}
