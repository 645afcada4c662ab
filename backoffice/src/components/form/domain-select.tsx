import type { DomainView } from '@foyer/contract/domains.ts';
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { uiWords } from '#components/ui/words.ts';
import { api } from '#lib/api.ts';
import { domainQuery } from '#lib/domain-query.ts';
import { useWords } from '#lib/words.ts';

export interface DomainSelectProps
  extends Pick<SelectProps, 'label' | 'description' | 'error' | 'required' | 'disabled' | 'w'> {
  value: string | null;
  onChange: (domainId: string | null) => void;
  /** Shown above the domains, e.g. for the server itself. */
  others?: readonly { value: string; label: string }[];
  /** What no choice means. */
  placeholder?: string;
}

const shown = 50;

/** One of the domains that the reader administers, found by typing. */
export const DomainSelect = ({ value, onChange, others = [], ...rest }: DomainSelectProps) => {
  const common = useWords(uiWords);
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search, 200);
  const params = { q: q || undefined, limit: shown };
  const { data } = useQuery({
    queryKey: ['/domains', params],
    queryFn: ({ signal }) => api.list<DomainView>('/domains', params, signal),
    placeholderData: keepPreviousData,
  });
  const isOther = others.some((each) => each.value === value);
  const { data: chosen } = useQuery({ ...domainQuery(value ?? ''), enabled: value !== null && !isOther });
  const found = [...(chosen ? [chosen] : []), ...(data?.rows ?? [])];
  const options = new Map(found.map(({ id, name, domain }) => [id, `${name} (${domain})`]));
  const { placeholder } = rest;
  return (
    <Select
      {...rest}
      data={[...others, ...[...options].map(([id, label]) => ({ value: id, label }))]}
      value={value}
      onChange={onChange}
      searchable
      clearable={placeholder !== undefined}
      clearButtonProps={{ 'aria-label': common.clear }}
      onSearchChange={setSearch}
      // The server has searched already, also in what is not shown.
      filter={({ options: all }) => all}
    />
  );
};
