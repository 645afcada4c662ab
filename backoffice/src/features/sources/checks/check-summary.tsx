/** The checks beside the form: what belongs to no field, and the button that asks the hosts as well. */
import { Button, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { CheckNote } from '../form/field-notes.tsx';
import { fieldId, focusField } from '../form/focus-field.ts';
import { fieldLabels, formWords } from '../form/words.ts';
import type { Checks } from './use-checks.ts';
import { worded } from './worded.ts';
import { checkUiWords, checkWords } from './words.ts';

export const CheckSummary = ({ checks }: { checks: Checks }) => {
  const words = useWords(checkUiWords);
  const byCode = useWords(checkWords);
  const { more } = useWords(formWords);
  const labelOf = (field: string): string =>
    ({ ...more, ...fieldLabels })[field as keyof typeof fieldLabels] ?? field;
  const shown = checks.asked ? checks.checks : checks.checks.filter(({ field }) => field === '');
  return (
    <Section title={words.title} description={words.explain}>
      <Stack gap="sm" align="flex-start">
        {checks.error !== undefined && <ErrorNotice error={checks.error} />}
        <Stack gap="xs" role="status">
          {shown.map((check) => (
            <Text key={`${check.field} ${check.code}`} size="sm" component="div">
              {check.field !== '' && (
                <a
                  href={`#${fieldId(check.field)}`}
                  onClick={(event) => {
                    event.preventDefault();
                    focusField(check.field);
                  }}
                >
                  {labelOf(check.field)}
                </a>
              )}
              <CheckNote {...worded(check, byCode)} />
            </Text>
          ))}
          {checks.asked && !checks.busy && shown.every(({ level }) => level === 'ok') && (
            <CheckNote code="all-well" level="ok" message={words.allWell} fix="" />
          )}
        </Stack>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCircleCheck size={16} aria-hidden />}
          loading={checks.busy}
          onClick={checks.checkNetwork}
        >
          {words.checkAll}
        </Button>
      </Stack>
    </Section>
  );
};
