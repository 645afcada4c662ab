import { lookup } from 'node:dns/promises';

/** All addresses of a host, A and AAAA. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/**
 * The resolver of the system (hosts file included). Look-ups of one host share one call: each holds a thread of a
 * small pool that everybody uses, so a name server that hangs must not take them all.
 */
export const createSystemResolver = (): ResolveHost => {
  const underWay = new Map<string, Promise<readonly string[]>>();
  return (host) => {
    const shared = underWay.get(host);
    if (shared !== undefined) return shared;
    const started = lookup(host, { all: true })
      .then((found) => found.map(({ address }) => address))
      .finally(() => underWay.delete(host));
    underWay.set(host, started);
    return started;
  };
};
