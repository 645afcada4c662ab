/** What became of an attempt: in, or refused, at which step and why. */
import type { AttemptSummary } from '@foyer/contract/attempts.ts';
import { Group, Text } from '@mantine/core';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { useWords } from '#lib/words.ts';
import { dryRunWords } from '../dry-run/words.ts';
import { recorderWords } from './words.ts';

export const AttemptOutcome = ({ attempt }: { attempt: AttemptSummary }) => {
  const words = useWords(recorderWords);
  const { steps } = useWords(dryRunWords);
  const { failed_step: failed, title, reason, outcome } = attempt;
  const isOk = outcome === 'ok';
  const step = failed !== undefined && Object.hasOwn(steps, failed) ? steps[failed as 'token'] : failed;
  return (
    <Group gap="xs">
      <StatusBadge tone={isOk ? 'good' : 'bad'}>
        {isOk ? words.outcomes.ok : words.outcomes.denied}
      </StatusBadge>
      {!isOk && (
        <Text span size="sm">
          {title ?? reason}
          {step !== undefined && `, ${words.stoppedAt(step)}`}
        </Text>
      )}
    </Group>
  );
};
