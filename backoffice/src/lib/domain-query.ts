/** A domain, which all its screens show by name. */
import type { DomainView } from '@foyer/contract/domains.ts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';

export const domainQuery = (domainId: string) =>
  queryOptions({
    queryKey: ['/domains', domainId],
    queryFn: ({ signal }) => api.get<DomainView>(`/domains/${domainId}`, undefined, signal),
    staleTime: 30_000,
  });
