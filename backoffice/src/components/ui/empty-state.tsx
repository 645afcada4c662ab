import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Nothing there yet: says so, why it may be so, and what to do. */
export const EmptyState = ({ title, children }: { title: string; children?: ReactNode }) => (
  <Stack align="center" gap="xs" py="xl" px="md" ta="center">
    <Text fw={600}>{title}</Text>
    {children !== undefined && (
      <Text c="dimmed" component="div" maw="34rem">
        {children}
      </Text>
    )}
  </Stack>
);
