/** The console signs in as an application of the domain; domains made before there was a console get it here. */
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { ApplicationCache } from '#model/applications/application-cache.ts';
import { consoleClient, ensureConsoleApplication } from '#model/applications/console-application.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Changes } from '#model/changes.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Db } from '#model/tables.ts';

export interface EnsureDeps {
  db: Db;
  changes: Changes;
  origin: PublicOrigin;
  applications: ApplicationCache;
}

/** Also after PUBLIC_URL or the domain's host has changed, since the redirect URI is another one then. */
export const ensureApplication = async (deps: EnsureDeps, domain: Domain, path: string) => {
  const consoleUrl = `${deps.origin.of(domain.host)}${path}`;
  const client = consoleClient(consoleUrl);
  if (await deps.applications.byClientId(domain.id, client.clientId)) return client;
  const made = await deps.db.transaction(async (tx) => {
    if (!(await ensureConsoleApplication(tx, domain.id, consoleUrl))) return false;
    await writeAudit(
      tx,
      domain.id,
      { kind: 'system' },
      { action: 'application.create', target: client.clientId, fields: ['redirect_uri'] },
    );
    return true;
  });
  if (made) await deps.changes.announce({ kind: 'application', domainId: domain.id });
  return client;
};
