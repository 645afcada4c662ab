import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api.ts';

/** A refusal stays one; only an answer that never came, or a server in trouble, is worth a second try. */
const isWorthRetrying = (error: Error): boolean => !(error instanceof ApiError) || error.status >= 500;

/**
 * The key of a query is its path, then its parameters: `['/domains', { q: 'a' }]`. So
 * `queryClient.invalidateQueries({ queryKey: ['/domains'] })` after a change reads every page of it anew.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 1 && isWorthRetrying(error),
      refetchOnWindowFocus: false,
    },
  },
});
