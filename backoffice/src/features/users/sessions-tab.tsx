import { Button, Group, Paper } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Column, Rows } from '#components/table/data-table.tsx';
import { Confirm } from '#components/ui/confirm.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useWords } from '#lib/words.ts';
import {
  endAllSessions,
  endSession,
  forgetPeople,
  identitiesQuery,
  type Person,
  type PersonSession,
  sessionsQuery,
} from './api.ts';
import { browserName } from './browser-name.ts';
import { userWords } from './words.ts';

/** Where a person is signed in, and how to end it: one browser, or everywhere. */
export const SessionsTab = ({ person }: { person: Person }) => {
  const { sessions: words } = useWords(userWords);
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const { data, error, refetch } = useQuery(sessionsQuery(person.id));
  const end = useMutation({
    mutationFn: (sessionId: string) => endSession(person.id, sessionId),
    onSuccess: () => {
      notifyDone(words.ended);
      void forgetPeople(client);
    },
  });
  const endAll = async (): Promise<void> => {
    await endAllSessions(person.id);
    notifyDone(words.endedAll);
    void forgetPeople(client);
  };
  if (error && !data) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
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
      {end.error && <ErrorNotice error={end.error} />}
      {data.length === 0 ? (
        <EmptyState title={words.none} />
      ) : (
        <SessionRows
          personId={person.id}
          sessions={data}
          ending={end.isPending ? end.variables : undefined}
          onEnd={(id) => end.mutate(id)}
        />
      )}
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

interface SessionRowsProps {
  personId: string;
  sessions: readonly PersonSession[];
  ending: string | undefined;
  onEnd: (sessionId: string) => void;
}

const SessionRows = ({ personId, sessions, ending, onEnd }: SessionRowsProps) => {
  const { sessions: words } = useWords(userWords);
  const { data: identities = [] } = useQuery(identitiesQuery(personId));
  const nameOf = (session: PersonSession): string => browserName(session.user_agent) ?? words.unknownBrowser;
  const howOf = (session: PersonSession): string => {
    if (session.source_id === undefined) return words.internal;
    const known = identities.find(({ source_id: id }) => id === session.source_id);
    return known?.source_name || session.source_id;
  };
  const columns: Column<PersonSession>[] = [
    {
      key: 'browser',
      header: words.columns.browser,
      cell: (session) => (
        <Group gap="xs">
          <span title={session.user_agent}>{nameOf(session)}</span>
          {session.current && <StatusBadge tone="info">{words.this}</StatusBadge>}
        </Group>
      ),
    },
    { key: 'how', header: words.columns.how, cell: howOf },
    {
      key: 'at',
      header: words.columns.at,
      cell: (session) => <Timestamp at={session.authenticated_at} show="absolute" />,
    },
    {
      key: 'seen',
      header: words.columns.seen,
      cell: (session) => <Timestamp at={session.last_seen_at} />,
    },
    { key: 'ip', header: words.columns.ip, cell: (session) => session.ip ?? '' },
    {
      key: 'end',
      header: words.columns.action,
      cell: (session) => (
        <Button
          size="compact-sm"
          variant="default"
          loading={ending === session.id}
          aria-label={words.endLabel(nameOf(session))}
          onClick={() => onEnd(session.id)}
        >
          {words.end}
        </Button>
      ),
    },
  ];
  return (
    <Paper>
      <Rows label={words.title} columns={columns} rows={sessions} rowKey={({ id }) => id} />
    </Paper>
  );
};
