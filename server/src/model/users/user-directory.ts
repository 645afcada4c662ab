/** Lists and look-ups of people for the engine API. */
import { sql } from 'kysely';
import { sqlStateOf } from '#base/db/database.ts';
import { type Listed, type ListRequest, matchesWords, pageByName } from '#base/db/listing.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId, UserId } from '#base/lib/ids.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { Db, Tx } from '#model/tables.ts';
import { isPlainJsonPath } from './plain-json-path.ts';
import { canonicalEmail, type User } from './user.ts';
import { toUser } from './user-store.ts';

const searched = [
  'id',
  'name',
  'nickname',
  'email',
  'login_name',
  'staff_id',
  'first_name',
  'last_name',
  'department',
  'building',
  'phone',
];

export const listUsers = async (
  tx: Tx,
  scope: DomainScope,
  request: ListRequest & { includeDeleted: boolean },
): Promise<Listed<User>> => {
  const matches = matchesWords(searched, request.q);
  const all = tx.kysely
    .selectFrom('users')
    .$if(scope !== everyDomain, (query) => query.where('domain_id', '=', scope as DomainId))
    .$if(!request.includeDeleted, (query) => query.where('deleted_at', 'is', null))
    .$if(matches !== undefined, (query) => query.where(matches as NonNullable<typeof matches>));
  return pageByName(all, request, toUser);
};

/**
 * A person by id (with or without `user-`, anywhere in the scope), else by e-mail address, login name or staff id in
 * `home`. Disabled and deleted people are found, too.
 */
export const findUserByReference = async (
  tx: Tx,
  scope: DomainScope,
  home: DomainId,
  rawReference: string,
): Promise<User | undefined> => {
  const ids = [rawReference, `user-${rawReference}`];
  const rows = await tx.kysely
    .selectFrom('users')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([
          eb('id', 'in', ids),
          ...(scope === everyDomain ? [] : [eb('domain_id', '=', scope as DomainId)]),
        ]),
        eb.and([
          eb('domain_id', '=', home),
          eb.or([
            eb('email_canonical', '=', canonicalEmail(rawReference)),
            eb('login_name', '=', rawReference),
            eb('staff_id', '=', rawReference),
          ]),
        ]),
      ]),
    )
    .execute();
  // An id names one person; what people or administrators choose freely must never stand in for it.
  const named = [
    rows.find((row) => ids.includes(row.id) && row.domain_id === home),
    rows.find((row) => ids.includes(row.id)),
    rows.find((row) => row.email_canonical === canonicalEmail(rawReference)),
    rows.find((row) => row.login_name === rawReference),
    rows[0],
  ].find((row) => row !== undefined);
  return named && toUser(named);
};

/** The person, kept from changing or going until the transaction ends. */
export const lockUser = async (tx: Tx, domainId: DomainId, id: UserId): Promise<User | undefined> => {
  const row = await tx.kysely
    .selectFrom('users')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && toUser(row);
};

/** Sessions, identities with their upstream tokens, token families, consents and API keys go along. */
export const deleteUser = async (tx: Tx, domainId: DomainId, id: UserId): Promise<void> => {
  await tx.kysely.deleteFrom('users').where('domain_id', '=', domainId).where('id', '=', id).execute();
};

/** Whether a source knows the person, so that they can sign in without a password. */
export const hasIdentity = async (tx: Tx, domainId: DomainId, id: UserId): Promise<boolean> => {
  const row = await tx.kysely
    .selectFrom('identities')
    .select('user_id')
    .where('domain_id', '=', domainId)
    .where('user_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
};

/** Groups of the people who have these addresses, in order of the addresses. */
export const listGroupsByEmail = async (
  tx: Tx,
  domainId: DomainId,
  emails: readonly string[],
): Promise<{ id: string; groups: string[] }[]> => {
  const canonical = emails.map(canonicalEmail);
  const rows = await tx.kysely
    .selectFrom('users')
    .select(['id', 'groups', 'email_canonical'])
    .where('domain_id', '=', domainId)
    .where('email_canonical', 'in', canonical)
    .where('deleted_at', 'is', null)
    .execute();
  return rows
    .sort((a, b) => canonical.indexOf(a.email_canonical ?? '') - canonical.indexOf(b.email_canonical ?? ''))
    .map(({ id, groups }) => ({ id, groups }));
};

const searchTimeoutMs = 2_000;

/**
 * People one of whose metadata documents matches a JSON path: it selects something, or, when it is a plain comparison
 * (`$.desk == "a"`), it is true.
 * @throws {FoyerError} `bad_request` for a path that PostgreSQL cannot read, that takes too long, or that is too much
 * for the embedded store
 */
export const searchUsersByMetadata = async (
  db: Db,
  domainId: DomainId,
  jsonPath: string,
  page: Pick<ListRequest, 'limit' | 'offset'>,
): Promise<Listed<User>> => {
  if (db.engine === 'pglite' && !isPlainJsonPath(jsonPath)) {
    throw badFilter('is not a path that the embedded store answers');
  }
  const path = sql`${jsonPath}::jsonpath`;
  // PostgreSQL writes a comparison in parentheses; it always selects one item, true or false, so that one must decide.
  const matching = sql<boolean>`case when ${path}::text ~ '^(strict )?([(!]|exists )'
    then jsonb_path_query_first(m.details, ${path}, '{}', true) = 'true'::jsonb
    else jsonb_path_exists(m.details, ${path}, '{}', true) end`;
  try {
    return await db.transaction(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(searchTimeoutMs)}, true)`.execute(tx.kysely);
      const all = tx.kysely
        .selectFrom('users as u')
        .where('u.domain_id', '=', domainId)
        .where('u.deleted_at', 'is', null)
        .where(
          sql<boolean>`exists (select 1 from metadata m where m.domain_id = u.domain_id and m.parent_id = u.id and ${matching})`,
        );
      const { total } = await all
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const rows = await all
        .selectAll('u')
        .orderBy('u.name')
        .orderBy('u.id')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
      return { rows: rows.map(toUser), total: Number(total) };
    });
  } catch (error) {
    const state = sqlStateOf(error) ?? '';
    const slow = state === '57014';
    if (!slow && !/^(22|42601)/.test(state)) throw error;
    throw badFilter(slow ? 'takes too long' : 'is not a JSON path', error);
  }
};

const badFilter = (restriction: string, cause?: unknown): FoyerError =>
  new FoyerError('bad_request', {
    cause,
    detail: 'invalid value for parameter filter',
    failures: [{ field: 'filter', reason: restriction }],
  });
