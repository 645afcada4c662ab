/** What stands below a field: what it is for, where its value came from, and what the checks say. */
import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useServerWords } from '#lib/server-words.ts';
import { useWords } from '#lib/words.ts';
import { type WordedCheck, worded } from '../checks/worded.ts';
import { checkWords } from '../checks/words.ts';
import type { FieldName } from '../draft.ts';
import type { Origin, PresetName } from '../presets/preset.ts';
import { presetWords } from '../presets/words.ts';
import classes from './form.module.css';
import { useFormContext } from './form-context.ts';

const icons = { warning: IconAlertTriangle, ok: IconCircleCheck, error: IconCircleX } as const;

export const CheckNote = ({ level, message, fix }: WordedCheck) => {
  const inWords = useServerWords();
  const Icon = icons[level];
  return (
    <span className={classes.note} data-level={level}>
      <Icon size={15} aria-hidden />
      <span>
        {inWords(message)} {fix}
      </span>
    </span>
  );
};

const OriginNote = ({ field, origin }: { field: FieldName; origin: Origin }) => {
  const words = useWords(presetWords);
  const { form, preset } = useFormContext();
  const text = {
    standard: () => words.origins.standard(words.names[preset as PresetName]),
    answer: () => (origin.kind === 'answer' ? words.origins.answer(words.questions[origin.question]) : ''),
    discovered: () => words.origins.discovered,
    default: () => words.origins.default,
    typed: () => words.origins.typed,
  }[origin.kind]();
  return (
    <span className={classes.origin}>
      {text}
      {origin.kind === 'typed' && form.suggests(field) && (
        <>
          {' · '}
          <Anchor component="button" type="button" size="xs" onClick={() => form.unset(field)}>
            {words.origins.reset}
          </Anchor>
        </>
      )}
    </span>
  );
};

export const useFieldChecks = (field: FieldName): WordedCheck[] => {
  const { checks, form } = useFormContext();
  const words = useWords(checkWords);
  const value = form.draft[field];
  const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
  return checks.checks
    .filter((check) => check.field === field && (!isEmpty || checks.asked))
    .map((check) => worded(check, words));
};

export interface FieldNotesProps {
  field: FieldName;
  help?: string | undefined;
}

/** Spans only: it becomes the description of its input, which screen readers say with it. */
export const FieldNotes = ({ field, help }: FieldNotesProps) => {
  const { form } = useFormContext();
  const origin = form.origin(field);
  const notes = useFieldChecks(field).filter(({ level }) => level !== 'error');
  return (
    <>
      {help !== undefined && help !== '' && <span className={classes.help}>{help}</span>}
      {origin !== undefined && <OriginNote field={field} origin={origin} />}
      {notes.map((note) => (
        <CheckNote key={note.code} {...note} />
      ))}
    </>
  );
};

/** What is wrong with a field: the server's refusal, else the first error of the checks. */
export const useFieldError = (field: FieldName): string | undefined => {
  const { form } = useFormContext();
  const inWords = useServerWords();
  const found = useFieldChecks(field).find(({ level }) => level === 'error');
  const failure = form.failure(field);
  return failure !== undefined ? inWords(failure) : found && `${inWords(found.message)} ${found.fix}`.trim();
};
