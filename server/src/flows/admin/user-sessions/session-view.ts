import type { SessionView } from '@foyer/contract/users.ts';
import { unixSeconds } from '#base/lib/clock.ts';
import { deviceOf } from '#base/lib/device.ts';
import type { Session } from '#model/sessions/session.ts';

export const sessionView = (session: Session, currentPublicId: string | undefined): SessionView => ({
  id: session.publicId,
  provider: session.provider,
  ...(session.sourceId !== undefined && { source_id: session.sourceId }),
  ...(session.sourceName !== undefined && { source_name: session.sourceName }),
  authenticated_at: unixSeconds(session.authenticatedAt),
  created_at: unixSeconds(session.createdAt),
  last_seen_at: unixSeconds(session.lastSeenAt),
  expires_at: unixSeconds(session.expiresAt),
  ...(session.ip !== undefined && { ip: session.ip }),
  ...(session.userAgent !== undefined && { user_agent: session.userAgent, ...deviceOf(session.userAgent) }),
  current: session.publicId === currentPublicId,
});
