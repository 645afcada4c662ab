import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { consolePath } from '#lib/console-path.ts';
import { SignInError, signIn } from '#lib/session.ts';
import { useWords } from '#lib/words.ts';
import classes from './sign-in-refused.module.css';
import { layoutWords } from './words.ts';

/** Nobody is signed in, and going on by itself could go round in circles: the person decides. */
export const SignInRefused = ({ error }: { error: unknown }) => {
  const { refused } = useWords(layoutWords);
  const wasDenied = error instanceof SignInError && error.code === 'access_denied';
  return (
    <main className={classes.page}>
      <title>{`${refused.title} · Foyer`}</title>
      <Stack gap="md">
        <Title order={1}>{refused.title}</Title>
        <Text>{wasDenied ? refused.denied : String(error instanceof Error ? error.message : error)}</Text>
        <Group gap="sm">
          <Button onClick={() => void signIn(consolePath)}>{refused.again}</Button>
          <Button component="a" variant="default" href="/account">
            {refused.account}
          </Button>
        </Group>
      </Stack>
    </main>
  );
};
