/** The versions of a source, newest first, with what each changed, and the way back to it. */
import type { RevisionView, SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Pages } from '#components/table/pages.tsx';
import { Confirm } from '#components/ui/confirm.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useAddress } from '#lib/address.ts';
import { useWords } from '#lib/words.ts';
import { forgetSource, revisionsPerPage, revisionsQuery, rollBack } from '../api.ts';
import { unixToDay } from '../draft.ts';
import tables from '../dry-run/dry-run.module.css';
import { fieldLabels, formWords } from '../form/words.ts';
import classes from './versions.module.css';
import { versionWords } from './words.ts';

export const VersionsPanel = ({ summary }: { summary: SourceSummary }) => {
  const words = useWords(versionWords);
  const client = useQueryClient();
  const [{ page: pageText }, changeAddress] = useAddress();
  const page = Math.max(1, Number.parseInt(pageText ?? '1', 10) || 1);
  const { data, error, refetch } = useQuery(revisionsQuery(summary.id, page));
  const [target, setTarget] = useState<number>();
  const restore = async (version: number): Promise<void> => {
    await rollBack(summary.id, version);
    await forgetSource(client);
    notifyDone(words.rolledBack(version));
  };
  return (
    <Section title={words.title} description={words.explain}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <ol className={classes.list}>
            {data.rows.map((revision) => (
              <li key={revision.version} className={classes.item}>
                <Revision revision={revision} onRollBack={() => setTarget(revision.version)} />
              </li>
            ))}
          </ol>
          <Pages
            page={page}
            pageSize={revisionsPerPage}
            total={data.total}
            onPage={(next) => changeAddress({ page: next === 1 ? undefined : String(next) })}
          />
        </>
      )}
      <Confirm
        opened={target !== undefined}
        onClose={() => setTarget(undefined)}
        title={words.rollBackTitle(target ?? 0)}
        action={words.action}
        onConfirm={() => restore(target ?? 0)}
        harmless
      >
        {words.rollBackText}
      </Confirm>
    </Section>
  );
};

const Revision = ({ revision, onRollBack }: { revision: RevisionView; onRollBack: () => void }) => {
  const words = useWords(versionWords);
  const { cause, restored_version: restored } = revision;
  const did = Object.hasOwn(words.causes, cause) ? words.causes[cause as keyof typeof words.causes] : cause;
  return (
    <Stack gap="xs">
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <Text fw={600}>{words.version(revision.version)}</Text>
          {revision.current && <StatusBadge tone="good">{words.current}</StatusBadge>}
          {revision.tested_at !== undefined && <StatusBadge tone="info">{words.tested}</StatusBadge>}
        </Group>
        {!revision.current && (
          <Button size="xs" variant="default" onClick={onRollBack}>
            {words.rollBack}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {did} {restored !== undefined && `${words.restored(restored)} `}
        {words.by(revision.actor.name ?? words.server)} <Timestamp at={revision.at} show="both" />
      </Text>
      {revision.cause !== 'create' && <Changes revision={revision} />}
    </Stack>
  );
};

const Changes = ({ revision }: { revision: RevisionView }) => {
  const words = useWords(versionWords);
  const { more } = useWords(formWords);
  const labels: Readonly<Record<string, string>> = { ...more, ...fieldLabels };
  const labelOf = (field: string): string => (Object.hasOwn(labels, field) ? String(labels[field]) : field);
  if (revision.changes.length === 0) {
    return <Text size="sm">{words.nothing}</Text>;
  }
  return (
    <details>
      <summary className={classes.summary}>
        {words.showChanges}: {revision.changes.map(({ field }) => labelOf(field)).join(', ')}
      </summary>
      <table className={`${tables.table} ${classes.changes}`}>
        <thead>
          <tr>
            <th scope="col">{words.field}</th>
            <th scope="col">{words.before}</th>
            <th scope="col">{words.after}</th>
          </tr>
        </thead>
        <tbody>
          {revision.changes.map(({ field, before, after }) => (
            <tr key={field}>
              <th scope="row">{labelOf(field)}</th>
              <td>{textOf(field, before) ?? words.none}</td>
              <td>{textOf(field, after) ?? words.none}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
};

const textOf = (field: string, value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (field.endsWith('_expires_at') && typeof value === 'number') return unixToDay(value);
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 1);
};
