import { PageTitle } from '#components/ui/page-title.tsx';

export const SourceScreen = ({ sourceId: _sourceId }: { domainId: string; sourceId: string }) => (
  <PageTitle title="Source" />
);
