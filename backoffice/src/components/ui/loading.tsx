import { Group, Loader, Text } from '@mantine/core';
import { useWords } from '#lib/words.ts';
import { uiWords } from './words.ts';

export const Loading = ({ label }: { label?: string }) => {
  const words = useWords(uiWords);
  return (
    <Group gap="sm" role="status" py="md">
      <Loader size="sm" aria-hidden />
      <Text c="dimmed">{label ?? words.loading}</Text>
    </Group>
  );
};

/** While a screen's file is on its way. */
export const LoadingScreen = () => <Loading />;
