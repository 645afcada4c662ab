import { Breadcrumbs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '#lib/words.ts';
import { uiWords } from './words.ts';

/** The way here: links (`RouterAnchor`), then where we are. */
export const Crumbs = ({ links, here }: { links: readonly ReactNode[]; here?: string }) => {
  const words = useWords(uiWords);
  return (
    <nav aria-label={words.breadcrumbs}>
      <Breadcrumbs separator="›" mb={6} styles={{ root: { flexWrap: 'wrap' } }}>
        {links}
        {here !== undefined && (
          <Text size="sm" c="dimmed" aria-current="page">
            {here}
          </Text>
        )}
      </Breadcrumbs>
    </nav>
  );
};
