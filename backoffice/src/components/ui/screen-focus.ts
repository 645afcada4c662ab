import { useRouter } from '@tanstack/react-router';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** The path whose heading had the focus last; a document that was just loaded keeps its own focus. */
let focusedPath: string | undefined;
/** A heading went with the focus in it, such as that of a screen that was still loading. */
let isLost = false;

/** Moves the focus to the heading of a screen that was navigated to, so that it is read out and Tab goes on from there. */
export const useScreenFocus = (): RefObject<HTMLHeadingElement | null> => {
  const heading = useRef<HTMLHeadingElement>(null);
  const router = useRouter();
  useLayoutEffect(() => {
    const element = heading.current;
    return () => {
      isLost = element !== null && element === document.activeElement;
    };
  }, []);
  useEffect(() => {
    const path = router.state.location.pathname;
    const isNew = focusedPath !== undefined && focusedPath !== path;
    if (isNew || isLost) heading.current?.focus({ preventScroll: true });
    focusedPath = path;
    isLost = false;
  }, [router]);
  return heading;
};
