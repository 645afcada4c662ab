import { Radio, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { useServerForm } from '#components/form/server-form.ts';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { scopesQuery } from './api.ts';
import { type ApplicationValues, findRedirectFlaw } from './application-values.ts';
import { applicationWords } from './words.ts';

export type ApplicationForm = ReturnType<typeof useServerForm<ApplicationValues>>;

type Words = (typeof applicationWords)['en'];

/** What the browser can tell of an application without asking. */
export const checkApplication =
  ({ form }: Words) =>
  (values: ApplicationValues): Partial<Record<keyof ApplicationValues, string>> => {
    const found = findRedirectFlaw(values.redirect_uri);
    const wording = found && form.flaws[found.flaw];
    return {
      ...(values.name.trim() === '' && { name: form.required }),
      ...(found && { redirect_uri: typeof wording === 'function' ? wording(found.uri) : (wording ?? '') }),
    };
  };

export interface ApplicationFieldsProps {
  form: ApplicationForm;
  title: string;
  /** What is to be said behind the redirect URIs. */
  children?: ReactNode;
}

/** Name, addresses, scopes, kind and consent: the same for a new one and an old one. */
export const ApplicationFields = ({ form, title, children }: ApplicationFieldsProps) => {
  const { form: words } = useWords(applicationWords);
  const { data: scopes = [] } = useQuery(scopesQuery);
  return (
    <Section title={title}>
      <Stack gap="lg" maw="44rem">
        <TextInput
          label={words.name}
          description={words.nameHint}
          required
          maxLength={256}
          {...form.text('name')}
        />
        <Textarea
          label={words.redirect}
          description={words.redirectHint}
          required
          rows={Math.max(2, form.values.redirect_uri.split('\n').length + 1)}
          spellCheck={false}
          autoCapitalize="off"
          {...form.text('redirect_uri')}
        />
        {children}
        <Radio.Group label={words.consent} {...form.value('consent')}>
          <Stack gap="xs" mt="xs">
            <Radio value="trusted" label={words.trusted} description={words.trustedHint} />
            <Radio value="ask" label={words.ask} description={words.askHint} />
          </Stack>
        </Radio.Group>
        <Radio.Group label={words.kind} {...form.value('confidential')}>
          <Stack gap="xs" mt="xs">
            <Radio value="public" label={words.public} description={words.publicHint} />
            <Radio value="confidential" label={words.confidential} description={words.confidentialHint} />
          </Stack>
        </Radio.Group>
        <TagsInput
          label={words.scopes}
          description={words.scopesHint}
          data={scopes}
          limit={50}
          splitChars={[' ', ',']}
          acceptValueOnBlur
          {...form.value('scopes')}
        />
      </Stack>
    </Section>
  );
};
