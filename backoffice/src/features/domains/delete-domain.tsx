import type { DomainView } from '@foyer/contract/domains.ts';
import type { DomainImpact } from '@foyer/contract/source-lifecycle.ts';
import { List, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ConfirmByTyping } from '#components/ui/confirm-by-typing.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { api } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import { domainWords } from './words.ts';

export interface DeleteDomainProps {
  /** Which; the dialog is open while there is one. */
  domain: DomainView | undefined;
  onClose: () => void;
  /** Leaves the screens of the domain. */
  onDeleted?: () => Promise<void>;
}

/** Says what goes with a domain before it goes. */
export const DeleteDomain = ({ domain, onClose, onDeleted }: DeleteDomainProps) => {
  const { delete: words } = useWords(domainWords);
  const queries = useQueryClient();
  const remove = async ({ id, name }: DomainView): Promise<void> => {
    await api.delete(`/domains/${id}`);
    notifyDone(words.done(name));
    await onDeleted?.();
    queries.removeQueries({ queryKey: ['/domains', id] });
    await queries.invalidateQueries({ queryKey: ['/domains'] });
  };
  return (
    <ConfirmByTyping
      opened={domain !== undefined}
      onClose={onClose}
      title={words.title(domain?.name ?? '')}
      text={domain?.domain ?? ''}
      action={words.action}
      onConfirm={async () => domain && remove(domain)}
    >
      {domain && <Impact domainId={domain.id} />}
    </ConfirmByTyping>
  );
};

const Impact = ({ domainId }: { domainId: string }) => {
  const { delete: words } = useWords(domainWords);
  const { data, error } = useQuery({
    queryKey: [`/domains/${domainId}/impact`],
    queryFn: ({ signal }) => api.get<DomainImpact>(`/domains/${domainId}/impact`, undefined, signal),
    staleTime: 0,
  });
  if (error) return <ErrorNotice error={error} />;
  if (!data) return <Loading />;
  return (
    <Stack gap="xs">
      <Text>{words.goes}</Text>
      <List>
        <List.Item>{words.users(data.users)}</List.Item>
        <List.Item>{words.sources(data.sources)}</List.Item>
        <List.Item>{words.applications(data.applications)}</List.Item>
        <List.Item>{words.apiKeys(data.api_keys)}</List.Item>
        <List.Item>{words.sessions(data.sessions)}</List.Item>
      </List>
    </Stack>
  );
};
