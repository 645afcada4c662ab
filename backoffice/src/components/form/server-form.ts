/**
 * @module A form whose judge is the server: what it refuses stands beside the field, in its words. The form knows whether
 * something is changed and not saved (`UnsavedGuard`).
 *
 *   const form = useServerForm({ initial: { name: '' }, save: (values) => api.post('/domains', values) });
 *   <form onSubmit={form.onSubmit}>
 *     <TextInput label="Name" {...form.text('name')} />
 *     <Switch label="On" {...form.check('enabled')} />
 *     <Select label="Kind" {...form.value('kind')} />
 */
import { type ChangeEvent, type FormEvent, useEffect, useRef, useState } from 'react';
import { ApiError } from '#lib/api.ts';
import { useServerWords } from '#lib/server-words.ts';
import { useWords } from '#lib/words.ts';
import { formWords } from './words.ts';

export interface ServerFormOptions<T extends object, Saved> {
  initial: T;
  /** Sends the values; throws what the API throws. */
  save: (values: T) => Promise<Saved>;
  onSaved?: (saved: Saved, values: T) => void;
  /** What the browser can tell without asking: failures by field. Nothing is sent while there is one. */
  check?: (values: T) => Partial<Record<keyof T & string, string>>;
  /** Reads what is stored now, and bases the next save on it: for when somebody else was faster (412). */
  readNewest?: () => Promise<T>;
}

type NameOf<T, V> = { [K in keyof T & string]: T[K] extends V ? K : never }[keyof T & string];

/** Of values of a form. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const useServerForm = <T extends object, Saved = unknown>(options: ServerFormOptions<T, Saved>) => {
  const [initial, setInitial] = useState(options.initial);
  const [values, setValues] = useState(options.initial);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const [failures, setFailures] = useState<Readonly<Record<string, string>>>({});
  const inWords = useServerWords();
  const { meanwhile } = useWords(formWords);
  /** Whether newer values came in below what is typed. */
  const [joined, setJoined] = useState(false);
  /** Fields that show their own failures. */
  const shown = new Set<string>();
  /** For those who ask between two renderings: the guard, when `onSaved` leaves the page. */
  const isChanged = useRef(false);
  const changed = !same(initial, values);
  isChanged.current = changed;

  const set = (changes: Partial<T>): void => {
    setValues((before) => ({ ...before, ...changes }));
    setFailures((before) => {
      const left = Object.entries(before).filter(([name]) => !(name in changes));
      return Object.fromEntries(left);
    });
  };

  /** Starts over, with these values (after they were read anew), else with those from before. */
  const reset = (to: T = initial): void => {
    setInitial(to);
    setValues(to);
    setFailures({});
    setError(undefined);
    setJoined(false);
    isChanged.current = false;
  };

  /** Puts what is stored by now below what is typed; a field that both have changed says what is stored. */
  const joinNewest = async (): Promise<void> => {
    try {
      const theirs = (await options.readNewest?.()) ?? initial;
      const names = Object.keys(theirs) as (keyof T & string)[];
      const mine = names.filter((name) => !same(values[name], initial[name]));
      const both = mine.filter(
        (name) => !same(theirs[name], initial[name]) && !same(theirs[name], values[name]),
      );
      setInitial(theirs);
      setValues({ ...theirs, ...Object.fromEntries(mine.map((name) => [name, values[name]])) });
      setFailures(Object.fromEntries(both.map((name) => [name, meanwhile.stored(theirs[name])])));
      setError(undefined);
      setJoined(true);
    } catch (refusal) {
      setError(refusal);
    }
  };

  /** The form that was refused, until its failures are drawn. */
  const refused = useRef<HTMLFormElement>(undefined);
  const refuse = (form: HTMLFormElement | undefined, found: Record<string, string>): void => {
    refused.current = form;
    setFailures(found);
  };
  // To the first field that has one; once the button that was pressed can have the focus no more.
  useEffect(() => {
    if (saving || !refused.current) return;
    refused.current.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    refused.current = undefined;
  });

  const submit = async (form?: HTMLFormElement): Promise<void> => {
    setError(undefined);
    setJoined(false);
    const own = options.check?.(values) ?? {};
    if (Object.keys(own).length > 0) return refuse(form, own as Record<string, string>);
    setFailures({});
    setSaving(true);
    try {
      const saved = await options.save(values);
      setInitial(values);
      isChanged.current = false;
      options.onSaved?.(saved, values);
    } catch (refusal) {
      setError(refusal);
      if (refusal instanceof ApiError) {
        refuse(form, Object.fromEntries(refusal.failures.map(({ field, reason }) => [field, reason])));
      }
    } finally {
      setSaving(false);
    }
  };

  const base = (name: string) => {
    shown.add(name);
    const failure = failures[name];
    return { name, error: failure === undefined ? undefined : inWords(failure) };
  };

  return {
    values,
    changed,
    isChanged,
    saving,
    /** Of the last attempt; draw it with `FormError`, which leaves out what stands beside fields. */
    error,
    failures,
    shown,
    /** Whether newer values of somebody else are in the form by now. */
    joined,
    /** Offered after a 412. */
    joinNewest: options.readNewest && joinNewest,
    set,
    reset,
    submit,
    onSubmit: (event: FormEvent<HTMLFormElement>): void => {
      event.preventDefault();
      event.stopPropagation();
      void submit(event.currentTarget);
    },
    /** The failure of a field that draws it itself. */
    failure: (name: string): string | undefined => base(name).error,
    /** For inputs and text areas. */
    text: (name: NameOf<T, string>) => ({
      ...base(name),
      value: values[name] as string,
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>): void =>
        set({ [name]: event.currentTarget.value } as Partial<T>),
    }),
    /** For check boxes and switches. */
    check: (name: NameOf<T, boolean>) => ({
      ...base(name),
      // Mantine marks it for eyes only.
      'aria-invalid': failures[name] !== undefined || undefined,
      checked: values[name] as boolean,
      onChange: (event: ChangeEvent<HTMLInputElement>): void =>
        set({ [name]: event.currentTarget.checked } as Partial<T>),
    }),
    /** For components that hand over the value itself: Select, TagsInput, Radio.Group, JsonEditor. */
    value: <K extends keyof T & string>(name: K) => ({
      ...base(name),
      value: values[name],
      onChange: (value: T[K] | null): void =>
        set({ [name]: value ?? options.initial[name] } as unknown as Partial<T>),
    }),
  };
};

export type ServerForm = Pick<
  ReturnType<typeof useServerForm>,
  'changed' | 'isChanged' | 'saving' | 'error' | 'shown' | 'joined' | 'joinNewest'
>;
