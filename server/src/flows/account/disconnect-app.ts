import { FoyerError } from '#base/lib/errors.ts';
import { disconnectApp } from '#model/account/account-store.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import type { Db } from '#model/tables.ts';
import { type Client, userActor } from './client.ts';

export interface Disconnect {
  domain: Domain;
  signedIn: SignedIn;
  applicationId: number;
  client: Client;
}

/** Takes an app's consent and tokens away (S-72). @throws {FoyerError} `not_found` when it had neither */
export const disconnect = async (deps: { db: Db }, request: Disconnect): Promise<void> => {
  const { domain, signedIn, applicationId, client } = request;
  const { user } = signedIn;
  await deps.db.transaction(async (tx) => {
    const known =
      Number.isSafeInteger(applicationId) && (await disconnectApp(tx, domain.id, user.id, applicationId));
    if (!known) throw new FoyerError('not_found', { detail: 'no such app of this person' });
    await writeAudit(tx, domain.id, userActor(client, user.id), {
      action: 'app.disconnect',
      applicationId: String(applicationId),
      target: user.id,
    });
  });
};
