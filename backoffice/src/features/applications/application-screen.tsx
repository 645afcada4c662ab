import { Alert, Box, Stack, Switch } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { useReadAnew } from '#components/form/use-read-anew.ts';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { PageTitle } from '#components/ui/page-title.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import type { Tagged } from '#lib/api.ts';
import { domainQuery } from '#lib/domain-query.ts';
import { useWords } from '#lib/words.ts';
import { isOwnConsole } from './addresses.ts';
import {
  type Application,
  applicationQuery,
  forgetApplications,
  readApplication,
  updateApplication,
} from './api.ts';
import { ApplicationAddresses } from './application-addresses.tsx';
import { ApplicationFields, checkApplication } from './application-fields.tsx';
import { ApplicationSecret } from './application-secret.tsx';
import { type ApplicationValues, bodyOf, changesClientId, valuesOf } from './application-values.ts';
import { DeleteApplication } from './delete-application.tsx';
import { LegacyFields } from './legacy-fields.tsx';
import { applicationWords } from './words.ts';

export interface ApplicationScreenProps {
  domainId: string;
  applicationId: string;
}

export const ApplicationScreen = ({ domainId, applicationId }: ApplicationScreenProps) => {
  const words = useWords(applicationWords);
  const { data, error, refetch } = useQuery(applicationQuery(applicationId));
  const { data: domain } = useQuery(domainQuery(domainId));
  if (!data || !domain) {
    return (
      <>
        <PageTitle title={words.title} />
        {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <Loading />}
      </>
    );
  }
  const application = data.value;
  const isOwn = isOwnConsole(application.redirect_uri, domain.domain);
  return (
    <>
      <PageTitle
        title={application.name}
        aside={isOwn && <StatusBadge tone="info">{words.own}</StatusBadge>}
      />
      {isOwn && (
        <Alert icon={<IconInfoCircle aria-hidden />} mb="lg">
          {words.ownText}
        </Alert>
      )}
      <ApplicationAddresses application={application} host={domain.domain} />
      <Settings key={application.id} read={data} />
      <ApplicationSecret application={application} />
      <DeleteApplication domainId={domainId} application={application} isOwn={isOwn} />
    </>
  );
};

const Settings = ({ read }: { read: Tagged<Application> }) => {
  const application = read.value;
  const base = useRef(read);
  const words = useWords(applicationWords);
  const client = useQueryClient();
  const form = useServerForm<ApplicationValues>({
    initial: valuesOf(application),
    check: checkApplication(words),
    save: (values) =>
      updateApplication(
        application.id,
        { ...bodyOf(values), preserve_client_id: values.preserve_client_id },
        base.current.etag,
      ),
    readNewest: async () => {
      base.current = await readApplication(application.id);
      return valuesOf(base.current.value);
    },
    onSaved: () => {
      notifyDone(words.detail.saved);
      void forgetApplications(client);
    },
  });
  useReadAnew({ read, base, valuesOf: ({ value }) => valuesOf(value), form });
  return (
    <Box component="form" onSubmit={form.onSubmit} noValidate my="lg">
      <ApplicationFields form={form} title={words.detail.settings}>
        {changesClientId(application.redirect_uri, form.values) && (
          <Alert color="yellow" icon={<IconInfoCircle aria-hidden />} title={words.clientIdMoves.title}>
            <Stack gap="sm">
              <span>{words.clientIdMoves.text}</span>
              <Switch label={words.clientIdMoves.keep} {...form.check('preserve_client_id')} />
            </Stack>
          </Alert>
        )}
      </ApplicationFields>
      <LegacyFields form={form} />
      <SaveBar form={form} onDiscard={() => form.reset()} />
    </Box>
  );
};
