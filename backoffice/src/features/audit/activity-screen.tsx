import { PageTitle } from '#components/ui/page-title.tsx';

export const ActivityScreen = ({ domainId: _domainId }: { domainId: string }) => (
  <PageTitle title="Activity" />
);
