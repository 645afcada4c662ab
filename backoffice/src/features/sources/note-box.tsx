/** A note that stands out: its tone is said by icon and words, the colour only says it again. */
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './note-box.module.css';

const icons = {
  good: IconCircleCheck,
  info: IconInfoCircle,
  warn: IconAlertTriangle,
  bad: IconAlertTriangle,
} as const;

export interface NoteBoxProps {
  tone: keyof typeof icons;
  title?: ReactNode;
  /** Read out at once. */
  alert?: boolean;
  children?: ReactNode;
}

export const NoteBox = ({ tone, title, alert = false, children }: NoteBoxProps) => {
  const Icon = icons[tone];
  return (
    <div className={classes.box} data-tone={tone} role={alert ? 'alert' : undefined}>
      <span className={classes.icon}>
        <Icon size={19} aria-hidden />
      </span>
      <div className={classes.body}>
        {title !== undefined && <div className={classes.title}>{title}</div>}
        {children}
      </div>
    </div>
  );
};
