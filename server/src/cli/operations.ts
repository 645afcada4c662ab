/**
 * @module What an operator may do from the command line, by name; run in the server's process or in their own.
 */
import { addDomain } from './operations/add-domain.ts';
import { createAdmin } from './operations/create-admin.ts';
import { examine } from './operations/examine.ts';
import type { Operation } from './operations/operation.ts';
import { rescueAdmin } from './operations/rescue-admin.ts';
import { rotateKeys } from './operations/rotate-keys.ts';

export const operations = {
  'admin.create': createAdmin,
  'admin.rescue': rescueAdmin,
  'domain.add': addDomain,
  'keys.rotate': rotateKeys,
  doctor: examine,
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
