import { PageTitle } from '#components/ui/page-title.tsx';

export const ApplicationScreen = ({
  applicationId: _applicationId,
}: {
  domainId: string;
  applicationId: string;
}) => <PageTitle title="Application" />;
