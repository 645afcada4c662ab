/**
 * What the audit log is asked for, as the address says it: `action`, `outcome`, `actor`, `target`, `source`, `from`,
 * `until` (days), `domain`, `q`.
 */
import type { AddressSearch } from '#lib/address.ts';
import type { Query } from '#lib/api.ts';

export const filterNames = [
  'q',
  'domain',
  'action',
  'outcome',
  'actor',
  'target',
  'source',
  'from',
  'until',
] as const;

export const hasFilter = (address: AddressSearch): boolean =>
  filterNames.some((name) => (address[name] ?? '') !== '');

/** Takes every filter away. */
export const noFilter: AddressSearch = Object.fromEntries(
  [...filterNames, 'page'].map((name) => [name, undefined]),
);

const secondsOf = (day: string | undefined, time: string): number | undefined => {
  const at = day === undefined ? Number.NaN : new Date(`${day}T${time}`).getTime();
  return Number.isNaN(at) || at < 0 ? undefined : Math.floor(at / 1000);
};

/** The server's parameters; days are those of the reader's zone, the last one included. */
export const queryOf = (address: AddressSearch, domainId: string | undefined): Query => ({
  authority_id: domainId ?? address.domain,
  q: address.q,
  action: address.action,
  outcome: address.outcome,
  actor_id: address.actor,
  target: address.target,
  source_id: address.source,
  since: secondsOf(address.from, '00:00:00'),
  until: secondsOf(address.until, '23:59:59'),
});

/** Whether the period ends before it begins. */
export const isBackwards = ({ from, until }: AddressSearch): boolean =>
  from !== undefined && until !== undefined && from !== '' && until !== '' && until < from;
