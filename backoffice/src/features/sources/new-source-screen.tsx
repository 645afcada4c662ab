import { PageTitle } from '#components/ui/page-title.tsx';

export const NewSourceScreen = ({ domainId: _domainId }: { domainId: string }) => (
  <PageTitle title="New source" />
);
