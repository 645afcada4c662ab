import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { endAllSessions } from '#model/sessions/session-store.ts';
import type { Db } from '#model/tables.ts';
import { type Client, userActor } from './client.ts';

export interface SignOutEverywhere {
  domain: Domain;
  signedIn: SignedIn;
  client: Client;
}

/** Ends every session and token of the person, this browser's too (S-61, S-88). */
export const signOutEverywhere = async (deps: { db: Db }, request: SignOutEverywhere): Promise<void> => {
  const { domain, signedIn, client } = request;
  const { id } = signedIn.user;
  await deps.db.transaction(async (tx) => {
    await endAllSessions(tx, domain.id, id);
    await writeAudit(tx, domain.id, userActor(client, id), { action: 'sign_out_everywhere', target: id });
  });
};
