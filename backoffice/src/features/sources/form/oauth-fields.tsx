/** The fields of an OAuth2 source: the eleven of the documented procedure, and the further ones below. */
import { Textarea } from '@mantine/core';
import { useWords } from '#lib/words.ts';
import { FieldNotes, useFieldError } from './field-notes.tsx';
import { fieldId } from './focus-field.ts';
import classes from './form.module.css';
import { useFormContext } from './form-context.ts';
import { MappingRows, MatchingRows, ParameterRows } from './mapping-rows.tsx';
import { ClientSecretField } from './secret-field.tsx';
import { below, ChoiceField, FlagField, LinesField, TextField } from './text-field.tsx';
import { fieldLabels, formWords } from './words.ts';

export interface ElevenFieldsProps {
  /** Client id and secret are asked for above, among the preset's questions. */
  withoutClient?: boolean;
}

export const ElevenFields = ({ withoutClient = false }: ElevenFieldsProps) => {
  const words = useWords(formWords);
  const { help } = words;
  return (
    <div className={classes.fields}>
      <TextField name="name" label={fieldLabels.name} help={help.name} />
      {!withoutClient && (
        <>
          <TextField name="client_id" label={fieldLabels.client_id} help={help.client_id} mono />
          <ClientSecretField />
        </>
      )}
      <TextField name="site" label={fieldLabels.site} help={help.site} isAddress />
      <TextField name="scope" label={fieldLabels.scope} help={help.scope} mono />
      <div className={classes.pairOfFields}>
        <ChoiceField
          name="token_method"
          label={fieldLabels.token_method}
          help={help.token_method}
          choices={words.methods}
        />
        <ChoiceField
          name="auth_scheme"
          label={fieldLabels.auth_scheme}
          help={help.auth_scheme}
          choices={words.schemes}
        />
      </div>
      <TextField name="token_url" label={fieldLabels.token_url} help={help.token_url} isAddress />
      <TextField name="authorize_url" label={fieldLabels.authorize_url} help={help.authorize_url} isAddress />
      <TextField name="raw_info_url" label={fieldLabels.raw_info_url} help={help.raw_info_url} isAddress />
      <MappingRows />
    </div>
  );
};

const PrivateKeyField = () => {
  const words = useWords(formWords);
  const { form, notes } = useFormContext();
  const isSet = notes.client_private_key?.set === true;
  return (
    <Textarea
      id={fieldId('client_private_key')}
      name="client_private_key"
      label={fieldLabels.client_private_key}
      value={form.draft.client_private_key}
      onChange={(event) => form.set('client_private_key', event.currentTarget.value)}
      error={useFieldError('client_private_key')}
      description={
        <>
          {isSet && `${words.secretStored('')} `}
          <FieldNotes field="client_private_key" help={words.help.client_private_key} />
        </>
      }
      inputWrapperOrder={below}
      rows={3}
      autoComplete="off"
      spellCheck={false}
      className={classes.mono ?? ''}
    />
  );
};

/** What a source can have besides; most need none of it. */
export const FurtherFields = ({ open = false }: { open?: boolean }) => {
  const words = useWords(formWords);
  const { form } = useFormContext();
  const { help, more } = words;
  const signs = form.draft.auth_scheme === 'private_key_jwt';
  return (
    <details className={classes.details} open={open}>
      <summary>{words.furtherFields}</summary>
      <div className={classes.fields}>
        <MatchingRows />
        <ParameterRows />
        <TextField name="issuer" label={fieldLabels.issuer} help={help.issuer} isAddress />
        <div className={classes.pairOfFields}>
          <LinesField name="tid_allow" label={more.tid_allow} help={help.tid_allow} />
          <LinesField
            name="trusted_email_domains"
            label={more.trusted_email_domains}
            help={help.trusted_email_domains}
          />
        </div>
        <LinesField name="allowed_algs" label={more.allowed_algs} help={help.allowed_algs} />
        {signs && (
          <>
            <PrivateKeyField />
            <LinesField
              name="client_certificate"
              label={fieldLabels.client_certificate}
              help={help.client_certificate}
              rows={3}
            />
          </>
        )}
        <FlagField name="pkce" label={more.pkce} />
        <FlagField name="provisioning" label={more.provisioning} />
        <FlagField name="linking" label={more.linking} />
        <FlagField name="link_by_email" label={more.link_by_email} help={help.link_by_email} />
      </div>
    </details>
  );
};
