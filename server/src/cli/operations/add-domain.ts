import { isUniqueViolation } from '#base/db/database.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { newDomainId } from '#base/lib/ids.ts';
import { writeAudit } from '#model/audit/audit.ts';
import { canonicalHost } from '#model/domains/domain.ts';
import { foundDomain } from '#model/domains/found-domain.ts';
import type { Services } from '../../services.ts';
import { UsageError } from '../usage.ts';
import type { OperationOptions, OperationResult } from './operation.ts';

/** Makes a domain with the defaults of the engine API. */
export const addDomain = async (services: Services, options: OperationOptions): Promise<OperationResult> => {
  const rawHost = options.host;
  if (typeof rawHost !== 'string') throw new UsageError('--host is missing: the host name of the domain.');
  const host = canonicalHost(rawHost);
  if (!host) throw new UsageError(`--host "${rawHost}" is not a host name.`);
  const name = typeof options.name === 'string' ? options.name : host;
  const domain = await services.db
    .transaction(async (tx) => {
      const created = await foundDomain(tx, services.origin, { id: newDomainId(), name, host });
      await writeAudit(tx, created.id, { kind: 'operator' }, { action: 'domain.create', target: created.id });
      return created;
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error))
        throw new FoyerError('conflict', { detail: `there is a domain ${host} already` });
      throw error;
    });
  await services.changes.announce({ kind: 'domain', domainId: domain.id });
  return {
    words: `Domain ${name} (${domain.id}) is at ${services.origin.of(host)}`,
    data: { id: domain.id, host, name, url: services.origin.of(host) },
  };
};
