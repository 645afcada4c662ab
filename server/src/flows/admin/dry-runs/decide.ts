/** What sign-in would do with a person whom a draft has mapped. */
import type { Decision } from '@foyer/contract/dry-runs.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { Language } from '#base/lib/language.ts';
import { foreseeSignIn } from '#model/identities/foresee-sign-in.ts';
import { signInPolicyOf } from '#model/sources/sign-in-policy.ts';
import type { Db } from '#model/tables.ts';
import type { Identity } from '#upstream/identity/identity-source.ts';
import { subjectKeys } from '#upstream/identity/oauth2/identity-key.ts';
import { readSettings } from '#upstream/identity/oauth2/settings.ts';

export type DecidedPerson = Pick<Identity, 'issuer' | 'subject' | 'subjectKey' | 'fields' | 'emailVerified'>;

export const decide = (
  { db }: { db: Db },
  { domainId, language }: { domainId: DomainId; language: Language },
  source: { id: SourceId | undefined; settings: Record<string, unknown> },
  person: DecidedPerson,
): Promise<Decision> =>
  foreseeSignIn(
    db,
    domainId,
    signInPolicyOf(source),
    {
      sourceId: source.id ?? ('' as SourceId),
      issuer: person.issuer,
      subject: person.subject,
      subjectKey: person.subjectKey,
      subjectKeys: subjectKeys(readSettings(source.settings)),
      email: person.fields.email,
      emailVerified: person.emailVerified,
    },
    language,
  );
