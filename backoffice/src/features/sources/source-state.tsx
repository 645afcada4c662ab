/** The state of a source in words. */
import type { SourceState, SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Text } from '@mantine/core';
import { StatusBadge, type Tone } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useWords } from '#lib/words.ts';
import classes from './source-list.module.css';
import { sourceWords } from './words.ts';

const tones: Record<SourceState, Tone> = {
  draft: 'quiet',
  tested: 'info',
  live: 'good',
  failing: 'bad',
  disabled: 'quiet',
};

/** From here on the end of a secret is worth a word. */
const warnDays = 60;
const alarmDays = 7;

export const SecretDays = ({ days }: { days: number | undefined }) => {
  const { list: words } = useWords(sourceWords);
  if (days === undefined || days > warnDays) return null;
  return <StatusBadge tone={days <= alarmDays ? 'bad' : 'warn'}>{words.secretDays(days)}</StatusBadge>;
};

export const SourceStateBadges = ({ source }: { source: SourceSummary }) => {
  const words = useWords(sourceWords);
  return (
    <span className={classes.stateCell}>
      {source.kind === 'oauth2' || source.state !== 'live' ? (
        <StatusBadge tone={tones[source.state]}>{words.states[source.state]}</StatusBadge>
      ) : (
        <StatusBadge tone="warn">{words.noSignInYet}</StatusBadge>
      )}
      {source.state === 'failing' && source.failing_since !== undefined && (
        <Text span size="sm">
          {words.failingSince} <Timestamp at={source.failing_since} />
        </Text>
      )}
      <SecretDays days={source.secret_days_left} />
    </span>
  );
};
