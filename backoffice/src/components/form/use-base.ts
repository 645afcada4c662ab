import { type RefObject, useEffect, useRef } from 'react';

/** What a form's changes are based on: what was read last, or what `readNewest` puts there. */
export const useBase = <T>(read: T): RefObject<T> => {
  const base = useRef(read);
  useEffect(() => {
    base.current = read;
  }, [read]);
  return base;
};
