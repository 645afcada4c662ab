/** Which kinds of source exist, and who opens them. A kind that is stored but cannot sign anyone in yet has none. */
import type { OpenSource } from './identity-source.ts';
import { openOAuth2 } from './oauth2/open.ts';

export type IdentitySourceKind = 'oauth2' | 'saml' | 'ldap';

const openers: Readonly<Record<IdentitySourceKind, OpenSource | undefined>> = {
  oauth2: openOAuth2,
  saml: undefined,
  ldap: undefined,
};

/** The opener of a kind; `undefined`: sign-in through it is not available yet. */
export const findOpener = (kind: IdentitySourceKind): OpenSource | undefined => openers[kind];
