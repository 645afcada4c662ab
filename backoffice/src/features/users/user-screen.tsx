import { PageTitle } from '#components/ui/page-title.tsx';

export const UserScreen = ({ userId: _userId }: { domainId: string; userId: string }) => (
  <PageTitle title="User" />
);
