/** What can be done with one source of the list: edit, duplicate, disable, make default, delete. */
import type { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconCopy,
  IconDots,
  IconHome,
  IconHomeOff,
  IconPencil,
  IconPower,
  IconTrash,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { Confirm } from '#components/ui/confirm.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { dangerColor } from '#lib/theme.ts';
import { useWords } from '#lib/words.ts';
import { changeSource, duplicateSource, endDefault, forgetSource } from './api.ts';
import { DeleteSourceDialog } from './delete-source-dialog.tsx';
import { MakeDefaultDialog } from './make-default-dialog.tsx';
import classes from './source-list.module.css';
import { sourceWords } from './words.ts';

type Dialog = 'delete' | 'default' | 'disable' | 'duplicate' | 'enable' | 'end-default';

export const SourceActions = ({ domainId, source }: { domainId: string; source: SourceSummary }) => {
  const words = useWords(sourceWords);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<Dialog>();
  const opener = useRef<HTMLButtonElement>(null);
  /** The item goes with its menu; a dialog gives the focus back to what had it before. */
  const ask = (question: Dialog): void => {
    opener.current?.focus();
    setDialog(question);
  };
  const close = (): void => setDialog(undefined);
  // The other kinds are stored only; whoever was sent there straight away could not get in.
  const canSignIn = source.kind === 'oauth2';
  const edit = (sourceId: string): Promise<void> =>
    navigate({ to: '/domains/$domainId/authentication/$sourceId', params: { domainId, sourceId } });
  const enable = async (enabled: boolean): Promise<void> => {
    await changeSource(source.kind, source.id, { enabled }, source.version);
    await forgetSource(client);
    notifyDone(enabled ? words.enabled : words.disabled);
  };
  const duplicate = async (): Promise<void> => {
    const copy = await duplicateSource(source.id, words.copyOf(source.name));
    await forgetSource(client);
    notifyDone(words.duplicated);
    await edit(copy.id);
  };
  const stopDefault = async (): Promise<void> => {
    await endDefault(source.id);
    await forgetSource(client);
    notifyDone(words.default.ended);
  };
  return (
    <div className={classes.actions}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={words.list.edit(source.name)}
        onClick={() => void edit(source.id)}
      >
        <IconPencil size={18} aria-hidden />
      </ActionIcon>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            ref={opener}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={words.list.more(source.name)}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => ask('duplicate')}>
            {words.list.duplicate}
          </Menu.Item>
          {source.is_default ? (
            <Menu.Item leftSection={<IconHomeOff size={16} aria-hidden />} onClick={() => ask('end-default')}>
              {words.list.endDefault}
            </Menu.Item>
          ) : (
            canSignIn && (
              <Menu.Item leftSection={<IconHome size={16} aria-hidden />} onClick={() => ask('default')}>
                {words.list.makeDefault}
              </Menu.Item>
            )
          )}
          <Menu.Item
            leftSection={<IconPower size={16} aria-hidden />}
            onClick={() => ask(source.enabled ? 'disable' : 'enable')}
          >
            {source.enabled ? words.list.disable : words.list.enable}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color={dangerColor}
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => ask('delete')}
          >
            {words.list.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteSourceDialog source={source} opened={dialog === 'delete'} onClose={close} />
      <MakeDefaultDialog domainId={domainId} source={source} opened={dialog === 'default'} onClose={close} />
      <Confirm
        opened={dialog === 'disable'}
        onClose={close}
        title={words.disableQuestion.title(source.name)}
        action={words.disableQuestion.action}
        onConfirm={() => enable(false)}
      >
        {words.disableQuestion.text}
      </Confirm>
      <Confirm
        opened={dialog === 'enable'}
        onClose={close}
        title={`${words.list.enable}: ${source.name}`}
        action={words.list.enable}
        onConfirm={() => enable(true)}
        harmless
      >
        {words.enableText}
      </Confirm>
      <Confirm
        opened={dialog === 'duplicate'}
        onClose={close}
        title={`${words.list.duplicate}: ${source.name}`}
        action={words.list.duplicate}
        onConfirm={duplicate}
        harmless
      >
        {words.duplicateText}
      </Confirm>
      <Confirm
        opened={dialog === 'end-default'}
        onClose={close}
        title={`${words.list.endDefault}: ${source.name}`}
        action={words.list.endDefault}
        onConfirm={stopDefault}
      >
        {words.default.endText}
      </Confirm>
    </div>
  );
};
