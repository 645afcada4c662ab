import { Text } from '@mantine/core';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterButton } from '#components/ui/router-links.tsx';
import { useWords } from '#lib/words.ts';
import { layoutWords } from './words.ts';

export const NotFoundScreen = () => {
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
