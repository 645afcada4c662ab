/** Sources with how they are doing: the same few queries for one as for many. */
import type { KeyObject } from 'node:crypto';
import type { SourceState, SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { type Clock, unixSeconds } from '#base/lib/clock.ts';
import type { AttemptRecorder } from '#model/attempts/attempt-recorder.ts';
import {
  type DayCounts,
  healthKey,
  readSourceDays,
  readSourceHealth,
  type SourceHealth,
} from '#model/attempts/source-health.ts';
import { defaultSourceIdOf } from '#model/domains/default-source.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { DomainCache } from '#model/domains/domain-cache.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { consentStateKey } from '#model/sources/consent-state.ts';
import type { Source } from '#model/sources/source.ts';
import type { Db } from '#model/tables.ts';
import { sourceAddresses } from './source-addresses.ts';
import { secretNotesView } from './source-view.ts';

interface Deps {
  db: Db;
  keyring: Keyring;
  clock: Clock;
  domains: DomainCache;
  origin: PublicOrigin;
  recorder: Pick<AttemptRecorder, 'flush'>;
}

const dayMs = 86_400_000;
const days = 7;
/** So many failures in a row are no accident. */
const failingFrom = 3;

export const summarizeSources = async (deps: Deps, sources: readonly Source[]): Promise<SourceSummary[]> => {
  const { db, clock, recorder } = deps;
  await recorder.flush();
  const today = Math.floor(clock.nowMs() / dayMs) * dayMs;
  const week = Array.from({ length: days }, (_, i) => new Date(today - (days - 1 - i) * dayMs));
  const health = await readSourceHealth(db, sources);
  const counted = await readSourceDays(db, sources, week[0] as Date);
  const domains = await domainsOf(deps, sources);
  const consentKey = await consentStateKey(deps.keyring);
  return sources.flatMap((source) => {
    const domain = domains.get(source.domainId);
    const seen = health.get(healthKey(source));
    // Deleted between the queries.
    if (!domain || !seen) return [];
    const facts = { source, domain, seen, week, counted: counted.get(healthKey(source)) ?? [] };
    return [summaryOf({ ...deps, consentKey }, facts)];
  });
};

const domainsOf = async ({ domains }: Deps, sources: readonly Source[]): Promise<Map<string, Domain>> => {
  const found = new Map<string, Domain>();
  for (const id of new Set(sources.map(({ domainId }) => domainId))) {
    const domain = await domains.byId(id);
    if (domain) found.set(id, domain);
  }
  return found;
};

interface Facts {
  source: Source;
  domain: Domain;
  seen: SourceHealth;
  week: readonly Date[];
  counted: readonly DayCounts[];
}

const summaryOf = (
  { clock, origin, consentKey }: Deps & { consentKey: KeyObject },
  { source, domain, seen, week, counted }: Facts,
): SourceSummary => {
  const secrets = secretNotesView(source);
  const state = stateOf(source, seen);
  const ends = Object.values(secrets).flatMap((note) =>
    note.set && note.expires_at ? [note.expires_at] : [],
  );
  const { lastSuccessAt, lastFailureAt, testedAt, testedBy, faultsSince } = seen;
  return {
    id: source.id,
    kind: source.kind,
    name: source.name,
    authority_id: source.domainId,
    enabled: source.enabled,
    is_default: defaultSourceIdOf(domain.loginUrl) === source.id,
    state,
    ...(state === 'failing' && faultsSince && { failing_since: unixSeconds(faultsSince) }),
    ...(lastSuccessAt && { last_success_at: unixSeconds(lastSuccessAt) }),
    ...(lastFailureAt && { last_failure_at: unixSeconds(lastFailureAt) }),
    week: week.map((at) => {
      const day = at.toISOString().slice(0, 10);
      const { ok = 0, denied = 0 } = counted.find((each) => each.day === day) ?? {};
      return { day, ok, denied };
    }),
    version: source.version,
    ...(testedAt && { tested_at: unixSeconds(testedAt) }),
    ...(testedBy !== undefined && { tested_by: testedBy }),
    secrets,
    ...(ends.length > 0 && {
      secret_days_left: Math.floor((Math.min(...ends) * 1_000 - clock.nowMs()) / dayMs),
    }),
    users: seen.users,
    updated_at: unixSeconds(source.updatedAt),
    ...sourceAddresses({ origin, consentKey }, domain, source),
  };
};

/** A source that is not offered and that nobody has ever signed in through has not been live. */
const stateOf = (
  { enabled }: Source,
  { faults, users, lastSuccessAt, testedAt }: SourceHealth,
): SourceState => {
  if (enabled) return faults >= failingFrom ? 'failing' : 'live';
  if (users > 0 || lastSuccessAt) return 'disabled';
  return testedAt ? 'tested' : 'draft';
};
