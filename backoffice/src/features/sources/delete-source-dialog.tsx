/** Before a source goes: who would lose their way in, by name. */
import type { SourceImpact, SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { List, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ConfirmByTyping } from '#components/ui/confirm-by-typing.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { useWords } from '#lib/words.ts';
import { deleteSource, forgetSource, impactQuery } from './api.ts';
import { sourceWords } from './words.ts';

export interface DeleteSourceDialogProps {
  source: Pick<SourceSummary, 'id' | 'kind' | 'name'>;
  opened: boolean;
  onClose: () => void;
  /** Leaves the page of what is gone, before it is asked for again. */
  onDeleted?: () => void;
}

export const DeleteSourceDialog = ({ source, opened, onClose, onDeleted }: DeleteSourceDialogProps) => {
  const words = useWords(sourceWords);
  const client = useQueryClient();
  const { data, error } = useQuery({ ...impactQuery(source.id), enabled: opened });
  const remove = async (): Promise<void> => {
    await deleteSource(source.kind, source.id);
    onDeleted?.();
    client.removeQueries({ queryKey: ['/sources', source.id] });
    await forgetSource(client);
    notifyDone(words.deleted);
  };
  return (
    <ConfirmByTyping
      opened={opened}
      onClose={onClose}
      title={words.remove.title(source.name)}
      text={source.name}
      action={words.remove.action}
      onConfirm={remove}
    >
      <Stack gap="sm">
        <Text size="sm">
          {words.remove.text} {words.remove.callback}
        </Text>
        {error !== null && <ErrorNotice error={error} />}
        {data === undefined && error === null && <Loading />}
        {data !== undefined && <Impact impact={data} />}
      </Stack>
    </ConfirmByTyping>
  );
};

const Impact = ({ impact }: { impact: SourceImpact }) => {
  const { remove: words } = useWords(sourceWords);
  const unnamed = impact.only_way_in - impact.people.length;
  return (
    <Stack gap="xs">
      <Text size="sm">{impact.users === 0 ? words.nobody : words.users(impact.users)}</Text>
      {impact.only_way_in > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {words.onlyWay(impact.only_way_in)}
          </Text>
          <List size="sm">
            {impact.people.map(({ id, name, email }) => (
              <List.Item key={id}>
                {name}
                {email !== '' && ` (${email})`}
              </List.Item>
            ))}
            {unnamed > 0 && <List.Item>{words.more(unnamed)}</List.Item>}
          </List>
        </div>
      )}
      <Text size="sm">
        {impact.is_default && `${words.isDefault} `}
        {words.others(impact.other_sources)}
      </Text>
    </Stack>
  );
};
