/** One sign-in attempt: who, when, every step, and what to do about its failure. */
import type { AttemptView } from '@foyer/contract/attempts.ts';
import { Box, Code } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { attemptQuery, sourcesQuery } from './api.ts';
import { BackLink } from './back-link.tsx';
import { AdviceNote } from './dry-run/advice-note.tsx';
import classes from './dry-run/dry-run.module.css';
import { shownOf } from './dry-run/planned-steps.ts';
import { StepList } from './dry-run/step-list.tsx';
import { dryRunWords } from './dry-run/words.ts';
import { AttemptOutcome } from './recorder/attempt-outcome.tsx';
import { recorderWords } from './recorder/words.ts';
import { sourceWords } from './words.ts';

export const AttemptScreen = ({ domainId, attemptId }: { domainId: string; attemptId: string }) => {
  const words = useWords(recorderWords);
  const { edit } = useWords(sourceWords);
  const { data, error, refetch } = useQuery(attemptQuery(attemptId));
  const { data: sources } = useQuery(sourcesQuery(domainId));
  const source = sources?.rows.find(({ id }) => id === data?.source_id);
  return (
    <>
      <BackLink>
        {source === undefined ? (
          <RouterAnchor to="/domains/$domainId/authentication" params={{ domainId }} size="sm">
            {edit.back}
          </RouterAnchor>
        ) : (
          <RouterAnchor
            to="/domains/$domainId/authentication/$sourceId"
            params={{ domainId, sourceId: source.id }}
            search={{ tab: 'recorder' }}
            size="sm"
          >
            {source.name}: {words.backToRecorder}
          </RouterAnchor>
        )}
      </BackLink>
      <PageTitle
        title={words.attemptOf(attemptId)}
        aside={data !== undefined && <AttemptOutcome attempt={data} />}
      />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <Attempt attempt={data} sourceName={source?.name} />}
    </>
  );
};

const Attempt = ({ attempt, sourceName }: { attempt: AttemptView; sourceName: string | undefined }) => {
  const words = useWords(recorderWords);
  const { stepsTitle } = useWords(dryRunWords);
  const [language] = useLanguage();
  const { user, advice, evidence } = attempt;
  return (
    <>
      {advice !== undefined && attempt.outcome !== 'ok' && (
        <Box mb="lg">
          <AdviceNote advice={advice} code={attempt.reason} />
        </Box>
      )}
      <Section title={words.facts}>
        <Facts>
          <Fact label={words.when}>
            <Timestamp at={attempt.at} show="both" />
          </Fact>
          <Fact label={words.took}>{words.milliseconds(number(attempt.duration_ms, language))}</Fact>
          <Fact label={words.who}>
            {user === undefined ? words.unknown : [user.name, user.email].filter(Boolean).join(', ')}
          </Fact>
          {attempt.source_id !== undefined && (
            <Fact label={words.source}>
              {sourceName ?? ''} <Code>{attempt.source_id}</Code>
            </Fact>
          )}
          {attempt.version !== undefined && <Fact label={words.version}>{attempt.version}</Fact>}
          {attempt.request_id !== undefined && (
            <Fact label={words.requestId}>
              <Code>{attempt.request_id}</Code>
            </Fact>
          )}
        </Facts>
      </Section>
      <Section title={stepsTitle} description={words.stepsText}>
        <StepList steps={shownOf(attempt.steps)} label={stepsTitle} />
      </Section>
      {Object.keys(evidence).length > 0 && (
        <Section title={words.evidence}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, with the keyboard too */}
          <pre className={classes.wire} tabIndex={0}>
            {JSON.stringify(evidence, undefined, 2)}
          </pre>
        </Section>
      )}
    </>
  );
};
