import type { DomainId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';
import type { Actor } from './audit.ts';

/**
 * Names of those who acted in a domain, by their ids: its people and API keys, and administrators of the installation.
 * Who is gone has none.
 */
export const findActorNames = async (
  tx: Tx,
  domainId: DomainId,
  actors: readonly Pick<Actor, 'kind' | 'id'>[],
): Promise<Map<string, string>> => {
  const idsOf = (kind: Actor['kind']): string[] => [
    ...new Set(actors.flatMap((actor) => (actor.kind === kind && actor.id !== undefined ? [actor.id] : []))),
  ];
  const people = idsOf('user');
  const keys = idsOf('api_key');
  const users = people.length
    ? await tx.kysely
        .selectFrom('users')
        .select(['id', 'name'])
        .where('id', 'in', people)
        .where((eb) => eb.or([eb('domain_id', '=', domainId), eb('platform_admin', '=', true)]))
        .execute()
    : [];
  const apiKeys = keys.length
    ? await tx.kysely.selectFrom('api_keys').select(['id', 'name']).where('id', 'in', keys).execute()
    : [];
  return new Map([...users, ...apiKeys].map(({ id, name }) => [id, name]));
};
