import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { notifyDone } from '#components/ui/notify.ts';
import { PageTitle } from '#components/ui/page-title.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import { useWords } from '#lib/words.ts';
import { createApplication, forgetApplications, type NewApplication } from './api.ts';
import { ApplicationFields, checkApplication } from './application-fields.tsx';
import { type ApplicationValues, bodyOf, newValues } from './application-values.ts';
import { LegacyFields } from './legacy-fields.tsx';
import { applicationWords } from './words.ts';

export const NewApplicationScreen = ({ domainId }: { domainId: string }) => {
  const words = useWords(applicationWords);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [made, setMade] = useState<NewApplication>();

  const goTo = (application: NewApplication): void => {
    notifyDone(words.created(application.name));
    void navigate({
      to: '/domains/$domainId/applications/$applicationId',
      params: { domainId, applicationId: String(application.id) },
    });
  };
  const form = useServerForm<ApplicationValues>({
    initial: newValues,
    check: checkApplication(words),
    save: (values) => createApplication({ ...bodyOf(values), owner_id: domainId }),
    onSaved: (saved) => {
      const application = saved as NewApplication;
      void forgetApplications(client);
      // An application that keeps no secret has no use for it.
      if (application.confidential) setMade(application);
      else goTo(application);
    },
  });
  return (
    <>
      <PageTitle title={words.add} />
      <form onSubmit={form.onSubmit} noValidate>
        <ApplicationFields form={form} title={words.form.basics} />
        <LegacyFields form={form} />
        <SaveBar form={form} label={words.create} />
      </form>
      <SecretOnce
        title={words.secret.newTitle(made?.name ?? '')}
        label={words.secret.label}
        secret={made?.secret}
        onStored={() => made && goTo(made)}
      />
    </>
  );
};
