import { ActionIcon, Button, Group, Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconLanguage, IconLogout, IconSunMoon, IconUserCircle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { languageNames, useLanguage } from '#lib/language.tsx';
import { useMe } from '#lib/me.ts';
import { signOut } from '#lib/session.ts';
import { type Language, useWords } from '#lib/words.ts';
import classes from './shell.module.css';
import { layoutWords } from './words.ts';

const icon = { size: 19, stroke: 1.7, 'aria-hidden': true } as const;
const chosen = <IconCheck size={16} aria-hidden />;
const schemes = ['light', 'dark', 'auto'] as const;

export const HeaderMenus = () => (
  <Group gap={4} wrap="nowrap">
    <ColourMenu />
    <LanguageMenu />
    <PersonMenu />
  </Group>
);

const ColourMenu = () => {
  const words = useWords(layoutWords);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.colours.label}>
          <IconSunMoon {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((scheme) => (
          <Menu.RadioItem
            key={scheme}
            value={scheme}
            checked={scheme === colorScheme}
            checkIcon={chosen}
            closeMenuOnClick
            onChange={() => setColorScheme(scheme)}
          >
            {words.colours[scheme]}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};

const LanguageMenu = () => {
  const words = useWords(layoutWords);
  const [language, setLanguage] = useLanguage();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.language}>
          <IconLanguage {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(languageNames).map(([each, name]) => (
          <Menu.RadioItem
            key={each}
            value={each}
            lang={each}
            checked={each === language}
            checkIcon={chosen}
            closeMenuOnClick
            onChange={() => setLanguage(each as Language)}
          >
            {name}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};

const PersonMenu = () => {
  const words = useWords(layoutWords);
  const me = useMe();
  const navigate = useNavigate();
  const name = me.name || me.email;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          px="xs"
          aria-label={words.signedInAs(name)}
          leftSection={<IconUserCircle {...icon} />}
          classNames={{ label: classes.person }}
        >
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown maw="18rem">
        <Menu.Label>{me.email}</Menu.Label>
        <Menu.Item
          leftSection={<IconUserCircle {...icon} />}
          onClick={() => void navigate({ to: '/account' })}
        >
          {words.account}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout {...icon} />} onClick={signOut}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
