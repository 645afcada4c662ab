import { Button, Textarea } from '@mantine/core';
import { findJsonFlaw } from '#lib/json-flaw.ts';
import { useWords } from '#lib/words.ts';
import classes from './json-editor.module.css';
import { formWords } from './words.ts';

export interface JsonEditorProps {
  label: string;
  description?: string;
  name?: string;
  /** The text, valid or not; `jsonOf` reads it. */
  value: string;
  onChange: (text: string) => void;
  /** The server's, which comes after ours. */
  error?: string | undefined;
  minRows?: number;
}

export const jsonText = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** The object that a text stands for; `undefined` when it is none. */
export const objectOf = (text: string): Record<string, unknown> | undefined => {
  if (findJsonFlaw(text)) return undefined;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
};

/** An object as JSON; a mistake is shown with its line and column while one types. */
export const JsonEditor = ({ value, onChange, error, label, minRows = 6, ...rest }: JsonEditorProps) => {
  const { json: words } = useWords(formWords);
  const flaw = findJsonFlaw(value);
  const own = flaw
    ? words.broken(flaw.line, flaw.column, flaw.found)
    : objectOf(value)
      ? undefined
      : words.noObject;
  const format = (): void => onChange(jsonText(JSON.parse(value)));
  return (
    <div>
      <Textarea
        {...rest}
        label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={own ?? error}
        classNames={{ input: classes.input }}
        rows={Math.min(24, Math.max(minRows, value.split('\n').length + 1))}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
      />
      <Button
        variant="subtle"
        size="compact-sm"
        mt={4}
        disabled={own !== undefined}
        aria-label={`${words.format}: ${label}`}
        onClick={format}
      >
        {words.format}
      </Button>
    </div>
  );
};
