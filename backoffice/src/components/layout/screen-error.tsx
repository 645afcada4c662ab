import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { useWords } from '#lib/words.ts';
import { layoutWords } from './words.ts';

/** In place of a screen that cannot be shown. */
export const ScreenError = ({ error }: ErrorComponentProps) => {
  const words = useWords(layoutWords);
  const router = useRouter();
  return (
    <>
      <PageTitle title={words.broken} />
      <ErrorNotice error={error} onRetry={() => void router.invalidate()} />
    </>
  );
};
