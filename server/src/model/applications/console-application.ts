/**
 * The console's own application. Every domain has it: trusted, public, with the redirect URI of the address under which
 * people reach the domain now.
 */
import { clientIdOf, type DomainId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';
import { findClient } from './application-store.ts';

/** @param consoleUrl public address of a console on the domain's host, with a slash at the end */
export const consoleClient = (consoleUrl: string): { clientId: string; redirectUri: string } => {
  const redirectUri = `${consoleUrl}oauth-resp.html`;
  return { clientId: clientIdOf(redirectUri), redirectUri };
};

/**
 * Makes the application unless it is there, on however many nodes at once; answers whether it was made. A name that is
 * taken (by the application of the domain's former address) gets the address behind it.
 */
export const ensureConsoleApplication = async (
  tx: Tx,
  domainId: DomainId,
  consoleUrl: string,
): Promise<boolean> => {
  const { clientId, redirectUri } = consoleClient(consoleUrl);
  const { origin, pathname } = new URL(consoleUrl);
  const plainName = pathname.replaceAll('/', '');
  for (const name of [plainName, `${plainName} ${origin}`]) {
    if (await findClient(tx, domainId, clientId)) return false;
    const made = await tx.kysely
      .insertInto('applications')
      .values({
        domain_id: domainId,
        uid: clientId,
        name,
        redirect_uri: redirectUri,
        scopes: 'public',
        skip_authorization: true,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made) return true;
  }
  return false;
};
