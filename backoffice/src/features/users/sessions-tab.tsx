import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { SessionTable } from '#components/sessions/session-table.tsx';
import { Confirm } from '#components/ui/confirm.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { endAllSessions, forgetPeople, type Person } from './api.ts';
import { userWords } from './words.ts';

/** Where a person is signed in, and how to end it: one browser, or everywhere. */
export const SessionsTab = ({ person }: { person: Person }) => {
  const { sessions: words } = useWords(userWords);
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const endAll = async (): Promise<void> => {
    await endAllSessions(person.id);
    notifyDone(words.endedAll);
    void forgetPeople(client);
  };
  return (
    <Section
      title={words.title}
      description={words.intro}
      actions={
        <Button variant="default" onClick={() => setIsAsking(true)}>
          {words.endAll}
        </Button>
      }
    >
      <SessionTable userId={person.id} />
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={words.endAllTitle(person.name)}
        action={words.endAll}
        onConfirm={endAll}
      >
        {words.endAllText}
      </Confirm>
    </Section>
  );
};
