import { crashTests } from './crash.ts';

crashTests('postgres');
