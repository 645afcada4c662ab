/** Asks a provider about itself when a preset needs it: the tenant of a domain, the addresses of an issuer. */
import type { DiscoveredProvider } from '@foyer/contract/dry-runs.ts';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { discover } from '../api.ts';
import type { Discovery } from './question-fields.tsx';

export interface UseDiscovery extends Discovery {
  provider: DiscoveredProvider | undefined;
  ask(issuer: string | undefined): void;
}

export const useDiscovery = (): UseDiscovery => {
  const [wanted, setWanted] = useState<string>();
  const [issuer] = useDebouncedValue(wanted, 700);
  const { data, isFetching, isError } = useQuery({
    queryKey: ['/source_checks/discover', issuer],
    queryFn: ({ signal }) => discover(issuer ?? '', signal),
    enabled: issuer !== undefined,
    retry: false,
    staleTime: 60_000,
  });
  const isCurrent = wanted !== undefined && wanted === issuer;
  const provider = isCurrent ? data : undefined;
  return {
    provider,
    busy: wanted !== undefined && (!isCurrent || isFetching),
    found: provider?.tenant_id ?? provider?.issuer,
    failed: isCurrent && isError && !isFetching,
    ask: setWanted,
  };
};
