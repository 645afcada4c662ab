/** What a source filled into the user's record, said in words: field, present value, and where it came from. */
import type { LinkedIdentity } from '#model/account/account-store.ts';
import type { User } from '#model/users/user.ts';
import type { AccountWords } from './words.ts';

export interface MappedField {
  label: string;
  value: string;
  /** The provider's fields, as the source's mapping names them. */
  from: string;
}

// Only what belongs to the person's record; mappings of tokens and their times are not shown here.
const fields: Record<
  keyof AccountWords['fields'],
  (user: User, identity: LinkedIdentity) => string | undefined
> = {
  uid: (_user, identity) => identity.subject,
  email: (user) => user.email,
  name: (user) => user.name,
  first_name: (user) => user.firstName,
  last_name: (user) => user.lastName,
  nickname: (user) => user.nickname,
  login_name: (user) => user.loginName,
  staff_id: (user) => user.staffId,
  phone: (user) => user.phone,
  country: (user) => user.country,
  building: (user) => user.building,
  department: (user) => user.department,
  card_number: (user) => user.cardNumber,
  preferred_language: (user) => user.preferredLanguage,
  image: (user) => user.image,
  misc: (user) => user.misc,
  groups: (user) => user.groups.join(', '),
};

export const mappedFieldsOf = (
  user: User,
  identity: LinkedIdentity,
  labels: AccountWords['fields'],
): MappedField[] =>
  (Object.keys(fields) as (keyof typeof fields)[]).flatMap((field) => {
    const from = identity.mappings[field];
    if (typeof from !== 'string') return [];
    const value = fields[field](user, identity) || '–';
    return [{ label: labels[field], value, from: from.split(',').join(', ') }];
  });
