import type { RefObject } from 'react';
import { useChange } from '#lib/use-change.ts';
import { same } from './server-form.ts';

interface Following<Read, T> {
  /** What was read, and may have been read anew. */
  read: Read;
  /** What the form's changes are based on; not what is newest, which nobody may have seen. */
  base: RefObject<Read>;
  valuesOf: (read: Read) => T;
  form: { isChanged: RefObject<boolean>; reset: (to: T) => void };
}

/**
 * What was read anew is shown at once, unless somebody is just changing what somebody else has changed, too. Then the next
 * save is refused (412), and the form offers the newer values.
 */
export const useReadAnew = <Read, T>({ read, base, valuesOf, form }: Following<Read, T>): void => {
  useChange(read, () => {
    const isUntouched = !form.isChanged.current;
    if (!isUntouched && !same(valuesOf(read), valuesOf(base.current))) return;
    base.current = read;
    if (isUntouched) form.reset(valuesOf(read));
  });
};
