import { PageTitle } from '#components/ui/page-title.tsx';

export const UserListScreen = ({ domainId: _domainId }: { domainId: string }) => <PageTitle title="Users" />;
