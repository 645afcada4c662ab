import { Button, Group, Text } from '@mantine/core';
import { useWords } from '#lib/words.ts';
import { FormError } from './form-error.tsx';
import classes from './save-bar.module.css';
import type { ServerForm } from './server-form.ts';
import { UnsavedGuard } from './unsaved-guard.tsx';
import { formWords } from './words.ts';

export interface SaveBarProps {
  form: ServerForm;
  onDiscard?: () => void;
  label?: string;
  /** Whether it may be saved as it came, as for something new. */
  always?: boolean;
  /** At its place, for a small form among others. */
  plain?: boolean;
}

/** The end of a form: what went wrong, Save, and the guard of unsaved work. Stays in view while something is changed. */
export const SaveBar = ({ form, onDiscard, label, always = false, plain = false }: SaveBarProps) => {
  const words = useWords(formWords);
  return (
    <div className={plain || !form.changed ? classes.plain : classes.bar}>
      <UnsavedGuard form={form} />
      <FormError form={form} />
      <Group gap="sm">
        <Button type="submit" loading={form.saving} disabled={!form.changed && !always}>
          {label ?? words.save}
        </Button>
        {onDiscard && form.changed && (
          <Button variant="default" onClick={onDiscard}>
            {words.discard}
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {form.changed ? words.unsaved : ''}
        </Text>
      </Group>
      <Text size="sm" role="status" mt={form.joined ? 'xs' : 0}>
        {form.joined ? words.meanwhile.joined : ''}
      </Text>
    </div>
  );
};
