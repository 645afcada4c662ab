import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useAddress } from '#lib/address.ts';
import { useWords } from '#lib/words.ts';
import { tableWords } from './words.ts';

/** Searches as one types; what was typed is in the address. */
export const SearchBox = ({ label }: { label: string }) => {
  const words = useWords(tableWords);
  const [{ q = '' }, changeAddress] = useAddress();
  const [text, setText] = useState(q);
  const search = useDebouncedCallback((q: string) => changeAddress({ q, page: undefined }), 250);
  const change = (value: string): void => {
    setText(value);
    search(value);
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={17} aria-hidden />}
      rightSection={text && <CloseButton size="sm" aria-label={words.clear} onClick={() => change('')} />}
      w={{ base: '100%', xs: '20rem' }}
    />
  );
};
