import type { PublicOrigin } from '#base/http/public-origin.ts';
import { ensureConsoleApplication } from '#model/applications/console-application.ts';
import type { Tx } from '#model/tables.ts';
import type { Domain } from './domain.ts';
import { createDomain, type NewDomain } from './domain-store.ts';

/** A new domain with what each one begins with: the console as its application, and as the app to land in. */
export const foundDomain = async (tx: Tx, origin: PublicOrigin, domain: NewDomain): Promise<Domain> => {
  const created = await createDomain(tx, { config: { default_app: '/backoffice/' }, ...domain });
  await ensureConsoleApplication(tx, created.id, `${origin.of(created.host)}${origin.consolePath}`);
  return created;
};
