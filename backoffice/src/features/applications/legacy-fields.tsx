import { Stack, Switch, Text } from '@mantine/core';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import type { ApplicationForm } from './application-fields.tsx';
import { legacySwitches } from './application-values.ts';
import { applicationWords } from './words.ts';

/** The weak behaviours of old clients, each with what it costs and who needs it. */
export const LegacyFields = ({ form }: { form: ApplicationForm }) => {
  const { legacy: words } = useWords(applicationWords);
  return (
    <Section title={words.title} description={words.intro}>
      <Stack gap="lg" maw="44rem">
        {legacySwitches.map((each) => (
          <Switch
            key={each}
            label={words[each].label}
            description={
              <>
                <Text span size="sm" display="block">
                  <b>{words.weakens}</b> {words[each].weakens}
                </Text>
                <Text span size="sm" display="block">
                  <b>{words.needed}</b> {words[each].needed}
                </Text>
              </>
            }
            {...form.check(each)}
          />
        ))}
      </Stack>
    </Section>
  );
};
