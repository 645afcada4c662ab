import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmByTyping } from '#components/ui/confirm-by-typing.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { type Application, deleteApplication, forgetApplications } from './api.ts';
import { applicationWords } from './words.ts';

export interface DeleteApplicationProps {
  domainId: string;
  application: Application;
  isOwn: boolean;
}

export const DeleteApplication = ({ domainId, application, isOwn }: DeleteApplicationProps) => {
  const { remove: words } = useWords(applicationWords);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const remove = async (): Promise<void> => {
    await deleteApplication(application.id);
    notifyDone(words.done(application.name));
    await navigate({ to: '/domains/$domainId/applications', params: { domainId } });
    void forgetApplications(client);
  };
  const text = isOwn ? words.ownText : words.text;
  return (
    <Section
      title={words.title}
      description={text}
      actions={
        <Button variant="outline" color="red" onClick={() => setIsAsking(true)}>
          {words.button}
        </Button>
      }
    >
      <ConfirmByTyping
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={words.question(application.name)}
        text={application.name}
        action={words.button}
        onConfirm={remove}
      >
        {text}
      </ConfirmByTyping>
    </Section>
  );
};
