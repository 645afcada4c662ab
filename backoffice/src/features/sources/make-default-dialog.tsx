/** Making a source the domain's default: what guards it, where to go when something is missing, and the override. */
import type { DomainReadiness, SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Button, Code, Group, List, Modal, Stack, Switch, Text, Textarea, ThemeIcon } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { uiWords } from '#components/ui/words.ts';
import { namesOf } from '#lib/break-glass.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { forgetSource, makeDefault, readinessQuery } from './api.ts';
import { sourceWords } from './words.ts';

export interface MakeDefaultDialogProps {
  domainId: string;
  source: SourceSummary;
  opened: boolean;
  onClose: () => void;
}

export const MakeDefaultDialog = (props: MakeDefaultDialogProps) => {
  const words = useWords(sourceWords);
  const { close } = useWords(uiWords);
  const { domainId, source, opened, onClose } = props;
  const { data, error } = useQuery({ ...readinessQuery(domainId), enabled: opened });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.default.title(source.name)}
      closeButtonProps={{ 'aria-label': close }}
      centered
      size="lg"
    >
      {error !== null && <ErrorNotice error={error} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <Guarded {...props} readiness={data} />}
    </Modal>
  );
};

const Guarded = ({
  domainId,
  source,
  onClose,
  readiness,
}: MakeDefaultDialogProps & { readiness: DomainReadiness }) => {
  const { default: words } = useWords(sourceWords);
  const { cancel } = useWords(uiWords);
  const [language] = useLanguage();
  const client = useQueryClient();
  const [overrides, setOverrides] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isTested = source.tested_at !== undefined;
  const hasBreakGlass = readiness.break_glass.length > 0;
  const isReady = isTested && hasBreakGlass;
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await makeDefault(source.id, isReady ? undefined : { override: true, reason: reason.trim() });
      await forgetSource(client);
      notifyDone(words.done);
      onClose();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  const to = { domainId, sourceId: source.id };
  return (
    <Stack gap="md">
      <Text size="sm">
        {words.text} {words.page} <Code>{readiness.sign_in_page}</Code>.
      </Text>
      <List spacing="sm" size="sm" center listStyleType="none" withPadding={false}>
        {!source.enabled && <Guard isMet={false}>{words.notEnabled}</Guard>}
        <Guard isMet={isTested}>
          {isTested ? words.tested : words.notTested}{' '}
          {!isTested && (
            <RouterAnchor
              to="/domains/$domainId/authentication/$sourceId"
              params={to}
              search={{ tab: 'try' }}
              size="sm"
              underline="always"
              onClick={onClose}
            >
              {words.goTest}
            </RouterAnchor>
          )}
        </Guard>
        <Guard isMet={hasBreakGlass}>
          {hasBreakGlass ? words.breakGlass(namesOf(readiness.break_glass, language)) : words.noBreakGlass}{' '}
          {!hasBreakGlass && (
            <RouterAnchor to="/domains/$domainId/users" params={{ domainId }} size="sm" underline="always">
              {words.goUsers}
            </RouterAnchor>
          )}
        </Guard>
      </List>
      {!isReady && source.enabled && (
        <Stack gap="sm">
          <Switch
            label={words.override}
            description={words.overrideHint}
            checked={overrides}
            onChange={(event) => setOverrides(event.currentTarget.checked)}
          />
          {overrides && (
            <Textarea
              label={words.reason}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              maxLength={500}
              rows={2}
            />
          )}
        </Stack>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {cancel}
        </Button>
        <Button
          disabled={!source.enabled || !(isReady || (overrides && reason.trim() !== ''))}
          loading={busy}
          onClick={() => void submit()}
        >
          {words.action}
        </Button>
      </Group>
    </Stack>
  );
};

const Guard = ({ isMet, children }: { isMet: boolean; children: ReactNode }) => (
  <List.Item
    icon={
      <ThemeIcon size={22} radius="xl" color={isMet ? 'teal' : 'yellow'} variant="light">
        {isMet ? <IconCheck size={14} aria-hidden /> : <IconAlertTriangle size={14} aria-hidden />}
      </ThemeIcon>
    }
  >
    {children}
  </List.Item>
);
