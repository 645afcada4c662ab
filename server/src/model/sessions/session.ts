/** A person's signed-in browser. The cookie's value is never kept, only its hash (S-80, S-99). */
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';

export interface Session {
  domainId: DomainId;
  /** Names the session in lists and in tokens; not a credential. */
  publicId: string;
  userId: UserId;
  sourceId: SourceId | undefined;
  sourceName: string | undefined;
  provider: 'oauth2' | 'adfs' | 'ldap' | 'internal';
  authenticatedAt: Date;
  createdAt: Date;
  lastSeenAt: Date;
  idleExpiresAt: Date;
  expiresAt: Date;
  ip: string | undefined;
  userAgent: string | undefined;
}

/** The live session behind a cookie, with what most callers need of its person in the same row. */
export interface SignedIn {
  session: Pick<
    Session,
    'domainId' | 'publicId' | 'userId' | 'sourceId' | 'provider' | 'authenticatedAt' | 'expiresAt'
  >;
  user: {
    id: UserId;
    name: string;
    email: string;
    groups: string[];
    sysAdmin: boolean;
    platformAdmin: boolean;
    support: boolean;
  };
}
