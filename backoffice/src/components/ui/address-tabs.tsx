import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAddress } from '#lib/address.ts';

export interface AddressTab {
  value: string;
  label: string;
  content: ReactNode;
}

/** Tabs within a screen; which one is shown is in the address (`tab`), the first one without a word. */
export const AddressTabs = ({ label, tabs }: { label: string; tabs: readonly AddressTab[] }) => {
  const [{ tab }, changeAddress] = useAddress();
  const first = tabs[0]?.value;
  const shown = tabs.find(({ value }) => value === tab)?.value ?? first ?? null;
  return (
    <Tabs
      value={shown}
      onChange={(value) => changeAddress({ tab: value === first || value === null ? undefined : value })}
      keepMounted={false}
    >
      <Tabs.List aria-label={label} mb="lg">
        {tabs.map(({ value, label: text }) => (
          <Tabs.Tab key={value} value={value}>
            {text}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, content }) => (
        <Tabs.Panel key={value} value={value}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
};
