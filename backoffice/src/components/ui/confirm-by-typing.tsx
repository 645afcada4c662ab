import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useWords } from '#lib/words.ts';
import { ErrorNotice } from './error-notice.tsx';
import { uiWords } from './words.ts';

export interface ConfirmByTypingProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will be gone. */
  children: ReactNode;
  /** What has to be typed: the name of the thing. */
  text: string;
  /** On the button: `Delete domain`. */
  action: string;
  onConfirm: () => Promise<unknown>;
}

/** Asks before something cannot be undone. Stays open, with the reason, when the server refuses. */
export const ConfirmByTyping = (props: ConfirmByTypingProps) => {
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

const Question = ({ onClose, children, text, action, onConfirm }: ConfirmByTypingProps) => {
  const words = useWords(uiWords);
  const [typed, setTyped] = useState('');
  const confirm = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {confirm.error && <ErrorNotice error={confirm.error} />}
        <div>{children}</div>
        <TextInput
          label={words.confirm.type(text)}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button
            type="submit"
            color="red"
            disabled={typed.trim() !== text.trim()}
            loading={confirm.isPending}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
