import type { DomainView } from '@foyer/contract/domains.ts';
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor, RouterButton } from '#components/ui/router-links.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { dangerColor } from '#lib/theme.ts';
import { useWords } from '#lib/words.ts';
import { DeleteDomain } from './delete-domain.tsx';
import { domainWords } from './words.ts';

export const DomainListScreen = () => {
  const { list: words } = useWords(domainWords);
  const me = useMe();
  const mayDelete = isPlatformAdmin(me);
  const [doomed, setDoomed] = useState<DomainView>();
  const columns: Column<DomainView>[] = [
    {
      key: 'name',
      header: words.name,
      cell: ({ id, name }) => (
        <RouterAnchor to="/domains/$domainId" params={{ domainId: id }} fw={600}>
          {name}
        </RouterAnchor>
      ),
    },
    { key: 'host', header: words.host, cell: ({ domain }) => domain },
    {
      key: 'email-domains',
      header: words.emailDomains,
      cell: ({ email_domains }) => email_domains.join(', ') || '–',
    },
    { key: 'changed', header: words.changed, cell: ({ updated_at }) => <Timestamp at={updated_at} /> },
  ];
  if (me.sys_admin) {
    columns.push({
      key: 'actions',
      header: words.actions,
      width: '5rem',
      cell: (domain) => <RowMenu domain={domain} {...(mayDelete && { onDelete: () => setDoomed(domain) })} />,
    });
  }
  return (
    <>
      <PageTitle
        title={words.title}
        description={words.text}
        actions={
          mayDelete && (
            <RouterButton to="/domains/new" leftSection={<IconPlus size={18} aria-hidden />}>
              {words.add}
            </RouterButton>
          )
        }
      />
      <DataTable<DomainView>
        label={words.title}
        path="/domains"
        columns={columns}
        rowKey={({ id }) => id}
        searchLabel={words.search}
        empty={<EmptyState title={words.empty}>{words.emptyText}</EmptyState>}
      />
      <DeleteDomain domain={doomed} onClose={() => setDoomed(undefined)} />
    </>
  );
};

const RowMenu = ({ domain, onDelete }: { domain: DomainView; onDelete?: () => void }) => {
  const { list: words } = useWords(domainWords);
  const navigate = useNavigate();
  const opener = useRef<HTMLButtonElement>(null);
  /** The item goes with its menu; a dialog gives the focus back to what had it before. */
  const askToDelete = (): void => {
    opener.current?.focus();
    onDelete?.();
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon ref={opener} variant="subtle" color="gray" aria-label={words.actionsOf(domain.name)}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={17} aria-hidden />}
          onClick={() => void navigate({ to: '/domains/$domainId/about', params: { domainId: domain.id } })}
        >
          {words.edit}
        </Menu.Item>
        {onDelete && (
          <Menu.Item
            leftSection={<IconTrash size={17} aria-hidden />}
            color={dangerColor}
            onClick={askToDelete}
          >
            {words.delete}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
};
