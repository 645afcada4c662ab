import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterButton } from '#components/ui/router-links.tsx';
import { meQuery } from '#lib/me.ts';
import { NotPermitted } from '#lib/not-permitted.ts';
import { signOut } from '#lib/session.ts';
import { useWords } from '#lib/words.ts';
import { layoutWords } from './words.ts';

/** In place of a screen that may not, or cannot, be shown. */
export const ScreenError = ({ error }: ErrorComponentProps) => {
  const words = useWords(layoutWords);
  const router = useRouter();
  if (error instanceof NotPermitted) return <NotForYou needed={error.needed} />;
  return (
    <>
      <PageTitle title={words.broken} />
      <ErrorNotice error={error} onRetry={() => void router.invalidate()} />
    </>
  );
};

const NotForYou = ({ needed }: { needed: NotPermitted['needed'] }) => {
  const { notPermitted } = useWords(layoutWords);
  const { data: me } = useQuery(meQuery);
  return (
    <>
      <PageTitle title={notPermitted.title} />
      {me && (
        <Text mb="lg" maw="44rem">
          {notPermitted[needed](me.name, me.email)}
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
