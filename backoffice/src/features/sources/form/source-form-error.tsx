/** Why a source was not saved, as far as no field of the page says it. */
import { Button, Stack } from '@mantine/core';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { ApiError } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import type { FieldName } from '../draft.ts';
import { sourceWords } from '../words.ts';
import { fieldId } from './focus-field.ts';
import type { SourceForm } from './use-source-form.ts';

export interface SourceFormErrorProps {
  form: Pick<SourceForm, 'error' | 'failure'>;
  /** After 412: reads the source anew. */
  onReload?: () => void;
}

export const SourceFormError = ({ form, onReload }: SourceFormErrorProps) => {
  const { edit: words } = useWords(sourceWords);
  const { error } = form;
  if (error === undefined || error === null) return null;
  if (error instanceof ApiError && error.status === 412) {
    return (
      <Stack gap="xs" align="flex-start" mb="sm">
        <ErrorNotice error={error} title={words.changedTitle} />
        {onReload && (
          <Button size="xs" onClick={onReload}>
            {words.reload}
          </Button>
        )}
      </Stack>
    );
  }
  const failures = error instanceof ApiError ? error.failures : [];
  const shown = new Set(
    failures.map(({ field }) => field).filter((field) => document.getElementById(fieldId(field)) !== null),
  );
  const isMended =
    failures.length > 0 && failures.every(({ field }) => form.failure(field as FieldName) === undefined);
  return isMended ? null : <ErrorNotice error={error} shown={shown} />;
};
