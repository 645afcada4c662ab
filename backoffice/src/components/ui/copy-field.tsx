import { ActionIcon, CopyButton, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useWords } from '#lib/words.ts';
import classes from './copy-field.module.css';
import { uiWords } from './words.ts';

export interface CopyFieldProps {
  label: string;
  value: string;
  /** One sentence below. */
  hint?: string;
  /** Only the value and its button; the label is for screen readers. */
  bare?: boolean;
}

/** A value that belongs somewhere else, whole and with a button that copies it. */
export const CopyField = ({ label, value, hint, bare = false }: CopyFieldProps) => (
  <div>
    {!bare && (
      <Text size="sm" fw={600} mb={4}>
        {label}
      </Text>
    )}
    <div className={bare ? classes.bare : classes.box}>
      <code className={classes.value}>{value}</code>
      <CopyIcon label={label} value={value} />
    </div>
    {hint !== undefined && (
      <Text size="sm" c="dimmed" mt={4}>
        {hint}
      </Text>
    )}
  </div>
);

export const CopyIcon = ({ label, value }: { label: string; value: string }) => {
  const words = useWords(uiWords);
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <>
          <Tooltip label={copied ? words.copied : words.copy(label)}>
            <ActionIcon
              variant="subtle"
              color={copied ? 'teal' : 'gray'}
              onClick={copy}
              aria-label={words.copy(label)}
            >
              {copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
            </ActionIcon>
          </Tooltip>
          <span role="status" className={classes.said}>
            {copied ? words.copied : ''}
          </span>
        </>
      )}
    </CopyButton>
  );
};
