/**
 * @module The state of a source's form: what a preset (or the stored source) says, what the administrator typed over it,
 * and what the server refused. Secrets that were typed are in memory only.
 */
import { useRef, useState } from 'react';
import { same } from '#components/form/server-form.ts';
import { formWords } from '#components/form/words.ts';
import { ApiError } from '#lib/api.ts';
import { useWords } from '#lib/words.ts';
import { bodyOf, type FieldName, type OauthBody, type OauthDraft } from '../draft.ts';
import { draftFrom, type Filling, type Origin, originOf } from '../presets/preset.ts';

export interface SourceForm {
  draft: OauthDraft;
  body: OauthBody;
  changed: boolean;
  /** For those who ask between two renderings: the guard of unsaved work. */
  isChanged: { current: boolean };
  set<K extends FieldName>(field: K, value: OauthDraft[K]): void;
  /** Takes back what was typed over the suggestion. */
  unset(field: FieldName): void;
  origin(field: FieldName): Origin | undefined;
  /** Whether there is a suggestion to go back to. */
  suggests(field: FieldName): boolean;
  /** What the server refused, until the field is changed. */
  failure(field: FieldName): string | undefined;
  error: unknown;
  setError(error: unknown): void;
  /** Whether newer values of somebody else came in below what is typed. */
  joined: boolean;
  /** What is typed stays over what is stored by now; a field that both have changed says what is stored. */
  join(newest: OauthDraft): void;
  /** After saving: nothing is typed any more. */
  forget(): void;
}

export interface SourceFormOptions {
  /** What is suggested or stored; a preset also looks at what was typed (the client id). */
  fillingOf: (typed: Readonly<Partial<OauthDraft>>) => Filling;
  /** Whether something was typed outside of the fields: the answers of a preset. */
  answered?: boolean;
  /** Whether where values come from is of interest: with a preset. */
  withOrigins: boolean;
  /** The body is what differs from this stored source: what nobody touched is not sent, so it is no change. */
  stored?: OauthDraft;
}

const changesOf = (body: OauthBody, before: OauthBody): OauthBody =>
  Object.fromEntries(
    Object.entries(body).filter(([field, value]) => !same(value, before[field as keyof OauthBody])),
  );

const inALine = (value: OauthDraft[FieldName]): unknown =>
  Array.isArray(value) ? value.map((pair) => `${pair.key} → ${pair.value}`) : value;

export const useSourceForm = ({
  fillingOf,
  answered = false,
  withOrigins,
  stored,
}: SourceFormOptions): SourceForm => {
  const [typed, setTyped] = useState<Partial<OauthDraft>>({});
  const [error, setError] = useState<unknown>();
  const [mended, setMended] = useState<ReadonlySet<FieldName>>(new Set());
  const isChanged = useRef(false);
  const { meanwhile: words } = useWords(formWords);
  const [notes, setNotes] = useState<Partial<Record<FieldName, string>>>();

  const filling = fillingOf(typed);
  const draft = draftFrom(filling, typed);
  const body = stored === undefined ? bodyOf(draft) : changesOf(bodyOf(draft), bodyOf(stored));
  const isTyped = Object.entries(typed).some(
    ([field, value]) => !same(value, draftFrom(filling, {})[field as FieldName]),
  );
  const changed = isTyped || answered;
  isChanged.current = changed;

  return {
    draft,
    body,
    changed,
    isChanged,
    set(field, value) {
      setTyped((before) => ({ ...before, [field]: value }));
      setMended((before) => new Set([...before, field]));
      setNotes((before) => before && { ...before, [field]: undefined });
    },
    unset(field) {
      setTyped(({ [field]: _gone, ...rest }) => rest);
    },
    suggests(field) {
      const suggested = filling[field]?.value;
      return withOrigins && suggested !== undefined && suggested !== '' && !same(suggested, draft[field]);
    },
    origin: (field) => (withOrigins ? originOf(field, filling, typed) : undefined),
    failure: (field) =>
      (error instanceof ApiError && !mended.has(field) ? error.failureOf(field) : undefined) ??
      notes?.[field],
    error,
    setError(next) {
      setError(next);
      setMended(new Set());
    },
    joined: notes !== undefined,
    join(newest) {
      const both = (Object.keys(typed) as FieldName[]).filter(
        (field) => !same(newest[field], stored?.[field]) && !same(newest[field], typed[field]),
      );
      setNotes(Object.fromEntries(both.map((field) => [field, words.stored(inALine(newest[field]))])));
      setError(undefined);
    },
    forget() {
      setTyped({});
      setNotes(undefined);
      setError(undefined);
      isChanged.current = false;
    },
  };
};
