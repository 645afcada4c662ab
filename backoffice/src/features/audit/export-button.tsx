import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import type { Query } from '#lib/api.ts';
import { saveFile } from '#lib/save-file.ts';
import { useWords } from '#lib/words.ts';
import { exportAudit } from './api.ts';
import { auditWords } from './words.ts';

/** The rows that the filters leave, as a file; and what went wrong, where one looks. */
export const useAuditExport = (filter: Query) => {
  const words = useWords(auditWords);
  const run = useMutation({
    mutationFn: () => exportAudit(filter),
    onSuccess: (blob) => saveFile('audit.csv', blob),
  });
  return {
    button: (
      <Button variant="default" loading={run.isPending} onClick={() => run.mutate()}>
        {words.exportCsv}
      </Button>
    ),
    problem: run.error && <ErrorNotice error={run.error} title={words.exportFailed} />,
  };
};
