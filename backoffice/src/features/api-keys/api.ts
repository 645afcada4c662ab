/** Requests about API keys, each declared once. */
import type { ApiKeyBody, ApiKeyView, NewApiKeyView } from '@foyer/contract/api-keys.ts';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { api } from '#lib/api.ts';

export type ApiKey = Static<typeof ApiKeyView>;
export type NewApiKey = Static<typeof NewApiKeyView>;

export const apiKeysPath = '/api_keys';

/** Names of scopes, for suggestions. */
export const scopesQuery = queryOptions({
  queryKey: ['/scopes'],
  queryFn: ({ signal }) => api.get<string[]>('/scopes', undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const createApiKey = (body: ApiKeyBody): Promise<NewApiKey> => api.post<NewApiKey>(apiKeysPath, body);

export const deleteApiKey = (id: string): Promise<void> =>
  api.delete(`${apiKeysPath}/${encodeURIComponent(id)}`);

export const forgetApiKeys = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: [apiKeysPath] });
