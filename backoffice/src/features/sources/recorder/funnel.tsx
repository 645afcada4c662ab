/** The funnel of a source as a chart: how many started, came back, got a token, a profile, and in. */
import type { FunnelView } from '@foyer/contract/attempts.ts';
import { NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { SmallBars } from '#components/ui/small-bars.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { localeOf, number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { funnelQuery } from '../api.ts';
import classes from './recorder.module.css';
import { recorderWords } from './words.ts';

export const Funnel = ({ domainId, sourceId }: { domainId: string; sourceId: string }) => {
  const words = useWords(recorderWords);
  const [hours, setHours] = useState('168');
  const { data, error, refetch } = useQuery(funnelQuery(sourceId, Number(hours)));
  return (
    <Section
      title={words.funnel}
      description={words.funnelText}
      actions={
        <NativeSelect
          aria-label={words.period}
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value)}
          data={Object.entries(words.hours).map(([value, label]) => ({ value, label }))}
        />
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <Stack gap="lg">
          <Stages funnel={data} />
          <Times funnel={data} />
          <Series funnel={data} />
          <TopErrors funnel={data} domainId={domainId} />
        </Stack>
      )}
    </Section>
  );
};

const Stages = ({ funnel }: { funnel: FunnelView }) => {
  const words = useWords(recorderWords);
  const [language] = useLanguage();
  const most = Math.max(1, ...funnel.stages.map(({ count }) => count));
  return (
    <ol className={classes.funnel}>
      {funnel.stages.map(({ stage, count }, index) => {
        const before = funnel.stages[index - 1]?.count ?? count;
        const lost = Math.max(0, before - count);
        const name = Object.hasOwn(words.stages, stage)
          ? words.stages[stage as keyof typeof words.stages]
          : stage;
        return (
          <li key={stage} className={classes.stage}>
            <Text size="sm">{name}</Text>
            <svg className={classes.bar} viewBox="0 0 100 22" preserveAspectRatio="none" aria-hidden="true">
              <rect className={classes.ground} width="100" height="22" />
              <rect className={classes.fill} width={(count / most) * 100} height="22" />
            </svg>
            <Text size="sm" className={classes.number ?? ''}>
              {number(count, language)}
              {lost > 0 && (
                <Text span size="sm" c="dimmed" title={words.lostLong(number(lost, language))}>
                  {' '}
                  {words.lost(number(lost, language))}
                </Text>
              )}
            </Text>
          </li>
        );
      })}
    </ol>
  );
};

const Times = ({ funnel }: { funnel: FunnelView }) => {
  const words = useWords(recorderWords);
  const [language] = useLanguage();
  if (funnel.p95_ms === undefined) return null;
  return (
    <div>
      <Facts>
        {funnel.p50_ms !== undefined && (
          <Fact label={words.p50}>{words.milliseconds(number(funnel.p50_ms, language))}</Fact>
        )}
        <Fact label={words.p95}>
          {words.milliseconds(number(funnel.p95_ms, language))} ({words.ownPart})
        </Fact>
      </Facts>
    </div>
  );
};

const Series = ({ funnel }: { funnel: FunnelView }) => {
  const words = useWords(recorderWords);
  const [language] = useLanguage();
  if (funnel.series.length === 0) return null;
  const hour = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'short', timeStyle: 'short' });
  const sum = (part: 'ok' | 'denied'): number => funnel.series.reduce((total, each) => total + each[part], 0);
  return (
    <div>
      <Text size="sm" fw={600} mb="xs">
        {words.perHour}
      </Text>
      <SmallBars
        width={Math.min(640, Math.max(112, funnel.series.length * 12))}
        height={56}
        summary={words.seriesSummary(sum('ok'), sum('denied'))}
        bars={funnel.series.map((each) => ({
          label: hour.format(each.hour * 1000),
          good: each.ok,
          bad: each.denied,
        }))}
      />
    </div>
  );
};

const TopErrors = ({ funnel, domainId }: { funnel: FunnelView; domainId: string }) => {
  const words = useWords(recorderWords);
  return (
    <div>
      <Text size="sm" fw={600} mb="xs">
        {words.topErrors}
      </Text>
      {funnel.top_errors.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.noErrors}
        </Text>
      ) : (
        <ul className={classes.errors}>
          {funnel.top_errors.map((each) => (
            <li key={`${each.reason} ${each.last_id}`}>
              <Text size="sm">
                <b>{words.times(each.count)}</b> {each.title}
              </Text>
              <Text size="sm" c="dimmed">
                {words.lastOne}: <Timestamp at={each.last_at} />,{' '}
                <RouterAnchor
                  to="/domains/$domainId/authentication/attempts/$attemptId"
                  params={{ domainId, attemptId: each.last_id }}
                  size="sm"
                  underline="always"
                >
                  {each.last_id}
                </RouterAnchor>
              </Text>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};
