import { Box } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { useReadAnew } from '#components/form/use-read-anew.ts';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import type { Tagged } from '#lib/api.ts';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { forgetPeople, type Person, readPerson, updatePerson } from './api.ts';
import { ProfileFields } from './profile-fields.tsx';
import { type ProfileValues, profileChanges, profileOf } from './profile-values.ts';
import { userWords } from './words.ts';

export const ProfileTab = ({ read }: { read: Tagged<Person> }) => {
  const words = useWords(userWords);
  const client = useQueryClient();
  const person = read.value;
  const base = useRef(read);
  const form = useServerForm<ProfileValues>({
    initial: profileOf(person),
    save: (values) => {
      const { value, etag } = base.current;
      return updatePerson(person.id, profileChanges(profileOf(value), values), etag);
    },
    readNewest: async () => {
      base.current = await readPerson(person.id);
      return profileOf(base.current.value);
    },
    onSaved: () => {
      notifyDone(words.saved);
      void forgetPeople(client);
    },
  });
  useReadAnew({ read, base, valuesOf: ({ value }) => profileOf(value), form });
  return (
    <>
      <AccountFacts person={person} />
      <Box component="form" onSubmit={form.onSubmit} noValidate mt="lg">
        <ProfileFields form={form} />
        <SaveBar form={form} onDiscard={() => form.reset()} />
      </Box>
    </>
  );
};

const AccountFacts = ({ person }: { person: Person }) => {
  const { profile: words, fields, never } = useWords(userWords);
  const [language] = useLanguage();
  return (
    <Section title={words.facts}>
      <Facts>
        <Fact label={fields.email}>{person.email}</Fact>
        <Fact label={words.id}>
          <CopyField bare label={words.id} value={person.id} />
        </Fact>
        <Fact label={words.createdAt}>
          <Timestamp at={person.created_at} show="both" />
        </Fact>
        <Fact label={words.lastSignIn}>
          {person.last_login === undefined ? never : <Timestamp at={person.last_login} show="both" />}
        </Fact>
        <Fact label={words.signIns}>{number(person.login_count, language)}</Fact>
      </Facts>
    </Section>
  );
};
