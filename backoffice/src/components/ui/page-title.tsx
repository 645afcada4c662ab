import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page-title.module.css';
import { useScreenFocus } from './screen-focus.ts';

export interface PageTitleProps {
  title: string;
  /** A badge, say, beside the title. */
  aside?: ReactNode;
  /** One or two sentences. */
  description?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
}

/** The one h1 of a screen; also the title of the window. */
export const PageTitle = ({ title, aside, description, actions }: PageTitleProps) => {
  const heading = useScreenFocus();
  return (
    <div className={classes.head}>
      <title>{`${title} · Foyer`}</title>
      <div className={classes.text}>
        <Group gap="sm">
          <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
            {title}
          </Title>
          {aside}
        </Group>
        {description !== undefined && (
          <Text c="dimmed" component="div" mt={4} maw="44rem">
            {description}
          </Text>
        )}
      </div>
      {actions !== undefined && <Group gap="sm">{actions}</Group>}
    </div>
  );
};
