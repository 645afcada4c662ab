import { PageTitle } from '#components/ui/page-title.tsx';

export const SourceListScreen = ({ domainId: _domainId }: { domainId: string }) => (
  <PageTitle title="Authentication" />
);
