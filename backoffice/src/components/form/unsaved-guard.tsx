import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useWords } from '#lib/words.ts';
import type { ServerForm } from './server-form.ts';
import { formWords } from './words.ts';

export interface UnsavedGuardProps {
  form: Pick<ServerForm, 'isChanged'>;
  /** The tabs of this screen share the form, so going from one to the other loses nothing. */
  keptAcrossTabs?: boolean;
}

/** Asks before a form with unsaved changes is left, by a link, the back button, or closing the window. */
export const UnsavedGuard = ({ form, keptAcrossTabs = false }: UnsavedGuardProps) => {
  const { leave } = useWords(formWords);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      form.isChanged.current &&
      (current.pathname !== next.pathname ||
        // What is new is the same page with another preset: another form.
        current.search.preset !== next.search.preset ||
        (!keptAcrossTabs && current.search.tab !== next.search.tab)),
    enableBeforeUnload: () => form.isChanged.current,
    withResolver: true,
  });
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={leave.title}
      withCloseButton={false}
      centered
    >
      <Text mb="lg">{leave.text}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {leave.go}
        </Button>
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          {leave.stay}
        </Button>
      </Group>
    </Modal>
  );
};
