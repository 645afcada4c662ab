/** What a source filled into the user's record, said in words: field, present value, and where it came from. */
import type { LinkedIdentity } from '#model/account/account-store.ts';
import type { User } from '#model/users/user.ts';

export interface MappedField {
  label: string;
  value: string;
  /** The provider's fields, as the source's mapping names them. */
  from: string;
}

// Only what belongs to the person's record; mappings of tokens and their times are not shown here.
const fields: Record<
  string,
  [label: string, read: (user: User, identity: LinkedIdentity) => string | undefined]
> = {
  uid: ['Identifier', (_user, identity) => identity.subject],
  email: ['E-mail', (user) => user.email],
  name: ['Name', (user) => user.name],
  first_name: ['First name', (user) => user.firstName],
  last_name: ['Last name', (user) => user.lastName],
  nickname: ['Nickname', (user) => user.nickname],
  login_name: ['Login name', (user) => user.loginName],
  staff_id: ['Staff id', (user) => user.staffId],
  phone: ['Phone', (user) => user.phone],
  country: ['Country', (user) => user.country],
  building: ['Building', (user) => user.building],
  department: ['Department', (user) => user.department],
  card_number: ['Card number', (user) => user.cardNumber],
  preferred_language: ['Language', (user) => user.preferredLanguage],
  image: ['Picture', (user) => user.image],
  misc: ['Notes', (user) => user.misc],
  groups: ['Groups', (user) => user.groups.join(', ')],
};

export const mappedFieldsOf = (user: User, identity: LinkedIdentity): MappedField[] =>
  Object.entries(fields).flatMap(([field, [label, read]]) => {
    const from = identity.mappings[field];
    if (typeof from !== 'string') return [];
    return [{ label, value: read(user, identity) || '–', from: from.split(',').join(', ') }];
  });
