/** Requests about applications, each declared once. */
import type { ApplicationBody, ApplicationView, NewApplicationView } from '@foyer/contract/applications.ts';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { api, type Tagged } from '#lib/api.ts';

export type Application = Static<typeof ApplicationView>;
export type NewApplication = Static<typeof NewApplicationView>;

export const applicationsPath = '/oauth_apps';

const at = (id: number | string, more = ''): string =>
  `${applicationsPath}/${encodeURIComponent(String(id))}${more}`;

export const readApplication = (id: number | string, signal?: AbortSignal): Promise<Tagged<Application>> =>
  api.getTagged<Application>(at(id), undefined, signal);

export const applicationQuery = (id: string) =>
  queryOptions({
    queryKey: [applicationsPath, id],
    queryFn: ({ signal }) => readApplication(id, signal),
  });

/** Names of scopes, for suggestions. */
export const scopesQuery = queryOptions({
  queryKey: ['/scopes'],
  queryFn: ({ signal }) => api.get<string[]>('/scopes', undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const createApplication = (body: ApplicationBody): Promise<NewApplication> =>
  api.post<NewApplication>(applicationsPath, body);

export const updateApplication = (
  id: number,
  body: ApplicationBody,
  ifMatch: string | undefined,
): Promise<Application> => api.patch<Application>(at(id), body, { ifMatch });

export const deleteApplication = (id: number): Promise<void> => api.delete(at(id));

/** A new secret; those of before keep working until `retireOldSecrets`. */
export const rotateSecret = (id: number): Promise<NewApplication> =>
  api.post<NewApplication>(at(id, '/secret'));

export const retireOldSecrets = (id: number): Promise<void> => api.delete(at(id, '/secret'));

export const forgetApplications = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: [applicationsPath] });
