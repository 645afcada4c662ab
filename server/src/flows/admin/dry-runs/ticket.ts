/**
 * @module A dry run under way. The server keeps nothing of it: the draft with its secrets is sealed into a ticket, which
 * the console holds and only this administrator can use, for ten minutes.
 */
import type { StepView } from '@foyer/contract/dry-runs.ts';
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import { openWith, type SealedPlace, type SecretKey, sealWith } from '#base/lib/secret-box.ts';
import type { SourceKind } from '#model/sources/source.ts';

export interface DryRun {
  domainId: DomainId;
  sourceId: SourceId;
  kind: SourceKind;
  settings: Record<string, unknown>;
  secrets: Record<string, unknown>;
  /** Of the configuration, for the pass. */
  digest: string;
  state: string;
  redirectUri: string;
  nonce: string;
  codeVerifier: string;
  createdAtMs: number;
  steps: StepView[];
}

const lifeMs = 10 * 60_000;
/** Clocks of two nodes may differ by as much. */
const skewMs = 60_000;
const maxTicketLength = 200_000;

const place = (domainId: string, administrator: string): SealedPlace => ({
  domainId,
  table: 'dry_run',
  column: 'ticket',
  rowId: administrator,
});

export const sealTicket = (key: SecretKey, administrator: string, run: DryRun): string =>
  `${run.domainId}.${sealWith(key, 1, place(run.domainId, administrator), JSON.stringify(run)).toString('base64url')}`;

/** @throws {FoyerError} `not_found` for anybody else's ticket, `flow_expired` */
export const openTicket = (
  key: SecretKey,
  administrator: string,
  rawTicket: string,
  clock: Clock,
): DryRun => {
  const [domainId = '', sealed = ''] = rawTicket.length > maxTicketLength ? [] : rawTicket.split('.');
  let run: DryRun;
  try {
    run = JSON.parse(
      openWith(key, place(domainId, administrator), Buffer.from(sealed, 'base64url')),
    ) as DryRun;
  } catch (error) {
    if (!isFoyerError(error, 'secret_unreadable')) throw error;
    throw new FoyerError('not_found', { detail: 'no dry run of yours has this ticket' });
  }
  const ageMs = clock.nowMs() - run.createdAtMs;
  if (ageMs > lifeMs || ageMs < -skewMs)
    throw new FoyerError('flow_expired', { detail: 'begin the dry run again' });
  return run;
};
