import { Alert, Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useWords } from '#lib/words.ts';
import { CopyField } from './copy-field.tsx';
import { uiWords } from './words.ts';

export interface SecretOnceProps {
  title: string;
  label: string;
  /** `undefined`: nothing to show. */
  secret: string | undefined;
  onStored: () => void;
}

/** A secret that nobody can look up again: it goes when its reader says that they have it, and not before. */
export const SecretOnce = ({ title, label, secret, onStored }: SecretOnceProps) => (
  <Modal
    opened={secret !== undefined}
    onClose={() => {}}
    withCloseButton={false}
    closeOnEscape={false}
    closeOnClickOutside={false}
    title={title}
    size="lg"
    centered
  >
    {secret !== undefined && <Shown label={label} secret={secret} onStored={onStored} />}
  </Modal>
);

const Shown = ({ label, secret, onStored }: { label: string; secret: string; onStored: () => void }) => {
  const { secretOnce: words } = useWords(uiWords);
  const [stored, setStored] = useState(false);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, []);
  return (
    <Stack gap="md">
      <Alert color="yellow" icon={<IconEye aria-hidden />}>
        {words.once}
      </Alert>
      <CopyField label={label} value={secret} />
      <Checkbox
        label={words.stored}
        checked={stored}
        onChange={(event) => setStored(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button disabled={!stored} onClick={onStored}>
          {words.done}
        </Button>
      </Group>
    </Stack>
  );
};
