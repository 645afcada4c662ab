import { Alert, Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '#components/ui/confirm.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { type Application, forgetApplications, retireOldSecrets, rotateSecret } from './api.ts';
import { applicationWords } from './words.ts';

/** A new secret beside the present one, and the end of the old ones. */
export const ApplicationSecret = ({ application }: { application: Application }) => {
  const { secret: words } = useWords(applicationWords);
  const client = useQueryClient();
  const [secret, setSecret] = useState<string>();
  const [hasRotated, setHasRotated] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const rotate = useMutation({
    mutationFn: () => rotateSecret(application.id),
    onSuccess: (made) => setSecret(made.secret),
  });
  const retire = async (): Promise<void> => {
    await retireOldSecrets(application.id);
    setHasRotated(false);
    notifyDone(words.retired);
    void forgetApplications(client);
  };
  const stored = (): void => {
    setSecret(undefined);
    setHasRotated(true);
    void forgetApplications(client);
  };
  return (
    <Section
      title={words.title}
      description={application.confidential ? words.text : words.publicText}
      actions={
        <Group gap="sm">
          <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
            {words.rotate}
          </Button>
          <Button variant="default" onClick={() => setIsAsking(true)}>
            {words.retire}
          </Button>
        </Group>
      }
    >
      <div role="status">{hasRotated && <Alert color="teal">{words.rotated}</Alert>}</div>
      {rotate.error && <ErrorNotice error={rotate.error} />}
      <SecretOnce
        title={words.newTitle(application.name)}
        label={words.label}
        secret={secret}
        onStored={stored}
      />
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={words.retireTitle}
        action={words.retire}
        onConfirm={retire}
      >
        {words.retireText}
      </Confirm>
    </Section>
  );
};
