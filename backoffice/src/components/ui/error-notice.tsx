import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '#lib/api.ts';
import { useServerWords } from '#lib/server-words.ts';
import { useWords } from '#lib/words.ts';
import { uiWords } from './words.ts';

type UiWords = (typeof uiWords)['en'];

/** What an error means for the person who reads it; Foyer's own sentences are plain already. */
export const sentenceOf = (error: unknown, { error: words }: UiWords): string => {
  if (!(error instanceof ApiError)) return error instanceof TypeError ? words.unreachable : words.broken;
  if (error.code === 'precondition_failed' || error.status === 412) return words.changedMeanwhile;
  if (error.status === 403) return words.forbidden;
  if (error.status === 404) return words.notFound;
  if (error.status === 429) return words.rateLimited;
  if (error.status >= 500 && error.code === 'internal') return words.broken;
  return error.message;
};

export interface ErrorNoticeProps {
  error: unknown;
  title?: string;
  /** Fields whose failures stand beside them, and are not said again here. */
  shown?: ReadonlySet<string>;
  onRetry?: () => void;
}

export const ErrorNotice = ({ error, title, shown, onRetry }: ErrorNoticeProps) => {
  const words = useWords(uiWords);
  const inWords = useServerWords();
  const api = error instanceof ApiError ? error : undefined;
  const others = api?.failures.filter((failure) => !shown?.has(failure.field)) ?? [];
  return (
    <Alert
      role="alert"
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? words.error.title}
      mb="md"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{inWords(sentenceOf(error, words))}</Text>
        {others.length > 0 && (
          <ul>
            {others.map(({ field, reason }) => (
              <li key={field}>
                <Code>{field}</Code> {inWords(reason)}
              </li>
            ))}
          </ul>
        )}
        {api && api.requestId !== '' && (
          <Text size="xs" c="dimmed">
            {words.error.requestId} <Code>{api.requestId}</Code>
          </Text>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {words.tryAgain}
          </Button>
        )}
      </Stack>
    </Alert>
  );
};
