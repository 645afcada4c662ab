/** What the fields of one source's form share, so that each is drawn by its name alone. */
import type { SecretNote } from '@foyer/contract/source-lifecycle.ts';
import { createContext, use } from 'react';
import type { Checks } from '../checks/use-checks.ts';
import type { PresetName } from '../presets/preset.ts';
import type { SourceForm } from './use-source-form.ts';

export interface FormContextValue {
  form: SourceForm;
  checks: Checks;
  /** Whose words are used for the vendor. */
  preset: PresetName;
  /** What is known of stored secrets. */
  notes: Readonly<Record<string, SecretNote>>;
}

export const FormContext = createContext<FormContextValue | undefined>(undefined);

export const useFormContext = (): FormContextValue => {
  const value = use(FormContext);
  if (value === undefined) throw new Error('a field outside of its form');
  return value;
};
