import { StatusBadge } from '#components/ui/status-badge.tsx';
import { useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import type { Person } from './api.ts';
import { userWords } from './words.ts';

/** What is out of the ordinary about a person, in words. */
export const PersonBadges = ({ person }: { person: Person }) => {
  const { badges: words } = useWords(userWords);
  const me = useMe();
  return (
    <>
      {person.deleted && <StatusBadge tone="bad">{words.deleted}</StatusBadge>}
      {person.disabled && <StatusBadge tone="bad">{words.blocked}</StatusBadge>}
      {person.break_glass && <StatusBadge tone="warn">{words.breakGlass}</StatusBadge>}
      {person.id === me.id && <StatusBadge tone="info">{words.you}</StatusBadge>}
    </>
  );
};
