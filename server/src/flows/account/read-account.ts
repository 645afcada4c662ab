import { FoyerError } from '#base/lib/errors.ts';
import {
  type ConnectedApp,
  type LinkedIdentity,
  listConnectedApps,
  listLinkedIdentities,
} from '#model/account/account-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Session, SignedIn } from '#model/sessions/session.ts';
import { listSessions } from '#model/sessions/session-store.ts';
import { listSignInChoices, type SignInChoice } from '#model/sources/list-sign-in-choices.ts';
import type { Db } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';
import { findUser } from '#model/users/user-store.ts';

/** Everything that the account page shows. */
export interface Account {
  user: User;
  identities: LinkedIdentity[];
  sessions: Session[];
  apps: ConnectedApp[];
  /** Enabled sources that the person could connect to the account. */
  unconnected: SignInChoice[];
}

/** @throws {FoyerError} `not_found` when the person was removed a moment ago */
export const readAccount = async (
  deps: { db: Db },
  domain: Domain,
  { user: { id } }: SignedIn,
): Promise<Account> => {
  const [user, identities, sessions, apps, choices] = await Promise.all([
    findUser(deps.db, domain.id, id),
    listLinkedIdentities(deps.db, domain.id, id),
    listSessions(deps.db, domain.id, id),
    listConnectedApps(deps.db, domain.id, id),
    listSignInChoices(deps.db, domain.id),
  ]);
  if (!user) throw new FoyerError('not_found', { detail: `user ${id}` });
  const connected = new Set(identities.map(({ sourceId }) => sourceId));
  // Sources of the other protocols cannot be connected yet.
  const unconnected = choices.filter((each) => each.provider === 'oauth2' && !connected.has(each.id));
  return { user, identities, sessions, apps, unconnected };
};
