import { PageTitle } from '#components/ui/page-title.tsx';

export const NewApiKeyScreen = () => <PageTitle title="New API key" />;
