/** A secret: written, never read. Beside it, when it ends, so that Foyer can warn in time. */
import { NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '#lib/words.ts';
import { presetWords } from '../presets/words.ts';
import { FieldNotes, useFieldError } from './field-notes.tsx';
import { fieldId } from './focus-field.ts';
import classes from './form.module.css';
import { useFormContext } from './form-context.ts';
import { choiceOfDay, dayOfChoice, type EndChoice } from './secret-ends.ts';
import { below } from './text-field.tsx';
import { fieldLabels, formWords } from './words.ts';

export interface SecretInputProps {
  id: string;
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  description: React.ReactNode;
}

/** No password manager should keep it, and none should fill in somebody's own password. */
export const SecretInput = ({ id, name, label, value, onChange, error, description }: SecretInputProps) => {
  const words = useWords(formWords);
  const [visible, setVisible] = useState(false);
  return (
    <PasswordInput
      id={id}
      name={name}
      label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      visible={visible}
      onVisibilityChange={setVisible}
      visibilityToggleButtonProps={{ 'aria-label': visible ? words.hideSecret : words.showSecret }}
      error={error}
      // Mantine marks only the frame around this input.
      aria-invalid={error !== undefined || undefined}
      description={description}
      inputWrapperOrder={below}
      autoComplete="off"
      data-1p-ignore
      data-lpignore="true"
      spellCheck={false}
      className={classes.mono ?? ''}
    />
  );
};

export interface SecretEndsProps {
  id: string;
  day: string;
  onChange: (day: string) => void;
}

export const SecretEnds = ({ id, day, onChange }: SecretEndsProps) => {
  const words = useWords(formWords);
  const [today] = useState(() => new Date());
  const [isCustom, setIsCustom] = useState(choiceOfDay(day, today) === 'custom');
  const choice = isCustom ? 'custom' : choiceOfDay(day, today);
  const choose = (next: EndChoice): void => {
    setIsCustom(next === 'custom');
    const chosen = dayOfChoice(next, today);
    if (chosen !== undefined) onChange(chosen);
  };
  return (
    <div className={classes.pairOfFields}>
      <NativeSelect
        id={id}
        label={words.secretEnds}
        description={words.secretEndsHelp}
        inputWrapperOrder={below}
        value={choice}
        onChange={(event) => choose(event.currentTarget.value as EndChoice)}
        data={Object.entries(words.ends).map(([value, label]) => ({ value, label }))}
      />
      {choice !== 'unknown' && (
        <TextInput
          type="date"
          label={words.endsOn}
          value={day}
          readOnly={choice !== 'custom'}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </div>
  );
};

/** The client secret with its end. */
export const ClientSecretField = () => {
  const words = useWords(formWords);
  const vendorWords = useWords(presetWords);
  const { form, preset, notes } = useFormContext();
  const note = notes.client_secret;
  const isSet = note?.set === true;
  const help =
    preset === 'microsoft' ? vendorWords.clientSecretHelp.microsoft : vendorWords.clientSecretHelp.other;
  return (
    <>
      <SecretInput
        id={fieldId('client_secret')}
        name="client_secret"
        label={fieldLabels.client_secret}
        value={form.draft.client_secret}
        onChange={(value) => form.set('client_secret', value)}
        error={useFieldError('client_secret')}
        description={
          <>
            {isSet && `${words.secretStored(note.last_four ?? '')} `}
            <FieldNotes field="client_secret" help={isSet ? words.help.client_secret : help} />
          </>
        }
      />
      {(form.draft.client_secret !== '' || isSet) && (
        <SecretEnds
          id={fieldId('client_secret_expires_on')}
          day={form.draft.client_secret_expires_on}
          onChange={(day) => form.set('client_secret_expires_on', day)}
        />
      )}
    </>
  );
};
