/** The way back, above the heading; the domain's own breadcrumbs are in the layout. */
import { Group } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export const BackLink = ({ children }: { children: ReactNode }) => (
  <Group gap={2} mb={4} c="dimmed">
    <IconChevronLeft size={15} aria-hidden />
    {children}
  </Group>
);
