import { FoyerError } from '#base/lib/errors.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { endSessionByPublicId } from '#model/sessions/session-store.ts';
import type { Db } from '#model/tables.ts';
import { type Client, userActor } from './client.ts';

export interface EndOneSession {
  domain: Domain;
  signedIn: SignedIn;
  publicId: string;
  client: Client;
}

/** Ends one of the person's own sessions with its tokens (S-88). @throws {FoyerError} `not_found` for any other */
export const endOneSession = async (deps: { db: Db }, end: EndOneSession): Promise<void> => {
  const { domain, signedIn, publicId, client } = end;
  await deps.db.transaction(async (tx) => {
    const ended = await endSessionByPublicId(tx, domain.id, signedIn.user.id, publicId);
    if (!ended) throw new FoyerError('not_found', { detail: 'no such session of this person' });
    await writeAudit(tx, domain.id, userActor(client, signedIn.user.id), {
      action: 'session.end',
      target: signedIn.user.id,
      detail: { session: publicId },
    });
  });
};
