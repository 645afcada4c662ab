import { PageTitle } from '#components/ui/page-title.tsx';

export const ImportUsersScreen = ({ domainId: _domainId }: { domainId: string }) => (
  <PageTitle title="Import users" />
);
