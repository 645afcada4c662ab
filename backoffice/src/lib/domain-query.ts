/** A domain, which all its screens show by name. */
import type { DomainView } from '@foyer/contract/domains.ts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';

/** With the tag that a change of it is based on. */
export const taggedDomainQuery = (domainId: string) =>
  queryOptions({
    queryKey: ['/domains', domainId],
    queryFn: ({ signal }) => api.getTagged<DomainView>(`/domains/${domainId}`, undefined, signal),
    staleTime: 30_000,
  });

export const domainQuery = (domainId: string) =>
  queryOptions({ ...taggedDomainQuery(domainId), select: ({ value }) => value });
