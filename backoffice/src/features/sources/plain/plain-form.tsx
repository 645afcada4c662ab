/** The plain form of a SAML or LDAP source: stored and judged by the server. */
import { NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { SaveBar } from '#components/form/save-bar.tsx';
import { useServerForm } from '#components/form/server-form.ts';
import { useReadAnew } from '#components/form/use-read-anew.ts';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import type { LdapView, SamlView, SourceView } from '../api.ts';
import { SecretInput } from '../form/secret-field.tsx';
import { below } from '../form/text-field.tsx';
import classes from '../source-page.module.css';
import { sourceWords } from '../words.ts';
import {
  type PlainKind,
  type PlainValues,
  plainBody,
  plainFields,
  storedPlainValues,
} from './plain-fields.ts';
import { plainWords } from './words.ts';

type Stored = SamlView | LdapView;

export interface PlainFormProps {
  kind: PlainKind;
  /** What a new one begins with. */
  initial?: PlainValues;
  /** What is stored; absent for a new one. */
  stored?: Stored;
  submitLabel?: string;
  aside: ReactNode;
  save: (body: Record<string, unknown>, base: Stored | undefined) => Promise<SourceView>;
  readNewest?: () => Promise<Stored>;
  onSaved: (source: SourceView) => void | Promise<void>;
}

export const PlainForm = (props: PlainFormProps) => {
  const { kind, initial = {}, stored, submitLabel, aside, save, readNewest, onSaved } = props;
  const words = useWords(sourceWords);
  const help = useWords(plainWords).help[kind];
  const base = useRef(stored);
  const valuesOf = (view: Stored | undefined): PlainValues =>
    view ? storedPlainValues(kind, view) : initial;
  const form = useServerForm<PlainValues, SourceView>({
    initial: valuesOf(stored),
    save: (values) => save(plainBody(kind, values), base.current),
    ...(readNewest && {
      readNewest: async () => {
        base.current = await readNewest();
        return valuesOf(base.current);
      },
    }),
    onSaved: (source) => void onSaved(source),
  });
  useReadAnew({ read: stored, base, valuesOf, form });
  return (
    <form onSubmit={form.onSubmit} noValidate>
      <div className={classes.columns}>
        <Section title={words.edit.tabs.settings}>
          <Stack gap="md">
            {plainFields[kind].map(({ name, label, required, secret, lines, choices }) => {
              const shared = {
                label,
                withAsterisk: required === true,
                description: help[name],
                inputWrapperOrder: below,
              };
              if (secret) {
                return (
                  <SecretInput
                    key={name}
                    id={`source-${name}`}
                    name={name}
                    label={label}
                    value={form.values[name] ?? ''}
                    onChange={(value) => form.set({ [name]: value })}
                    error={form.failure(name)}
                    description={help[name]}
                  />
                );
              }
              if (choices) {
                const { value, onChange, error } = form.text(name);
                return (
                  <NativeSelect
                    {...shared}
                    key={name}
                    name={name}
                    value={value}
                    error={error}
                    data={choices.map((choice) => ({ value: choice, label: choice.toUpperCase() }))}
                    onChange={(event) => onChange(event as never)}
                  />
                );
              }
              if (lines) {
                return (
                  <Textarea {...shared} key={name} {...form.text(name)} rows={lines} spellCheck={false} />
                );
              }
              return <TextInput {...shared} key={name} {...form.text(name)} autoComplete="off" />;
            })}
          </Stack>
        </Section>
        <div className={classes.side}>{aside}</div>
      </div>
      <SaveBar
        form={form}
        always={stored === undefined}
        {...(submitLabel !== undefined && { label: submitLabel })}
        {...(stored && { onDiscard: () => form.reset() })}
      />
    </form>
  );
};
