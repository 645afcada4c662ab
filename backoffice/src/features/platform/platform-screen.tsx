import type { PlatformStatus } from '@foyer/contract/platform.ts';
import { useQuery } from '@tanstack/react-query';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { api } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import { Administrators, Facts, Health, SealingKeys, SigningKeys } from './platform-sections.tsx';
import { platformWords } from './words.ts';

export const PlatformScreen = () => {
  const words = useWords(platformWords);
  const { data, error, refetch } = useQuery({
    queryKey: ['/platform/status'],
    queryFn: ({ signal }) => api.get<PlatformStatus>('/platform/status', undefined, signal),
    refetchInterval: 60_000,
  });
  return (
    <>
      <PageTitle title={words.title} description={words.text} />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <Health status={data} />
          <Facts status={data} />
          <Administrators status={data} />
          <SigningKeys status={data} />
          <SealingKeys status={data} />
        </>
      )}
    </>
  );
};
