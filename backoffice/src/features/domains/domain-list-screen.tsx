import { PageTitle } from '#components/ui/page-title.tsx';

export const DomainListScreen = () => <PageTitle title="Domains" />;
