import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { ApiError } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import { FasterNotice } from './faster-notice.tsx';
import type { ServerForm } from './server-form.ts';
import { formWords } from './words.ts';

/** Why a form was not saved, as far as no field says it. Place it after the fields. */
export const FormError = ({ form }: { form: ServerForm }) => {
  const words = useWords(formWords);
  const { error, shown } = form;
  if (error === undefined) return null;
  if (error instanceof ApiError && error.status === 412 && form.joinNewest) {
    return <FasterNotice onJoin={form.joinNewest} />;
  }
  const isAllBesideFields =
    error instanceof ApiError &&
    error.failures.length > 0 &&
    error.failures.every(({ field }) => shown.has(field));
  return isAllBesideFields ? null : <ErrorNotice error={error} title={words.notSaved} shown={shown} />;
};
