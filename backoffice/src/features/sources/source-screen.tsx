/** One source: its settings, trying it out, its versions, its secrets, and what happened at sign-ins. */
import type { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { useQuery } from '@tanstack/react-query';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { useWords } from '#lib/words.ts';
import { type LdapView, type SamlView, settingsQuery, summaryQuery } from './api.ts';
import { BackLink } from './back-link.tsx';
import type { OauthView } from './draft.ts';
import { EditOauthSource } from './edit-oauth-source.tsx';
import { EditPlainSource } from './edit-plain-source.tsx';
import { sourceWords } from './words.ts';

export const SourceScreen = ({ domainId, sourceId }: { domainId: string; sourceId: string }) => {
  const words = useWords(sourceWords);
  const { data: summary, error, refetch } = useQuery(summaryQuery(sourceId));
  return (
    <>
      <BackLink>
        <RouterAnchor to="/domains/$domainId/authentication" params={{ domainId }} size="sm">
          {words.edit.back}
        </RouterAnchor>
      </BackLink>
      {summary !== undefined && <LoadedSource domainId={domainId} summary={summary} />}
      {summary === undefined && <PageTitle title={words.list.title} />}
      {summary === undefined && error !== null && (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      )}
      {summary === undefined && error === null && <Loading />}
    </>
  );
};

const LoadedSource = ({ domainId, summary }: { domainId: string; summary: SourceSummary }) => {
  const { data: view, error, refetch } = useQuery(settingsQuery(summary.kind, summary.id));
  if (view === undefined) {
    return (
      <>
        <PageTitle title={summary.name} />
        {error === null ? <Loading /> : <ErrorNotice error={error} onRetry={() => void refetch()} />}
      </>
    );
  }
  const shared = { key: summary.id, domainId, summary };
  if (summary.kind === 'oauth2') return <EditOauthSource {...shared} view={view as OauthView} />;
  return <EditPlainSource {...shared} view={view as SamlView | LdapView} />;
};
