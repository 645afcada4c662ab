import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { CopyField } from '#components/ui/copy-field.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor, RouterButton } from '#components/ui/router-links.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { domainQuery } from '#lib/domain-query.ts';
import { useWords } from '#lib/words.ts';
import { isOwnConsole } from './addresses.ts';
import { type Application, applicationsPath } from './api.ts';
import { legacySwitches } from './application-values.ts';
import { applicationWords } from './words.ts';

export const ApplicationListScreen = ({ domainId }: { domainId: string }) => {
  const words = useWords(applicationWords);
  const { data: domain } = useQuery(domainQuery(domainId));
  const columns: Column<Application>[] = [
    {
      key: 'name',
      header: words.columns.name,
      cell: (application) => (
        <Group gap="xs">
          <RouterAnchor
            to="/domains/$domainId/applications/$applicationId"
            params={{ domainId, applicationId: String(application.id) }}
            fw={600}
          >
            {application.name}
          </RouterAnchor>
          {domain && isOwnConsole(application.redirect_uri, domain.domain) && (
            <StatusBadge tone="info">{words.own}</StatusBadge>
          )}
        </Group>
      ),
    },
    {
      key: 'clientId',
      header: words.columns.clientId,
      cell: (application) => (
        <CopyField bare label={`${words.columns.clientId}, ${application.name}`} value={application.uid} />
      ),
    },
    {
      key: 'redirect',
      header: words.columns.redirect,
      cell: (application) => <Redirects application={application} />,
    },
    {
      key: 'consent',
      header: words.columns.consent,
      cell: (application) => (
        <Stack gap={4} align="flex-start">
          <span>{application.skip_authorization ? words.trusted : words.asks}</span>
          <Weakened application={application} />
        </Stack>
      ),
    },
  ];
  return (
    <>
      <PageTitle
        title={words.title}
        description={words.intro}
        actions={
          <RouterButton to="/domains/$domainId/applications/new" params={{ domainId }}>
            {words.add}
          </RouterButton>
        }
      />
      <DataTable
        label={words.title}
        path={applicationsPath}
        query={{ authority_id: domainId }}
        columns={columns}
        rowKey={({ id }) => String(id)}
        searchLabel={words.search}
        empty={<EmptyState title={words.none}>{words.noneText}</EmptyState>}
      />
    </>
  );
};

const Redirects = ({ application }: { application: Application }) => {
  const words = useWords(applicationWords);
  const [first = '', ...others] = application.redirect_uri.split(' ');
  return (
    <div>
      <Group gap={4} wrap="nowrap" align="flex-start">
        <CopyField bare label={`${words.columns.redirect}, ${application.name}`} value={first} />
      </Group>
      {others.length > 0 && (
        <Text size="sm" c="dimmed">
          {words.more(others.length)}
        </Text>
      )}
    </div>
  );
};

const Weakened = ({ application }: { application: Application }) => {
  const words = useWords(applicationWords);
  const count = legacySwitches.filter((each) => application.legacy?.[each]).length;
  return count === 0 ? null : <StatusBadge tone="warn">{words.weakened(count)}</StatusBadge>;
};
