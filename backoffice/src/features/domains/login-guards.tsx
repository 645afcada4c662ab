import type { DomainReadiness, SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { CopyField } from '#components/ui/copy-field.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { api } from '#lib/api.ts';
import { namesOf } from '#lib/break-glass.ts';
import { dateTime } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import classes from './login-guards.module.css';
import { domainWords } from './words.ts';

export interface Overruling {
  /** Both guards are content. */
  met: boolean;
  override: boolean;
  reason: string;
}

export interface LoginGuardsProps {
  domainId: string;
  source: SourceSummary;
  /** Whether there is something to overrule; not where the source is the default already. */
  asks: boolean;
  onChange: (overruling: Overruling) => void;
}

/** What the server asks for before everybody is sent to a source, and the way round it. */
export const LoginGuards = ({ domainId, source, asks, onChange }: LoginGuardsProps) => {
  const { signIn: words } = useWords(domainWords);
  const [language] = useLanguage();
  const [override, setOverride] = useState(false);
  const [reason, setReason] = useState('');
  const path = `/domains/${domainId}/readiness`;
  const { data, error } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => api.get<DomainReadiness>(path, undefined, signal),
  });
  const isTested = source.tested_at !== undefined;
  const canGetIn = data !== undefined && data.break_glass.length > 0;
  const met = isTested && canGetIn;
  useEffect(() => onChange({ met, override, reason }), [met, override, reason, onChange]);
  if (error) return <ErrorNotice error={error} />;
  if (!data) return <Loading />;
  return (
    <Stack gap="sm" className={classes.guards}>
      <Text fw={600}>{words.guards}</Text>
      <Guard ok={isTested}>
        {source.tested_at !== undefined
          ? words.tested(dateTime(source.tested_at, language))
          : words.notTested}{' '}
        {!isTested && (
          <RouterAnchor
            to="/domains/$domainId/authentication/$sourceId"
            params={{ domainId, sourceId: source.id }}
            search={{ tab: 'try' }}
            underline="always"
          >
            {words.tryIt}
          </RouterAnchor>
        )}
      </Guard>
      <Guard ok={canGetIn}>
        {canGetIn ? words.breakGlass(namesOf(data.break_glass, language)) : words.noBreakGlass}{' '}
        {!canGetIn && (
          <RouterAnchor to="/domains/$domainId/users" params={{ domainId }} underline="always">
            {words.toUsers}
          </RouterAnchor>
        )}
      </Guard>
      {canGetIn && <CopyField label={words.where} value={data.sign_in_page} />}
      {asks && !met && (
        <>
          <Checkbox
            label={words.override}
            description={words.overrideHint}
            checked={override}
            onChange={(event) => setOverride(event.currentTarget.checked)}
          />
          {override && (
            <TextInput
              label={words.reason}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </>
      )}
    </Stack>
  );
};

const Guard = ({ ok, children }: { ok: boolean; children: ReactNode }) => (
  <div className={classes.guard} data-ok={ok}>
    {ok ? <IconCircleCheck size={20} aria-hidden /> : <IconAlertTriangle size={20} aria-hidden />}
    <Text component="div">{children}</Text>
  </div>
);
