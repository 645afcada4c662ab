import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useChange } from '#lib/use-change.ts';
import { useWords } from '#lib/words.ts';
import { HeaderMenus } from './header-menus.tsx';
import { Navigation } from './navigation.tsx';
import classes from './shell.module.css';
import { layoutWords } from './words.ts';

/** Header, navigation, and the screen. On a phone the navigation is behind a button. */
export const Shell = () => {
  const words = useWords(layoutWords);
  const [opened, { toggle, close }] = useDisclosure();
  const path = useLocation({ select: (location) => location.pathname });
  useChange(path, close);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className={classes.skip} href="#content">
        {words.skip}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={words.menu}
              aria-expanded={opened}
              aria-controls="navigation"
            />
            <Brand />
          </Group>
          <HeaderMenus />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar id="navigation" className={classes.navbar} p="sm" aria-label={words.navigation}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <div className={classes.content}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
};

/** A door that stands open. */
const Brand = () => (
  <Text component="span" className={classes.brand}>
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <rect className={classes.mark} width="24" height="24" rx="6" />
      <path className={classes.door} d="M8 19V9a4 4 0 0 1 8 0v10M5.5 19h13" />
    </svg>
    Foyer
  </Text>
);
