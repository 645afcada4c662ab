/**
 * @module Sign-out: ends the browser's session with every token that came from it, and the family of the bearer token
 * that the request carries. It may be repeated: clients call the address twice.
 */
import { isFoyerError } from '#base/lib/errors.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import { endSession } from '#model/sessions/session-store.ts';
import type { Db } from '#model/tables.ts';
import { type VerifyDeps, verifyAccessToken } from '#model/tokens/access-token.ts';
import { revokeFamily } from '#model/tokens/revoke-family.ts';
import type { Client } from './client.ts';

interface Deps extends VerifyDeps {
  db: Db;
}

export interface SignOut {
  domain: Domain;
  cookieValue: string | undefined;
  rawBearer: string | undefined;
  client: Client;
}

/** Signs the browser out; a cookie or token that is not (any more) valid is passed over. */
export const signOut = async (
  deps: Deps,
  { domain, cookieValue, rawBearer, client }: SignOut,
): Promise<void> => {
  if (cookieValue === undefined && rawBearer === undefined) return;
  const token = rawBearer === undefined ? undefined : await liveToken(deps, domain, rawBearer);
  await deps.db.transaction(async (tx) => {
    const ended = cookieValue === undefined ? undefined : await endSession(tx, domain.id, cookieValue);
    const revoked = token !== undefined && (await revokeFamily(tx, domain.id, token.payload.gid));
    const userId = ended?.userId ?? token?.user?.id;
    if (!ended && !revoked) return;
    const actor: Actor = { kind: 'user', ...(userId !== undefined && { id: userId }), ...client };
    await writeAudit(tx, domain.id, actor, {
      action: 'sign_out',
      ...(userId !== undefined && { target: userId }),
      detail: {
        ...(ended && { session: ended.publicId }),
        ...(revoked && { token_family: token.payload.gid }),
      },
    });
  });
};

const liveToken = (deps: Deps, domain: Domain, rawBearer: string) =>
  verifyAccessToken(deps, domain, rawBearer).catch((error: unknown) => {
    if (isFoyerError(error)) return undefined;
    throw error;
  });
