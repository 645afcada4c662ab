import { FoyerError } from '#base/lib/errors.ts';
import { canonicalHost, type Domain } from '#model/domains/domain.ts';
import type { Services } from '../../services.ts';
import { UsageError } from '../usage.ts';

/** The domain that `--domain` names; without it, the only one there is. @throws {FoyerError} | {UsageError} */
export const domainOf = async (
  services: Services,
  rawHost: string | boolean | undefined,
): Promise<Domain> => {
  if (typeof rawHost === 'string') {
    const host = canonicalHost(rawHost);
    const domain = host && (await services.domains.byHost(host));
    if (!domain)
      throw new FoyerError('not_found', {
        detail: `there is no domain ${rawHost}; foyer domain add makes one`,
      });
    return domain;
  }
  const hosts = await services.db.kysely.selectFrom('domains').select('host').limit(2).execute();
  const only = hosts.length === 1 ? hosts[0] : undefined;
  const domain = only && (await services.domains.byHost(only.host));
  if (!domain) throw new UsageError('--domain is missing: the host name of the domain.');
  return domain;
};
