import { useRouter } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';

/** The path whose heading had the focus last; a document that was just loaded keeps its own focus. */
let focusedPath: string | undefined;

/** Whether anybody has touched this document. `navigator.userActivation` remembers the sign-in page before it, too. */
let isTouched = false;
for (const act of ['keydown', 'pointerdown']) {
  addEventListener(act, () => (isTouched = true), { capture: true, once: true });
}

/** What had the focus is gone, such as the button that led on, or the heading of a screen that was still loading. */
const isFocusLost = (): boolean => isTouched && document.activeElement === document.body;

/** Moves the focus to the heading of a screen that was navigated to, so that it is read out and Tab goes on from there. */
export const useScreenFocus = (): RefObject<HTMLHeadingElement | null> => {
  const heading = useRef<HTMLHeadingElement>(null);
  const router = useRouter();
  useEffect(() => {
    const path = router.state.location.pathname;
    const isNew = focusedPath !== undefined && focusedPath !== path;
    if (isNew || isFocusLost()) heading.current?.focus({ preventScroll: true });
    focusedPath = path;
  }, [router]);
  return heading;
};
