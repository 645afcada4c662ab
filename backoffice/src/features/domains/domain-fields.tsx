import { TagsInput, TextInput } from '@mantine/core';
import type { useServerForm } from '#components/form/server-form.ts';
import { useWords } from '#lib/words.ts';
import { domainWords } from './words.ts';

interface Values {
  name: string;
  domain: string;
  email_domains: string[];
}

interface Props {
  form: Pick<ReturnType<typeof useServerForm<Values, never>>, 'text' | 'value'>;
  /** Only the platform's administrators move a domain to another host. */
  mayMove?: boolean;
}

const splitChars = [',', ' ', ';'];

/** What a domain is called, where it is, and whose addresses belong to it. */
export const DomainFields = ({ form, mayMove = true }: Props) => {
  const { fields } = useWords(domainWords);
  return (
    <>
      <TextInput
        label={fields.name}
        description={fields.nameHint}
        required
        autoComplete="off"
        {...form.text('name')}
      />
      <TextInput
        label={fields.host}
        description={mayMove ? fields.hostHint : fields.hostFixed}
        placeholder="signin.contoso.com"
        required
        readOnly={!mayMove}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        {...form.text('domain')}
      />
      <TagsInput
        label={fields.emailDomains}
        description={fields.emailDomainsHint}
        placeholder={fields.emailDomainsAdd}
        splitChars={splitChars}
        {...form.value('email_domains')}
      />
    </>
  );
};
