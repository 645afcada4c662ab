import { Group, Switch } from '@mantine/core';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor, RouterButton } from '#components/ui/router-links.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useAddress } from '#lib/address.ts';
import { useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { type Person, peoplePath } from './api.ts';
import { PersonBadges } from './person-badges.tsx';
import { roleOf } from './person-role.ts';
import { userWords } from './words.ts';

export const UserListScreen = ({ domainId }: { domainId: string }) => {
  const words = useWords(userWords);
  const [{ deleted }, changeAddress] = useAddress();
  const includeDeleted = deleted === '1';
  const { sys_admin } = useMe();
  const roleColumn: Column<Person> = {
    key: 'role',
    header: words.columns.role,
    cell: (person) => words.roles[roleOf(person)],
  };
  const columns: Column<Person>[] = [
    {
      key: 'name',
      header: words.columns.name,
      cell: (person) => (
        <Group gap="xs">
          <RouterAnchor
            to="/domains/$domainId/users/$userId"
            params={{ domainId, userId: person.id }}
            fw={600}
          >
            {person.name || person.email || person.id}
          </RouterAnchor>
          <PersonBadges person={person} />
        </Group>
      ),
    },
    { key: 'email', header: words.columns.email, cell: (person) => person.email },
    // Only administrators are told ranks.
    ...(sys_admin ? [roleColumn] : []),
    {
      key: 'lastSignIn',
      header: words.columns.lastSignIn,
      cell: ({ last_login: at }) => (at === undefined ? words.never : <Timestamp at={at} />),
    },
  ];
  return (
    <>
      <PageTitle
        title={words.title}
        description={words.intro}
        actions={
          <>
            {sys_admin && (
              <RouterButton to="/domains/$domainId/users/import" params={{ domainId }} variant="default">
                {words.import}
              </RouterButton>
            )}
            <RouterButton to="/domains/$domainId/users/new" params={{ domainId }}>
              {words.add}
            </RouterButton>
          </>
        }
      />
      <DataTable
        label={words.title}
        path={peoplePath}
        query={{ authority_id: domainId, include_deleted: includeDeleted || undefined }}
        columns={columns}
        rowKey={({ id }) => id}
        searchLabel={words.search}
        filters={
          <Switch
            label={words.includeDeleted}
            checked={includeDeleted}
            onChange={(event) =>
              changeAddress({ deleted: event.currentTarget.checked ? '1' : undefined, page: undefined })
            }
            mb={8}
          />
        }
        empty={<EmptyState title={words.none}>{words.noneText}</EmptyState>}
      />
    </>
  );
};
