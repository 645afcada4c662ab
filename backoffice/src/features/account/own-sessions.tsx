import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { SessionTable } from '#components/sessions/session-table.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Section } from '#components/ui/section.tsx';
import { api } from '#lib/api.ts';
import { useMe } from '#lib/me.ts';
import { signOut } from '#lib/session.ts';
import { useWords } from '#lib/words.ts';
import { accountWords } from './words.ts';

export const OwnSessions = () => {
  const words = useWords(accountWords);
  const me = useMe();
  const [asking, { open, close }] = useDisclosure();
  const endAll = useMutation({
    mutationFn: () => api.delete(`/users/${me.id}/sessions`),
    onSuccess: signOut,
  });
  return (
    <Section
      title={words.sessions}
      description={words.sessionsText}
      actions={
        <Button variant="default" size="sm" onClick={open}>
          {words.endAll}
        </Button>
      }
    >
      <SessionTable userId={me.id} />
      <Modal
        opened={asking}
        onClose={close}
        title={words.endAll}
        closeButtonProps={{ 'aria-label': words.cancel }}
        centered
      >
        {endAll.error && <ErrorNotice error={endAll.error} />}
        <Text mb="lg">{words.endAllQuestion}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {words.cancel}
          </Button>
          <Button color="red" loading={endAll.isPending} onClick={() => endAll.mutate()}>
            {words.endAll}
          </Button>
        </Group>
      </Modal>
    </Section>
  );
};
