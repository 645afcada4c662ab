import type { DomainView } from '@foyer/contract/domains.ts';
import type { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Button, Code, NativeSelect, Radio, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { api } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import { LoginGuards, type Overruling } from './login-guards.tsx';
import { domainWords } from './words.ts';

type Choice = 'page' | 'source' | 'custom';

const signInPage = '/login?continue={{url}}';

const sourcesOf = (domainId: string) => ({
  queryKey: ['/sources', { authority_id: domainId, limit: 1000 }],
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    api.list<SourceSummary>('/sources', { authority_id: domainId, limit: 1000 }, signal),
});

/** What somebody meets who has to sign in: a choice, never a template (one that was written by hand is kept). */
export const LoginBehaviour = ({ domain }: { domain: DomainView }) => {
  const { signIn: words } = useWords(domainWords);
  const { data, error, refetch } = useQuery(sourcesOf(domain.id));
  return (
    <Section title={words.title} description={words.text}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && <ChoiceForm key={domain.login_url} domain={domain} sources={data.rows} />}
    </Section>
  );
};

const ChoiceForm = ({ domain, sources }: { domain: DomainView; sources: readonly SourceSummary[] }) => {
  const { signIn: words } = useWords(domainWords);
  const queries = useQueryClient();
  const current = sources.find((source) => source.is_default);
  const isPage = domain.login_url === '' || domain.login_url === signInPage;
  const now: Choice = current ? 'source' : isPage ? 'page' : 'custom';
  const [choice, setChoice] = useState(now);
  const [sourceId, setSourceId] = useState(current?.id ?? '');
  const [overruling, setOverruling] = useState<Overruling>({ met: false, override: false, reason: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const live = sources.filter((source) => source.enabled);
  const chosen = sources.find((source) => source.id === sourceId);
  const isSame = choice === now && (choice !== 'source' || sourceId === current?.id);
  const mayApply = !isSame && (choice !== 'source' || (chosen && (overruling.met || overruling.override)));

  const apply = async (): Promise<void> => {
    if (choice === 'source') {
      const { override, reason } = overruling;
      await api.post(`/sources/${sourceId}/default`, override ? { override, reason } : {});
    } else if (current) await api.delete(`/sources/${current.id}/default`);
    else await api.patch(`/domains/${domain.id}`, { login_url: signInPage });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await apply();
      notifyDone(words.applied);
      for (const queryKey of [['/domains'], ['/sources'], [`/domains/${domain.id}/readiness`]]) {
        await queries.invalidateQueries({ queryKey });
      }
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <Radio.Group label={words.choice} value={choice} onChange={(value) => setChoice(value as Choice)}>
          <Stack gap="sm" mt="sm">
            <Radio value="page" label={words.page} description={words.pageHint} />
            <Radio
              value="source"
              label={words.source}
              description={live.length === 0 ? words.noSources : words.sourceHint}
              disabled={live.length === 0 && now !== 'source'}
            />
            {now === 'custom' && (
              <Radio
                value="custom"
                label={
                  <>
                    {words.custom} <Code>{domain.login_url}</Code>
                  </>
                }
                description={words.customHint}
              />
            )}
          </Stack>
        </Radio.Group>
        {live.length === 0 && (
          <Text size="sm">
            <RouterAnchor to="/domains/$domainId/authentication" params={{ domainId: domain.id }}>
              {words.toSources}
            </RouterAnchor>
          </Text>
        )}
        {choice === 'source' && (
          <NativeSelect
            maw="26rem"
            label={words.pick}
            value={sourceId}
            onChange={(event) => setSourceId(event.currentTarget.value)}
            data={[
              { value: '', label: words.pickNone, disabled: true },
              ...sources
                .filter((source) => source.enabled || source.id === current?.id)
                .map(({ id, name }) => ({
                  value: id,
                  label: id === current?.id ? `${name} (${words.now})` : name,
                })),
            ]}
          />
        )}
        {choice === 'source' && chosen && (
          <LoginGuards
            key={chosen.id}
            domainId={domain.id}
            source={chosen}
            asks={!isSame}
            onChange={setOverruling}
          />
        )}
        {error !== undefined && <ErrorNotice error={error} />}
        {!isSame && (
          <div>
            <Button type="submit" disabled={!mayApply} loading={busy}>
              {words.apply}
            </Button>
          </div>
        )}
      </Stack>
    </form>
  );
};
