import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useWords } from '#lib/words.ts';
import { ErrorNotice } from './error-notice.tsx';
import { uiWords } from './words.ts';

export interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** On the button. */
  action: string;
  /** Nothing is taken away: the button is no warning. */
  harmless?: boolean;
  onConfirm: () => Promise<unknown>;
}

/** Asks before something that hurts but can be mended; `ConfirmByTyping` is for what cannot. */
export const Confirm = ({
  opened,
  onClose,
  title,
  children,
  action,
  harmless = false,
  onConfirm,
}: ConfirmProps) => {
  const words = useWords(uiWords);
  const confirm = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': words.close }}
      centered
    >
      <Stack gap="md">
        {confirm.error && <ErrorNotice error={confirm.error} />}
        <div>{children}</div>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            {words.cancel}
          </Button>
          <Button
            {...(!harmless && { color: 'red' })}
            loading={confirm.isPending}
            onClick={() => confirm.mutate()}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
};
