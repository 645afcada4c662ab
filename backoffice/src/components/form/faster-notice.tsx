import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '#lib/words.ts';
import { formWords } from './words.ts';

/** Somebody else has saved since this form was opened: the newer values can come in below what is typed. */
export const FasterNotice = ({ onJoin }: { onJoin: () => Promise<void> }) => {
  const { meanwhile: words } = useWords(formWords);
  const [busy, setBusy] = useState(false);
  const join = async (): Promise<void> => {
    setBusy(true);
    await onJoin();
    setBusy(false);
  };
  return (
    <Alert role="alert" color="yellow" icon={<IconUsers aria-hidden />} title={words.title} mb="md">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{words.text}</Text>
        {/* On a phone the words need two lines. */}
        <Button
          size="xs"
          h="auto"
          py={6}
          styles={{ label: { whiteSpace: 'normal' } }}
          loading={busy}
          onClick={() => void join()}
        >
          {words.join}
        </Button>
      </Stack>
    </Alert>
  );
};
