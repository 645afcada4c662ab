import type { SessionView } from '@foyer/contract/users.ts';
import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Rows } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { api } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import { sessionsWords } from './words.ts';

/** Where a person is signed in, and a button to end each; the key of its query begins with `/users` and the id. */
export const SessionTable = ({ userId }: { userId: string }) => {
  const words = useWords(sessionsWords);
  const queries = useQueryClient();
  const path = `/users/${userId}/sessions`;
  const queryKey = ['/users', userId, 'sessions'];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<SessionView[]>(path, undefined, signal),
  });
  const end = useMutation({
    mutationFn: (session: SessionView) => api.delete(`${path}/${session.id}`),
    onSuccess: async () => {
      notifyDone(words.ended);
      await queries.invalidateQueries({ queryKey });
    },
  });
  const nameOf = ({ browser, system }: SessionView): string => {
    if (browser && system) return words.on(browser, system);
    return browser ?? system ?? words.unknownBrowser;
  };
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (data.length === 0) return <EmptyState title={words.none} />;
  return (
    <>
      {end.error && <ErrorNotice error={end.error} />}
      <Rows
        label={words.label}
        rows={data}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'device',
            header: words.device,
            cell: (session) => (
              <Group gap="xs">
                <Text fw={600} title={session.user_agent}>
                  {nameOf(session)}
                </Text>
                {session.current && <StatusBadge tone="good">{words.here}</StatusBadge>}
              </Group>
            ),
          },
          {
            key: 'how',
            header: words.how,
            cell: ({ source_id, source_name }) => source_name || source_id || words.password,
          },
          { key: 'from', header: words.from, cell: ({ ip }) => <span className="whole">{ip ?? '–'}</span> },
          {
            key: 'since',
            header: words.since,
            cell: ({ authenticated_at }) => <Timestamp at={authenticated_at} />,
          },
          { key: 'seen', header: words.seen, cell: ({ last_seen_at }) => <Timestamp at={last_seen_at} /> },
          { key: 'until', header: words.until, cell: ({ expires_at }) => <Timestamp at={expires_at} /> },
          {
            key: 'actions',
            header: words.actions,
            width: '8rem',
            cell: (session) => (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={words.endOf(nameOf(session))}
                loading={end.isPending && end.variables.id === session.id}
                onClick={() => end.mutate(session)}
              >
                {words.end}
              </Button>
            ),
          },
        ]}
      />
    </>
  );
};
