import { PageTitle } from '#components/ui/page-title.tsx';

export const AttemptScreen = ({ attemptId: _attemptId }: { domainId: string; attemptId: string }) => (
  <PageTitle title="Attempt" />
);
