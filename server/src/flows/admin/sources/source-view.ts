import { unixSeconds } from '#base/lib/clock.ts';
import { type Source, secretFields } from '#model/sources/source.ts';

/** A source for administrators: every setting, and of secrets only whether they are set (S-94). */
export const sourceView = (source: Source): Record<string, unknown> => ({
  ...source.settings,
  ...Object.fromEntries(
    secretFields[source.kind].map((field) => [`${field}_set`, source.secretsSet.includes(field)]),
  ),
  id: source.id,
  name: source.name,
  authority_id: source.domainId,
  enabled: source.enabled,
  created_at: unixSeconds(source.createdAt),
  updated_at: unixSeconds(source.updatedAt),
});
