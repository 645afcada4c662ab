import { PageTitle } from '#components/ui/page-title.tsx';

export const AuditScreen = () => <PageTitle title="Audit" />;
