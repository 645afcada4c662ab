/**
 * @module The source that a domain sends people straight to. What counts is the domain's `login_url`; these use cases
 * write it, and look first whether that would lock everybody out: the source has to be tried as it is now, and an
 * administrator has to be able to get in without it.
 */
import { type ErrorCode, FoyerError } from '#base/lib/errors.ts';
import type { DomainScope } from '#model/access/domain-scope.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Changes } from '#model/changes.ts';
import { defaultSourceIdOf, loginUrlOf, signInPageUrl } from '#model/domains/default-source.ts';
import type { Domain } from '#model/domains/domain.ts';
import { lockDomain } from '#model/domains/domain-admin-store.ts';
import { updateDomain } from '#model/domains/domain-store.ts';
import { findSourceTest, lockSourceTest, type SourceTest } from '#model/sources/source-test.ts';
import type { Db, Tx } from '#model/tables.ts';
import { hasBreakGlassAccount, lockBreakGlassAccounts } from '#model/users/break-glass.ts';

interface Deps {
  db: Db;
  changes: Changes;
}

const notThere = (id: string): FoyerError =>
  new FoyerError('not_found', { detail: `Key not present: ${id}` });

export interface MakeDefault {
  scope: DomainScope;
  id: string;
  /** Does it although a guard says no. */
  override: boolean;
  reason: string | undefined;
}

type Guard = Extract<ErrorCode, 'not_tested' | 'no_break_glass'>;

/** @throws {FoyerError} `not_found`, `conflict` when it is disabled, `not_tested`, `no_break_glass` */
export const makeDefault = async (deps: Deps, actor: Actor, asked: MakeDefault): Promise<Domain> => {
  const seen = await getSource(deps.db, asked);
  const domain = await deps.db.transaction(async (tx) => {
    const before = await lockDomain(tx, seen.domainId);
    const source = await lockSourceTest(tx, seen.domainId, seen.id);
    if (!before || !source) throw notThere(asked.id);
    if (!source.enabled) {
      throw new FoyerError('conflict', { detail: 'The source is disabled: nobody could sign in through it' });
    }
    const overridden = await failedGuards(tx, source);
    const [first] = overridden;
    if (first && !asked.override) throw new FoyerError(first);
    const loginUrl = loginUrlOf(source);
    const after = before.loginUrl === loginUrl ? before : await updateDomain(tx, before.id, { loginUrl });
    await writeAudit(tx, before.id, actor, {
      action: 'source.make_default',
      sourceId: source.id,
      target: source.id,
      fields: ['login_url'],
      detail: {
        overridden,
        ...(overridden.length > 0 && asked.reason !== undefined && { reason: asked.reason }),
        replaced: defaultSourceIdOf(before.loginUrl) ?? null,
      },
    });
    return after;
  });
  await deps.changes.announce({ kind: 'domain', domainId: domain.id });
  return domain;
};

/** Gives the choice back to the sign-in page, if this source is the default. @throws {FoyerError} `not_found` */
export const endDefault = async (
  deps: Deps,
  actor: Actor,
  asked: Pick<MakeDefault, 'scope' | 'id'>,
): Promise<void> => {
  const source = await getSource(deps.db, asked);
  const ended = await deps.db.transaction(async (tx) => {
    const domain = await lockDomain(tx, source.domainId);
    if (!domain || defaultSourceIdOf(domain.loginUrl) !== source.id) return false;
    await updateDomain(tx, domain.id, { loginUrl: signInPageUrl });
    await writeAudit(tx, domain.id, actor, {
      action: 'source.end_default',
      sourceId: source.id,
      target: source.id,
      fields: ['login_url'],
    });
    return true;
  });
  if (ended) await deps.changes.announce({ kind: 'domain', domainId: source.domainId });
};

const getSource = async (db: Db, { scope, id }: Pick<MakeDefault, 'scope' | 'id'>): Promise<SourceTest> => {
  const source = await findSourceTest(db, scope, id);
  if (!source) throw notThere(id);
  return source;
};

const failedGuards = async (tx: Tx, { domainId, isTested }: SourceTest): Promise<Guard[]> => {
  await lockBreakGlassAccounts(tx, domainId);
  const canGetIn = await hasBreakGlassAccount(tx, domainId);
  return [...(isTested ? [] : (['not_tested'] as const)), ...(canGetIn ? [] : (['no_break_glass'] as const))];
};
