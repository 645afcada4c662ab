/** What an operator's command answers, and what it is given. */
import type { Services } from '../../services.ts';

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
