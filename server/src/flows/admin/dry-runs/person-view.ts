import type { MappedPerson } from '@foyer/contract/dry-runs.ts';
import type { Identity } from '#upstream/identity/identity-source.ts';

type Seen = Pick<Identity, 'issuer' | 'subject' | 'subjectKey' | 'fields' | 'emailVerified' | 'mapping'>;

export const personView = ({
  issuer,
  subject,
  subjectKey,
  fields,
  emailVerified,
  mapping,
}: Seen): MappedPerson => ({
  fields: { ...fields },
  winners: { ...mapping?.winners },
  ignored: [...(mapping?.ignored ?? [])],
  issuer,
  subject,
  ...(subjectKey !== undefined && { subject_key: subjectKey }),
  email_verified: emailVerified,
});
