/**
 * The two parts of undici that the way out needs. Its front door loads fetch, caches and mocks with them, which no
 * start should wait for: twice the time, and 10 MiB.
 */
import { createRequire } from 'node:module';
import type { errors as Errors, Pool as PoolClass } from 'undici';

const require = createRequire(import.meta.url);

export const Pool = require('undici/lib/dispatcher/pool.js') as typeof PoolClass;
export type Pool = PoolClass;
export const errors = require('undici/lib/core/errors.js') as typeof Errors;
