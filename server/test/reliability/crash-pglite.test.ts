import { crashTests } from './crash.ts';

crashTests('pglite');
