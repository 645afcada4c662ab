/** An application: a client of our provider, registered in one domain. PlaceOS calls it an OAuth app. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { DomainId } from '#base/lib/ids.ts';

/** Weak behaviours that an old client may need; each off by default, shown in the console and audited. */
export interface ApplicationLegacy {
  /** `response_type=token`: the access token in the redirect's fragment. */
  implicit?: boolean;
  /** The resource owner password grant. */
  password?: boolean;
  /** Authorization codes without a PKCE challenge. */
  noPkce?: boolean;
  /** Secrets, passwords and refresh tokens in the query of the token request. */
  querySecrets?: boolean;
}

export interface Application {
  domainId: DomainId;
  id: number;
  /** The client id: MD5 of the exact redirect URI unless the application was imported with another. */
  uid: string;
  /** Client ids of an imported application that clients may still send. */
  uidAliases: string[];
  name: string;
  /** One or more exact URIs, separated by white space. */
  redirectUri: string;
  /** Space separated; what the application may ask for. Empty: every scope of the server. */
  scopes: string;
  /** Must authenticate with its secret. */
  confidential: boolean;
  /** Trusted: people are not asked for consent. */
  skipAuthorization: boolean;
  subsystems: string[];
  legacy: ApplicationLegacy;
  createdAt: Date;
  updatedAt: Date;
}

/** An application as the provider's endpoints need it: with the hashes of its live secrets (two while rotating). */
export interface Client {
  application: Application;
  secretHashes: Buffer[];
}

export const redirectUrisOf = (application: Pick<Application, 'redirectUri'>): string[] =>
  application.redirectUri.split(/\s+/).filter((uri) => uri !== '');

export const scopesOf = (text: string): string[] => text.split(' ').filter((scope) => scope !== '');

// Secrets are 320 random bits, so a plain hash is as good as a slow one and much cheaper.
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Whether a secret is one of the live ones; every comparison takes the same time (S-69). */
export const isSecretOf = (client: Client, rawSecret: string): boolean => {
  const hash = hashSecret(rawSecret);
  let matches = false;
  for (const each of client.secretHashes) if (timingSafeEqual(each, hash)) matches = true;
  return matches;
};
