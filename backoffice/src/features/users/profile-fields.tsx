import { SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core';
import type { useServerForm } from '#components/form/server-form.ts';
import { Section } from '#components/ui/section.tsx';
import { useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import type { ProfileText, ProfileValues } from './profile-values.ts';
import { userWords } from './words.ts';

type ProfileForm = Pick<ReturnType<typeof useServerForm<ProfileValues>>, 'text' | 'value'>;

export const PersonFields = ({ form, names }: { form: ProfileForm; names: readonly ProfileText[] }) => {
  const words = useWords(userWords);
  const hints: Partial<Record<ProfileText, string>> = {
    name: words.hints.name,
    preferred_language: words.hints.language,
  };
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="md">
      {names.map((name) => (
        <TextInput
          key={name}
          label={words.fields[name]}
          description={hints[name]}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={name === 'name' ? 512 : 250}
          autoComplete="off"
          {...form.text(name)}
        />
      ))}
    </SimpleGrid>
  );
};

const adminNames: readonly ProfileText[] = ['staff_id', 'card_number', 'login_name'];

/** Without what only administrators may change. */
export const useAllowedNames = (names: readonly ProfileText[]): ProfileText[] => {
  const { sys_admin } = useMe();
  return names.filter((name) => sys_admin || !adminNames.includes(name));
};

/** Names first, then what a workplace knows of a person. */
export const ProfileFields = ({ form }: { form: ProfileForm }) => {
  const words = useWords(userWords);
  const { sys_admin } = useMe();
  const atWork = useAllowedNames(['department', 'staff_id', 'card_number', 'login_name']);
  return (
    <>
      <Section title={words.profile.person} description={words.hints.fromSource}>
        <PersonFields
          form={form}
          names={[
            'first_name',
            'last_name',
            'name',
            'nickname',
            'phone',
            'preferred_language',
            'country',
            'building',
          ]}
        />
      </Section>
      <Section title={words.profile.organisation}>
        <Stack gap="md">
          <PersonFields form={form} names={atWork} />
          {sys_admin && <GroupsField form={form} />}
        </Stack>
      </Section>
    </>
  );
};

export const GroupsField = ({ form }: { form: Pick<ProfileForm, 'value'> }) => {
  const words = useWords(userWords);
  return (
    <TagsInput
      label={words.fields.groups}
      description={words.hints.groups}
      splitChars={[',', ';']}
      acceptValueOnBlur
      {...form.value('groups')}
    />
  );
};
