/** Name, state and actions of one source, and the tabs of its screen (in the address). */
import type { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Button, Tabs, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { PageTitle } from '#components/ui/page-title.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useAddress } from '#lib/address.ts';
import { useWords } from '#lib/words.ts';
import { DeleteSourceDialog } from './delete-source-dialog.tsx';
import { MakeDefaultDialog } from './make-default-dialog.tsx';
import { SourceStateBadges } from './source-state.tsx';
import { sourceWords } from './words.ts';

export interface SourceHeaderProps {
  domainId: string;
  summary: SourceSummary;
  /** Publish, say. */
  actions?: ReactNode;
}

export const SourceHeader = ({ domainId, summary, actions }: SourceHeaderProps) => {
  const words = useWords(sourceWords);
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'default' | 'delete'>();
  const closed = (): void => {
    setDialog(undefined);
  };
  return (
    <>
      <PageTitle
        title={summary.name}
        aside={
          <>
            <SourceStateBadges source={summary} />
            {summary.is_default && <StatusBadge tone="info">{words.list.default}</StatusBadge>}
          </>
        }
        description={
          <Text span size="sm">
            {words.kinds[summary.kind]} · {words.edit.version(summary.version)},{' '}
            {summary.tested_at === undefined ? (
              words.notTested
            ) : (
              <>
                {words.testedBy(summary.tested_by ?? '?')} <Timestamp at={summary.tested_at} />
              </>
            )}
          </Text>
        }
        actions={
          <>
            {actions}
            {!summary.is_default && summary.kind === 'oauth2' && (
              <Button variant="default" onClick={() => setDialog('default')}>
                {words.list.makeDefault}
              </Button>
            )}
            <Button variant="default" color="red" onClick={() => setDialog('delete')}>
              {words.list.delete}
            </Button>
          </>
        }
      />
      <MakeDefaultDialog
        domainId={domainId}
        source={summary}
        opened={dialog === 'default'}
        onClose={closed}
      />
      <DeleteSourceDialog
        source={summary}
        opened={dialog === 'delete'}
        onClose={closed}
        onDeleted={() =>
          void navigate({
            to: '/domains/$domainId/authentication',
            params: { domainId },
            ignoreBlocker: true,
          })
        }
      />
    </>
  );
};

const tabNames = ['settings', 'try', 'versions', 'secrets', 'recorder'] as const;
export type SourceTab = (typeof tabNames)[number];

export const useSourceTab = (
  offered: readonly SourceTab[] = tabNames,
): [SourceTab, (tab: string) => void] => {
  const [{ tab }, changeAddress] = useAddress();
  const current = offered.find((each) => each === tab) ?? 'settings';
  return [
    current,
    (next) =>
      changeAddress({
        tab: next === 'settings' ? undefined : next,
        q: undefined,
        page: undefined,
        outcome: undefined,
      }),
  ];
};

export interface SourceTabsProps {
  offered?: readonly SourceTab[];
  panel: (tab: SourceTab) => ReactNode;
}

export const SourceTabs = ({ offered = tabNames, panel }: SourceTabsProps) => {
  const { edit: words } = useWords(sourceWords);
  const [tab, setTab] = useSourceTab(offered);
  return (
    <Tabs value={tab} onChange={(next) => next !== null && setTab(next)} keepMounted={false}>
      <Tabs.List aria-label={words.tabsLabel} mb="lg">
        {offered.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {words.tabs[each]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {offered.map((each) => (
        <Tabs.Panel key={each} value={each}>
          {each === tab && panel(each)}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
};
