import { useEffect, useRef } from 'react';

/** Calls `onChange` after a rendering with another value than the one before; not for the first one. */
export const useChange = (value: unknown, onChange: () => void): void => {
  const seen = useRef(value);
  useEffect(() => {
    if (seen.current === value) return;
    seen.current = value;
    onChange();
  });
};
