/** Why a source was not saved, as far as no field of the page says it. */
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { ApiError } from '#lib/api.ts';
import type { FieldName } from '../draft.ts';
import { fieldId } from './focus-field.ts';
import type { SourceForm } from './use-source-form.ts';

export interface SourceFormErrorProps {
  form: Pick<SourceForm, 'error' | 'failure'>;
}

export const SourceFormError = ({ form }: SourceFormErrorProps) => {
  const { error } = form;
  if (error === undefined || error === null) return null;
  // The page says so by itself: the source that it shows is not the newest any more.
  if (error instanceof ApiError && error.status === 412) return null;
  const failures = error instanceof ApiError ? error.failures : [];
  const shown = new Set(
    failures.map(({ field }) => field).filter((field) => document.getElementById(fieldId(field)) !== null),
  );
  const isMended =
    failures.length > 0 && failures.every(({ field }) => form.failure(field as FieldName) === undefined);
  return isMended ? null : <ErrorNotice error={error} shown={shown} />;
};
