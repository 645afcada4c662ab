import type { PlatformStatus } from '@foyer/contract/platform.ts';
import { Code, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { Rows } from '#components/table/data-table.tsx';
import { Fact, Facts as FactList } from '#components/ui/facts.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { StatusBadge, type Tone } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { findProblems, isSevere } from './find-problems.ts';
import classes from './platform.module.css';
import { platformWords } from './words.ts';

interface Props {
  status: PlatformStatus;
}

export const Health = ({ status }: Props) => {
  const words = useWords(platformWords);
  const problems = findProblems(status);
  return (
    <Section title={words.health}>
      <Stack gap="sm" component="ul" className={classes.problems}>
        {problems.length === 0 && (
          <li className={classes.problem} data-tone="good">
            <IconCircleCheck size={20} aria-hidden />
            <Text>{words.allWell}</Text>
          </li>
        )}
        {problems.map((problem) => (
          <li key={problem} className={classes.problem} data-tone={isSevere(problem) ? 'bad' : 'warn'}>
            <IconAlertTriangle size={20} aria-hidden />
            <Text>{words[problem]}</Text>
          </li>
        ))}
      </Stack>
    </Section>
  );
};

export const Facts = ({ status }: Props) => {
  const words = useWords(platformWords);
  const [language] = useLanguage();
  const store = words.stores[status.store as 'postgres' | 'pglite'] ?? status.store;
  return (
    <Section title={words.facts}>
      <FactList>
        <Fact label={words.version}>{status.version}</Fact>
        <Fact label={words.publicUrl}>{status.public_url}</Fact>
        <Fact label={words.started}>
          <Timestamp at={status.started_at} show="both" />
        </Fact>
        <Fact label={words.store}>
          {store} {status.store_version}
        </Fact>
        <Fact label={words.node}>{status.node}</Fact>
        <Fact label={words.domains}>{number(status.domains, language)}</Fact>
        <Fact label={words.users}>{number(status.users, language)}</Fact>
        <Fact label={words.mail}>{status.mail ? words.mailOn : words.mailOff}</Fact>
        <Fact label={words.migrations}>
          {words.migrationsCount(status.migrations.length, status.migrations.at(-1) ?? '–')}
        </Fact>
      </FactList>
    </Section>
  );
};

export const Administrators = ({ status }: Props) => {
  const words = useWords(platformWords);
  return (
    <Section title={words.administrators} description={words.administratorsText}>
      <Rows
        label={words.administrators}
        rows={status.administrators}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'name',
            header: words.name,
            cell: ({ id, authority_id, name, email }) => (
              <RouterAnchor
                to="/domains/$domainId/users/$userId"
                params={{ domainId: authority_id, userId: id }}
                fw={600}
              >
                {name || email}
              </RouterAnchor>
            ),
          },
          { key: 'email', header: words.email, cell: ({ email }) => email },
        ]}
      />
    </Section>
  );
};

const toneOfKey: Record<string, Tone> = { active: 'good', next: 'info' };

export const SigningKeys = ({ status }: Props) => {
  const words = useWords(platformWords);
  return (
    <Section title={words.signingKeys} description={words.signingKeysText}>
      <Rows
        label={words.signingKeys}
        rows={status.signing_keys}
        rowKey={({ kid }) => kid}
        columns={[
          { key: 'kid', header: words.kid, cell: ({ kid }) => <Code>{kid}</Code> },
          { key: 'alg', header: words.alg, cell: ({ alg }) => alg },
          {
            key: 'state',
            header: words.state,
            cell: ({ state }) => (
              <StatusBadge tone={toneOfKey[state] ?? 'quiet'}>
                {words.states[state as keyof typeof words.states] ?? state}
              </StatusBadge>
            ),
          },
          {
            key: 'from',
            header: words.activeFrom,
            cell: ({ active_from }) => <Timestamp at={active_from} show="absolute" />,
          },
          {
            key: 'retired',
            header: words.retired,
            cell: ({ retired_at }) =>
              retired_at === undefined ? '–' : <Timestamp at={retired_at} show="absolute" />,
          },
        ]}
      />
    </Section>
  );
};

export const SealingKeys = ({ status }: Props) => {
  const words = useWords(platformWords);
  return (
    <Section title={words.sealingKeys} description={words.sealingKeysText}>
      <Rows
        label={words.sealingKeys}
        rows={status.key_encryption_keys}
        rowKey={({ id }) => id}
        columns={[
          { key: 'id', header: words.keyId, cell: ({ id }) => <Code>{id}</Code> },
          {
            key: 'use',
            header: words.use,
            cell: ({ sealing }) => (
              <StatusBadge tone={sealing ? 'good' : 'quiet'}>
                {sealing ? words.sealing : words.opening}
              </StatusBadge>
            ),
          },
          { key: 'data-keys', header: words.dataKeys, cell: ({ data_keys }) => data_keys },
        ]}
      />
    </Section>
  );
};
