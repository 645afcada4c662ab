import type { AdminUserView } from '@foyer/contract/users.ts';
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { uiWords } from '#components/ui/words.ts';
import { api } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';

export interface PersonSelectProps
  extends Pick<SelectProps, 'label' | 'description' | 'error' | 'required' | 'placeholder' | 'w' | 'name'> {
  /** Absent: people of every domain that the reader administers. */
  domainId: string | undefined;
  value: string | null;
  onChange: (userId: string | null) => void;
}

const shown = 20;

/** A person, found by typing some of their name, e-mail address or id. */
export const PersonSelect = ({ domainId, value, onChange, ...rest }: PersonSelectProps) => {
  const common = useWords(uiWords);
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search, 200);
  const params = { authority_id: domainId, q: q || undefined, limit: shown };
  const { data } = useQuery({
    queryKey: ['/users', params],
    queryFn: ({ signal }) => api.list<AdminUserView>('/users', params, signal),
    placeholderData: keepPreviousData,
  });
  const { data: chosen } = useQuery({
    queryKey: ['/users', value, 'name'],
    queryFn: ({ signal }) =>
      api.get<AdminUserView>(`/users/${encodeURIComponent(value ?? '')}`, undefined, signal),
    enabled: value !== null,
    retry: false,
  });
  const options = new Map((data?.rows ?? []).map((person) => [person.id, labelOf(person)]));
  // Who is chosen has a name even when the list shows others, or when they are gone.
  if (value !== null) options.set(value, chosen ? labelOf(chosen) : value);
  return (
    <Select
      {...rest}
      data={[...options].map(([id, label]) => ({ value: id, label }))}
      value={value}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': common.clear }}
      onSearchChange={setSearch}
      filter={({ options: all }) => all}
    />
  );
};

const labelOf = ({ name, email }: AdminUserView): string => (name === '' ? email : `${name} (${email})`);
