/** The profile of a person as a form has it: blank is no value. */
import type { UserBody } from '@foyer/contract/users.ts';
import type { Person } from './api.ts';

export const profileTexts = [
  'name',
  'first_name',
  'last_name',
  'nickname',
  'preferred_language',
  'phone',
  'country',
  'login_name',
  'staff_id',
  'card_number',
  'department',
  'building',
] as const;
export type ProfileText = (typeof profileTexts)[number];

export type ProfileValues = Record<ProfileText, string> & { groups: string[] };

export const profileOf = (person: Partial<Person>): ProfileValues => ({
  ...(Object.fromEntries(profileTexts.map((field) => [field, person[field] ?? ''])) as Record<
    ProfileText,
    string
  >),
  groups: person.groups ?? [],
});

/** What differs from before; a blank text clears. */
export const profileChanges = (before: ProfileValues, values: ProfileValues): UserBody =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as ProfileText]),
    ),
  );
