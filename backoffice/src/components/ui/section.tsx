import { Paper, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './section.module.css';

export interface SectionProps {
  title: string;
  description?: ReactNode;
  /** At the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A card with a heading, and a landmark of that name. */
export const Section = ({ title, description, actions, children }: SectionProps) => {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} className={classes.section}>
      <div className={classes.head}>
        <div className={classes.words}>
          <Title order={2} id={id}>
            {title}
          </Title>
          {description !== undefined && (
            <Text c="dimmed" size="sm" component="div" mt={2} maw="44rem">
              {description}
            </Text>
          )}
        </div>
        {actions}
      </div>
      {children}
    </Paper>
  );
};
