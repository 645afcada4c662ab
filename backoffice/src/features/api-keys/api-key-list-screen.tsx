import { PageTitle } from '#components/ui/page-title.tsx';

export const ApiKeyListScreen = () => <PageTitle title="API keys" />;
