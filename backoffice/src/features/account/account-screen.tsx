import { PageTitle } from '#components/ui/page-title.tsx';

export const AccountScreen = () => <PageTitle title="My account" />;
