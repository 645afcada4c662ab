import { useEffect, useState } from 'react';
import { dateTime, exactDateTime, relativeTime } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';

export interface TimestampProps {
  /** Unix seconds, as on the wire. */
  at: number;
  /** `relative` (default): 3 days ago; `absolute`: 24 Nov 2026, 17:01; `both`. */
  show?: 'relative' | 'absolute' | 'both';
}

/** A time in the reader's language and zone; the exact one on hovering. */
export const Timestamp = ({ at, show = 'relative' }: TimestampProps) => {
  const [language] = useLanguage();
  const now = useNow(show !== 'absolute');
  const absolute = dateTime(at, language);
  const relative = relativeTime(at, now, language);
  const text = { relative, absolute, both: `${absolute} (${relative})` }[show];
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={exactDateTime(at, language)}>
      {text}
    </time>
  );
};

/** Unix seconds, new every half minute. */
const useNow = (ticking: boolean): number => {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now() / 1000), 30_000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
};
