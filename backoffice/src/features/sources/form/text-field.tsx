/** One field of the form by its name: a line of text, a choice, several lines, or a switch. */
import { NativeSelect, Switch, Textarea, TextInput } from '@mantine/core';
import type { OauthDraft } from '../draft.ts';
import { FieldNotes, useFieldError } from './field-notes.tsx';
import { fieldId } from './focus-field.ts';
import classes from './form.module.css';
import { useFormContext } from './form-context.ts';

type NameOf<V> = { [K in keyof OauthDraft]: OauthDraft[K] extends V ? K : never }[keyof OauthDraft];

export type TextName = Exclude<NameOf<string>, 'client_secret' | 'client_private_key'>;
export type FlagName = NameOf<boolean>;

/** So that a description stands below its input, where the eye goes after typing. */
export const below: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'error',
  'description',
];

export interface TextFieldProps {
  name: TextName;
  label: string;
  help?: string;
  /** Addresses: leaving one asks its host. */
  isAddress?: boolean;
  mono?: boolean;
}

export const TextField = ({ name, label, help, isAddress = false, mono = false }: TextFieldProps) => {
  const { form, checks } = useFormContext();
  return (
    <TextInput
      id={fieldId(name)}
      name={name}
      label={label}
      value={form.draft[name]}
      onChange={(event) => form.set(name, event.currentTarget.value)}
      {...(isAddress && { onBlur: checks.checkQuietly, inputMode: 'url' as const })}
      error={useFieldError(name)}
      description={<FieldNotes field={name} help={help} />}
      inputWrapperOrder={below}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      {...((mono || isAddress) && { className: classes.mono })}
    />
  );
};

export const LinesField = ({ name, label, help, rows = 2 }: TextFieldProps & { rows?: number }) => {
  const { form } = useFormContext();
  const value = form.draft[name];
  return (
    <Textarea
      id={fieldId(name)}
      name={name}
      label={label}
      value={value}
      onChange={(event) => form.set(name, event.currentTarget.value)}
      error={useFieldError(name)}
      description={<FieldNotes field={name} help={help} />}
      inputWrapperOrder={below}
      rows={Math.min(12, Math.max(rows, value.split('\n').length))}
      autoComplete="off"
      spellCheck={false}
      className={classes.mono ?? ''}
    />
  );
};

export interface ChoiceFieldProps {
  name: 'token_method' | 'auth_scheme';
  label: string;
  help: string;
  choices: Readonly<Record<string, string>>;
}

export const ChoiceField = ({ name, label, help, choices }: ChoiceFieldProps) => {
  const { form } = useFormContext();
  const value = form.draft[name];
  // What an API client stored in another spelling is shown as it is, not silently made into something else.
  const known = Object.hasOwn(choices, value) ? choices : { [value]: value, ...choices };
  return (
    <NativeSelect
      id={fieldId(name)}
      name={name}
      label={label}
      value={value}
      onChange={(event) => form.set(name, event.currentTarget.value)}
      data={Object.entries(known).map(([each, text]) => ({ value: each, label: text }))}
      error={useFieldError(name)}
      description={<FieldNotes field={name} help={help} />}
      inputWrapperOrder={below}
    />
  );
};

export const FlagField = ({ name, label, help }: { name: FlagName; label: string; help?: string }) => {
  const { form } = useFormContext();
  return (
    <Switch
      id={fieldId(name)}
      name={name}
      label={label}
      checked={form.draft[name]}
      onChange={(event) => form.set(name, event.currentTarget.checked)}
      error={useFieldError(name)}
      description={<FieldNotes field={name} help={help} />}
    />
  );
};
