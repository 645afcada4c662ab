import { PageTitle } from '#components/ui/page-title.tsx';

export const NewUserScreen = ({ domainId: _domainId }: { domainId: string }) => (
  <PageTitle title="New user" />
);
