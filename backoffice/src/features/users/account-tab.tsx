import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '#components/ui/confirm.tsx';
import { ConfirmByTyping } from '#components/ui/confirm-by-typing.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { deletePerson, forgetPeople, type Person, revivePerson, updatePerson } from './api.ts';
import { userWords } from './words.ts';

export const AccountTab = ({ person, domainId }: { person: Person; domainId: string }) => (
  <>
    <Block person={person} />
    <Delete person={person} domainId={domainId} />
  </>
);

const Block = ({ person }: { person: Person }) => {
  const { account: words } = useWords(userWords);
  const me = useMe();
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const change = async (disabled: boolean): Promise<void> => {
    await updatePerson(person.id, { disabled });
    notifyDone(disabled ? words.blocked(person.name) : words.unblocked(person.name));
    await forgetPeople(client);
  };
  const unblock = useMutation({ mutationFn: () => change(false) });
  const isSelf = person.id === me.id;
  return (
    <Section
      title={words.blockTitle}
      description={person.disabled ? words.blockedText : words.blockText}
      actions={
        person.disabled ? (
          <Button variant="default" loading={unblock.isPending} onClick={() => unblock.mutate()}>
            {words.unblock}
          </Button>
        ) : (
          <Button variant="outline" color="red" disabled={isSelf} onClick={() => setIsAsking(true)}>
            {words.block}
          </Button>
        )
      }
    >
      {unblock.error && <ErrorNotice error={unblock.error} />}
      {isSelf && words.own}
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={words.blockQuestion(person.name)}
        action={words.block}
        onConfirm={() => change(true)}
      >
        {words.blockText}
      </Confirm>
    </Section>
  );
};

const Delete = ({ person, domainId }: { person: Person; domainId: string }) => {
  const { account: words } = useWords(userWords);
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const revive = useMutation({
    mutationFn: async () => {
      await revivePerson(person.id);
      notifyDone(words.revived(person.name));
      await forgetPeople(client);
    },
  });
  const remove = async (): Promise<void> => {
    await deletePerson(person.id, person.deleted);
    notifyDone(words.deleted(person.name));
    await navigate({ to: '/domains/$domainId/users', params: { domainId } });
    void forgetPeople(client);
  };
  const action = person.deleted ? words.deleteForGood : words.delete;
  return (
    <Section
      title={words.deleteTitle}
      description={person.deleted ? words.deletedText : words.deleteText}
      actions={
        <Group gap="sm">
          {person.deleted && (
            <Button variant="default" loading={revive.isPending} onClick={() => revive.mutate()}>
              {words.revive}
            </Button>
          )}
          <Button
            variant="outline"
            color="red"
            disabled={person.id === me.id}
            onClick={() => setIsAsking(true)}
          >
            {action}
          </Button>
        </Group>
      }
    >
      {revive.error && <ErrorNotice error={revive.error} />}
      <ConfirmByTyping
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={words.deleteQuestion(person.name)}
        text={person.email || person.name}
        action={action}
        onConfirm={remove}
      >
        {words.deleteText}
      </ConfirmByTyping>
    </Section>
  );
};
