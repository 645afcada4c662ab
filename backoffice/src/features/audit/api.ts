/** Requests about the audit log, each declared once. */
import type { AuditView } from '@foyer/contract/audit.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Query, request } from '#lib/api.ts';

export const auditPath = '/audit';
export const pageSize = 50;

export const auditQuery = (filter: Query, page: number) => {
  const params = { ...filter, limit: pageSize, offset: (page - 1) * pageSize };
  return queryOptions({
    queryKey: [auditPath, params],
    queryFn: ({ signal }) => api.list<AuditView>(auditPath, params, signal),
    placeholderData: keepPreviousData,
    // Looking at it again is how one sees what has just happened.
    staleTime: 0,
  });
};

/** All rows that match, as CSV. */
export const exportAudit = async (filter: Query): Promise<Blob> =>
  (await request('GET', `${auditPath}/export`, { query: filter })).blob();
