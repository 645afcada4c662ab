import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DomainSelect } from '#components/form/domain-select.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { ConfirmByTyping } from '#components/ui/confirm-by-typing.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor, RouterButton } from '#components/ui/router-links.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useAddress } from '#lib/address.ts';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { type ApiKey, apiKeysPath, deleteApiKey, forgetApiKeys } from './api.ts';
import { apiKeyWords } from './words.ts';

export const ApiKeyListScreen = () => {
  const words = useWords(apiKeyWords);
  const client = useQueryClient();
  const isPlatform = isPlatformAdmin(useMe());
  const [{ domain }, changeAddress] = useAddress();
  const [doomed, setDoomed] = useState<ApiKey>();
  const remove = async (): Promise<void> => {
    if (!doomed) return;
    await deleteApiKey(doomed.id);
    notifyDone(words.deleted(doomed.name));
    void forgetApiKeys(client);
  };
  return (
    <>
      <PageTitle
        title={words.title}
        description={words.intro}
        actions={<RouterButton to="/api-keys/new">{words.add}</RouterButton>}
      />
      <DataTable
        label={words.title}
        path={apiKeysPath}
        query={{ authority_id: domain }}
        columns={columnsOf(words, isPlatform, setDoomed)}
        rowKey={({ id }) => id}
        searchLabel={words.search}
        filters={
          isPlatform && (
            <DomainSelect
              label={words.domain}
              placeholder={words.anyDomain}
              value={domain ?? null}
              onChange={(id) => changeAddress({ domain: id ?? undefined, page: undefined })}
              w="18rem"
            />
          )
        }
        empty={<EmptyState title={words.none}>{words.noneText}</EmptyState>}
      />
      <ConfirmByTyping
        opened={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        title={words.deleteQuestion(doomed?.name ?? '')}
        text={doomed?.name ?? ''}
        action={words.deleteKey}
        onConfirm={remove}
      >
        {words.deleteText}
      </ConfirmByTyping>
    </>
  );
};

const columnsOf = (
  words: (typeof apiKeyWords)['en'],
  isPlatform: boolean,
  onDelete: (key: ApiKey) => void,
): Column<ApiKey>[] => [
  {
    key: 'name',
    header: words.columns.name,
    cell: ({ name, description }) => (
      <>
        <Text fw={600}>{name}</Text>
        {description !== '' && (
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        )}
      </>
    ),
  },
  ...(isPlatform
    ? [
        {
          key: 'domain',
          header: words.columns.domain,
          width: '7rem',
          cell: ({ authority, authority_id }: ApiKey) => authority?.name ?? authority_id,
        },
      ]
    : []),
  {
    key: 'owner',
    header: words.columns.owner,
    width: '13rem',
    cell: ({ user, user_id, authority_id }) =>
      user ? (
        <RouterAnchor
          to="/domains/$domainId/users/$userId"
          params={{ domainId: authority_id, userId: user_id }}
        >
          {user.name || user.email}
        </RouterAnchor>
      ) : (
        words.gone
      ),
  },
  { key: 'scopes', header: words.columns.scopes, width: '7rem', cell: ({ scopes }) => scopes.join(', ') },
  {
    key: 'permissions',
    header: words.columns.permissions,
    width: '8rem',
    cell: ({ permissions }) => words.permissions[permissions as keyof typeof words.permissions],
  },
  {
    key: 'expires',
    header: words.columns.expires,
    cell: ({ expires_at: at }) => {
      if (at === undefined) return words.never;
      if (at * 1000 < Date.now()) return <StatusBadge tone="bad">{words.expired}</StatusBadge>;
      return <Timestamp at={at} />;
    },
  },
  {
    key: 'actions',
    header: words.columns.actions,
    cell: (key) => (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={words.deleteLabel(key.name)}
        onClick={() => onDelete(key)}
      >
        {words.delete}
      </Button>
    ),
  },
];
