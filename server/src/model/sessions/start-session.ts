import { sql } from 'kysely';
import { type DomainId, randomToken, type SourceId, sha256, type UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';
import type { Session } from './session.ts';
import type { SessionLifetime } from './session-lifetime.ts';
import { supersedeSession } from './supersede-session.ts';

export interface NewSession {
  userId: UserId;
  provider: Session['provider'];
  sourceId?: SourceId;
  lifetime: SessionLifetime;
  ip?: string | undefined;
  userAgent?: string | undefined;
  /** The session cookie that this browser sent; its session ends (S-17). */
  oldCookieValue?: string | undefined;
}

/** Starts a session under a new id; answers the cookie's value, which is kept nowhere else (S-80). */
export const startSession = async (
  tx: Tx,
  domainId: DomainId,
  session: NewSession,
): Promise<{ cookieValue: string; publicId: string }> => {
  const cookieValue = randomToken();
  const publicId = randomToken(12);
  const { idleSeconds, absoluteSeconds } = session.lifetime;
  await tx.kysely
    .insertInto('sessions')
    .values({
      domain_id: domainId,
      id_hash: sha256(cookieValue),
      public_id: publicId,
      user_id: session.userId,
      source_id: session.sourceId ?? null,
      provider: session.provider,
      idle_expires_at: sql<Date>`now() + make_interval(secs => ${idleSeconds})`,
      expires_at: sql<Date>`now() + make_interval(secs => ${absoluteSeconds})`,
      ip: session.ip ?? null,
      user_agent: session.userAgent?.slice(0, 300) ?? null,
    })
    .execute();
  if (session.oldCookieValue !== undefined) {
    await supersedeSession(tx, domainId, session.oldCookieValue, { publicId, userId: session.userId });
  }
  return { cookieValue, publicId };
};
