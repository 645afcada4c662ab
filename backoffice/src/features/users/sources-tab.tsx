import type { IdentityView } from '@foyer/contract/users.ts';
import { useQuery } from '@tanstack/react-query';
import { CopyField } from '#components/ui/copy-field.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useWords } from '#lib/words.ts';
import { identitiesQuery } from './api.ts';
import { userWords } from './words.ts';

/** Which sources know this person, and by what. */
export const SourcesTab = ({ domainId, userId }: { domainId: string; userId: string }) => {
  const { sources: words } = useWords(userWords);
  const { data, error, refetch } = useQuery(identitiesQuery(userId));
  if (error && !data) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (data.length === 0) {
    return (
      <Section title={words.title}>
        <EmptyState title={words.none}>{words.noneText}</EmptyState>
      </Section>
    );
  }
  return data.map((identity) => (
    <Identity
      key={`${identity.source_id} ${identity.issuer} ${identity.subject}`}
      identity={identity}
      domainId={domainId}
    />
  ));
};

const Identity = ({ identity, domainId }: { identity: IdentityView; domainId: string }) => {
  const { sources: words, never } = useWords(userWords);
  return (
    <Section
      title={identity.source_name || words.gone}
      actions={
        <RouterAnchor
          to="/domains/$domainId/authentication/$sourceId"
          params={{ domainId, sourceId: identity.source_id }}
          size="sm"
        >
          {identity.source_id}
        </RouterAnchor>
      }
    >
      <Facts>
        <Fact label={words.subject}>
          <CopyField bare label={words.subject} value={identity.subject} />
        </Fact>
        {identity.issuer !== '' && (
          <Fact label={words.issuer}>
            <CopyField bare label={words.issuer} value={identity.issuer} />
          </Fact>
        )}
        {identity.email !== undefined && <Fact label={words.email}>{identity.email}</Fact>}
        <Fact label={words.linked}>
          <Timestamp at={identity.created_at} show="both" />
        </Fact>
        <Fact label={words.lastSignIn}>
          {identity.last_sign_in_at === undefined ? (
            never
          ) : (
            <Timestamp at={identity.last_sign_in_at} show="both" />
          )}
        </Fact>
        <Fact label={words.tokens}>
          <TokenState identity={identity} />
        </Fact>
      </Facts>
    </Section>
  );
};

const TokenState = ({ identity }: { identity: IdentityView }) => {
  const { sources: words } = useWords(userWords);
  const { token_state: state, token_expires_at: until } = identity;
  if (state === undefined) return words.noTokens;
  const text = state === 'live' || state === 'needs_consent' ? words.tokenStates[state] : state;
  return (
    <>
      {text}
      {state === 'live' && until !== undefined && (
        <>
          {' '}
          ({words.until} <Timestamp at={until} show="absolute" />)
        </>
      )}
    </>
  );
};
