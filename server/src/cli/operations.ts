/**
 * @module What an operator may do from the command line, by name; run in the server's process or in their own.
 */
import type { Services } from '../services.ts';
import { addDomain } from './operations/add-domain.ts';
import { createAdmin } from './operations/create-admin.ts';
import { examine } from './operations/examine.ts';
import { rotateKeys } from './operations/rotate-keys.ts';

export interface OperationResult {
  /** For people. */
  words: string;
  /** For programs (`--json`). */
  data: Record<string, unknown>;
  /** True when the command should end with an error. */
  failed?: boolean;
}

export type OperationOptions = Record<string, string | boolean | undefined>;
export type Operation = (services: Services, options: OperationOptions) => Promise<OperationResult>;

export const operations = {
  'admin.create': createAdmin,
  'domain.add': addDomain,
  'keys.rotate': rotateKeys,
  doctor: examine,
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
