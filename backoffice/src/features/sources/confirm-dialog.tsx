/** One question, one button: stays open, with the reason, when the server refuses. */
import { Button, Group, Modal, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { uiWords } from '#components/ui/words.ts';
import { useWords } from '#lib/words.ts';

export interface ConfirmDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  action: string;
  onConfirm: () => Promise<void>;
}

export const ConfirmDialog = (props: ConfirmDialogProps) => {
  const words = useWords(uiWords);
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': words.close }}
      centered
    >
      <Question {...props} />
    </Modal>
  );
};

const Question = ({ onClose, text, action, onConfirm }: ConfirmDialogProps) => {
  const words = useWords(uiWords);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="md">
      {error !== undefined && <ErrorNotice error={error} />}
      <div>{text}</div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
        <Button data-autofocus loading={busy} onClick={() => void confirm()}>
          {action}
        </Button>
      </Group>
    </Stack>
  );
};
