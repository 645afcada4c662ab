import { PageTitle } from '#components/ui/page-title.tsx';

export const AboutScreen = ({ domainId: _domainId }: { domainId: string }) => <PageTitle title="About" />;
