import { PageTitle } from '#components/ui/page-title.tsx';

export const NewDomainScreen = () => <PageTitle title="New domain" />;
