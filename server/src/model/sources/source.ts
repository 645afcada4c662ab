/**
 * @module A source: how people of one domain sign in. One record for every protocol; `settings` is the checked
 * configuration under its wire names, secrets are sealed apart and opened only where they are used.
 */
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { SecretNotes } from './secret-notes.ts';

export type SourceKind = 'oauth2' | 'saml' | 'ldap';

export interface Source {
  domainId: DomainId;
  id: SourceId;
  kind: SourceKind;
  name: string;
  enabled: boolean;
  /** Wire names (`client_id`, `token_url`, …) without secrets. */
  settings: Record<string, unknown>;
  /** Names of the secrets that are set, e.g. `client_secret`. */
  secretsSet: string[];
  /** What is known of them. */
  secretNotes: SecretNotes;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Secret fields of each kind; never in `settings`, never in an answer (S-94). */
export const secretFields: Readonly<Record<SourceKind, readonly string[]>> = {
  oauth2: ['client_secret', 'next_client_secret', 'client_private_key'],
  saml: [],
  ldap: ['password'],
};

/** The `provider` of `/auth/<provider>` routes and login events. */
export const providerOf: Readonly<Record<SourceKind, 'oauth2' | 'adfs' | 'ldap'>> = {
  oauth2: 'oauth2',
  saml: 'adfs',
  ldap: 'ldap',
};
