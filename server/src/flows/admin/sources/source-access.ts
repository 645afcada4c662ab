/** Who may use the routes that are the same for every kind of source. */
import type { FastifyRequest } from 'fastify';
import { domainScopeOf } from '#model/access/domain-scope.ts';
import type { SourceKind } from '#model/sources/source.ts';
import type { StoredSource } from '#model/sources/source-store.ts';
import type { Db } from '#model/tables.ts';
import { type AccessRule, requireScope } from '../access-rule.ts';
import { getSource } from './save-source.ts';
import { rulesOf } from './source-rules.ts';

/** At the door the kind is not known yet: `requireKind` or `getSourceOf` then asks for its own scope. */
export const anySource: AccessRule = {
  scope: Object.values(rulesOf).map(({ resource }) => resource),
  role: 'admin',
};

/** @throws {FoyerError} `forbidden` when the caller's scopes are for other kinds of sources */
export const requireKind = (request: FastifyRequest, kind: SourceKind): void =>
  requireScope(request, rulesOf[kind].resource);

/** The source that the path names. @throws {FoyerError} `not_found`, `forbidden` */
export const getSourceOf = async (deps: { db: Db }, request: FastifyRequest): Promise<StoredSource> => {
  const { id } = request.params as { id: string };
  const source = await getSource(deps, { scope: domainScopeOf(request.caller), id });
  requireKind(request, source.kind);
  return source;
};
