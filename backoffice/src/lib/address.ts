/**
 * @module What the address of a screen says after its `?`. Everything there is text, one value for each name, so that an
 * address is short and can be written by hand: `/backoffice/audit?action=source.&page=2`.
 */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export interface AddressSearch {
  [name: string]: string | undefined;
}

export const parseSearch = (text: string): AddressSearch => Object.fromEntries(new URLSearchParams(text));

export const stringifySearch = (search: Record<string, unknown>): string => {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
};

/** One value of the address, and how to change some of them (`undefined` or '' takes one away). */
export const useAddress = (): [AddressSearch, (changes: AddressSearch) => void] => {
  const search = useSearch({ strict: false }) as AddressSearch;
  const navigate = useNavigate();
  const change = useCallback(
    (changes: AddressSearch) =>
      void navigate({
        to: '.',
        search: (before: AddressSearch) => ({ ...before, ...changes }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  return [search, change];
};
