import { PageTitle } from '#components/ui/page-title.tsx';

export const ApplicationListScreen = ({ domainId: _domainId }: { domainId: string }) => (
  <PageTitle title="Applications" />
);
