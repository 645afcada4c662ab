/**
 * @module Who calls an API: the person (or application) behind a bearer token or an API key, as the database knows
 * them at this moment. Roles are never read from the credential itself.
 */
import type { DomainId, UserId } from '#base/lib/ids.ts';

/** Claims of a PlaceOS access token, as `/api_keys/inspect` answers them. */
export interface TokenPayload {
  iss: string;
  iat: number;
  exp: number;
  /** The domain's host, a bare string. */
  aud: string;
  sub: string;
  scope: string[];
  u: {
    /** Name and e-mail address; never null. */
    n: string;
    e: string;
    /** 0 user, 1 support, 2 admin, 3 both. */
    p: number;
    /** The user's groups. */
    r: string[];
  };
}

export interface Caller {
  domainId: DomainId;
  /** Absent: an application on its own behalf (client credentials). */
  userId: UserId | undefined;
  name: string;
  email: string;
  groups: string[];
  /** Administrator of the domain; every platform administrator is one, too. */
  sysAdmin: boolean;
  /** Administrator of the installation. */
  platformAdmin: boolean;
  support: boolean;
  scopes: readonly string[];
  via: 'token' | 'api_key';
  /** The application that the token was issued to. */
  applicationId: number | undefined;
  /** Id of the API key, when one was used. */
  apiKeyId: string | undefined;
  payload: TokenPayload;
}

/** The roles of a user row, as every rank check sees them. */
export interface Ranks {
  sysAdmin: boolean;
  platformAdmin: boolean;
  support: boolean;
}

/** Wire form of a rank (`u.p`): support is 1, admin is 2, both are 3. */
export const permissionNumber = (ranks: Pick<Ranks, 'sysAdmin' | 'support'>): number =>
  (ranks.support ? 1 : 0) + (ranks.sysAdmin ? 2 : 0);
