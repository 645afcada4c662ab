import { PageTitle } from '#components/ui/page-title.tsx';

export const PlatformScreen = () => <PageTitle title="Platform" />;
