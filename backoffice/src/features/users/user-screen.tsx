import { useQuery } from '@tanstack/react-query';
import { type AddressTab, AddressTabs } from '#components/ui/address-tabs.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { AccountTab } from './account-tab.tsx';
import { personQuery } from './api.ts';
import { PersonBadges } from './person-badges.tsx';
import { roleOf } from './person-role.ts';
import { ProfileTab } from './profile-tab.tsx';
import { RolesTab } from './roles-tab.tsx';
import { SessionsTab } from './sessions-tab.tsx';
import { SourcesTab } from './sources-tab.tsx';
import { userWords } from './words.ts';

export const UserScreen = ({ domainId, userId }: { domainId: string; userId: string }) => {
  const words = useWords(userWords);
  const me = useMe();
  const { data, error, refetch } = useQuery(personQuery(userId));
  if (!data) {
    return (
      <>
        <PageTitle title={words.title} />
        {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <Loading />}
      </>
    );
  }
  const person = data.value;
  const role = roleOf(person);
  // Support people help with the first one; the others would be refused.
  const tabs: AddressTab[] = [
    { value: 'profile', label: words.tabs.profile, content: <ProfileTab read={data} /> },
    { value: 'roles', label: words.tabs.roles, content: <RolesTab read={data} /> },
    {
      value: 'sources',
      label: words.tabs.sources,
      content: <SourcesTab domainId={domainId} userId={userId} />,
    },
    { value: 'sessions', label: words.tabs.sessions, content: <SessionsTab person={person} /> },
    {
      value: 'account',
      label: words.tabs.account,
      content: <AccountTab person={person} domainId={domainId} />,
    },
  ];
  return (
    <>
      <PageTitle
        title={person.name || person.email || person.id}
        aside={<PersonBadges person={person} />}
        description={role === 'none' ? person.email : `${person.email} · ${words.roles[role]}`}
      />
      <AddressTabs label={words.tabs.label} tabs={me.sys_admin ? tabs : tabs.slice(0, 1)} />
    </>
  );
};
