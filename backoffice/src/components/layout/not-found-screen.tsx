import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterButton } from '#components/ui/router-links.tsx';
import { meQuery } from '#lib/me.ts';
import { isNotPermitted, type NotPermitted } from '#lib/not-permitted.ts';
import { signOut } from '#lib/session.ts';
import { useWords } from '#lib/words.ts';
import { layoutWords } from './words.ts';

/** An address that leads nowhere, or nowhere for the person who is signed in. */
export const NotFoundScreen = ({ data }: { data?: unknown }) =>
  isNotPermitted(data) ? <NotForYou needed={data.needed} /> : <NoSuchPage />;

const NoSuchPage = () => {
  const { notFound } = useWords(layoutWords);
  return (
    <>
      <PageTitle title={notFound.title} />
      <Text mb="md">{notFound.text}</Text>
      <RouterButton to="/domains" variant="default">
        {notFound.back}
      </RouterButton>
    </>
  );
};

const NotForYou = ({ needed }: NotPermitted) => {
  const { notPermitted } = useWords(layoutWords);
  const { data: me } = useQuery(meQuery);
  return (
    <>
      <PageTitle title={notPermitted.title} />
      {me && (
        <Text mb="lg" maw="44rem">
          {notPermitted[me.support && !me.sys_admin ? 'support' : needed](me.name, me.email)}
        </Text>
      )}
      <Group gap="sm">
        <RouterButton to="/account">{notPermitted.account}</RouterButton>
        <Button variant="default" onClick={signOut}>
          {notPermitted.other}
        </Button>
      </Group>
    </>
  );
};
