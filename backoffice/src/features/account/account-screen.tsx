import { Anchor, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { useId } from 'react';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { Section } from '#components/ui/section.tsx';
import { languageNames, useLanguage } from '#lib/language.tsx';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { type Language, useWords } from '#lib/words.ts';
import { OwnSessions } from './own-sessions.tsx';
import { PasswordForm } from './password-form.tsx';
import { accountWords } from './words.ts';

export const AccountScreen = () => {
  const words = useWords(accountWords);
  return (
    <>
      <PageTitle title={words.title} />
      <Profile />
      <Looks />
      <PasswordForm />
      <OwnSessions />
    </>
  );
};

const Profile = () => {
  const words = useWords(accountWords);
  const me = useMe();
  const role = isPlatformAdmin(me)
    ? 'platform'
    : me.sys_admin
      ? 'administrator'
      : me.support
        ? 'support'
        : 'none';
  return (
    <Section title={words.profile}>
      <Facts>
        <Fact label={words.name}>{me.name}</Fact>
        <Fact label={words.email}>{me.email}</Fact>
        <Fact label={words.role}>{words.roles[role]}</Fact>
        <Fact label={words.groups}>{me.groups.join(', ') || words.none}</Fact>
      </Facts>
      <Text mt="md" c="dimmed">
        {words.more}{' '}
        <Anchor href="/account" inherit underline="always">
          {words.accountPage}
        </Anchor>
      </Text>
    </Section>
  );
};

const schemes = ['light', 'dark', 'auto'] as const;

const Looks = () => {
  const words = useWords(accountWords);
  const [language, setLanguage] = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={words.looks} description={words.looksHint}>
      <Stack gap="md" align="flex-start">
        <Choice label={words.language}>
          {(id) => (
            <SegmentedControl
              aria-labelledby={id}
              value={language}
              onChange={(value) => setLanguage(value as Language)}
              data={Object.entries(languageNames).map(([value, label]) => ({ value, label }))}
            />
          )}
        </Choice>
        <Choice label={words.colours}>
          {(id) => (
            <SegmentedControl
              aria-labelledby={id}
              value={colorScheme}
              onChange={(value) => setColorScheme(value as (typeof schemes)[number])}
              data={schemes.map((value) => ({ value, label: words.schemes[value] }))}
            />
          )}
        </Choice>
      </Stack>
    </Section>
  );
};

const Choice = ({ label, children }: { label: string; children: (id: string) => React.ReactNode }) => {
  const id = useId();
  return (
    <div>
      <Text id={id} size="sm" fw={600} mb={4}>
        {label}
      </Text>
      {children(id)}
    </div>
  );
};
