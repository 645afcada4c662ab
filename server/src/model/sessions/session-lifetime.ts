/** How long a domain's sessions live (S-82). */
import type { Domain } from '#model/domains/domain.ts';

export interface SessionLifetime {
  idleSeconds: number;
  absoluteSeconds: number;
}

/** PlaceOS' `internals.session_timeout` (minutes, number or text) wins over the domain's absolute limit. */
export const sessionLifetimeOf = (domain: Domain): SessionLifetime => {
  const minutes = Number(domain.internals.session_timeout);
  const absoluteSeconds =
    Number.isFinite(minutes) && minutes > 0 ? Math.round(minutes * 60) : domain.sessionAbsoluteSeconds;
  return { absoluteSeconds, idleSeconds: Math.min(domain.sessionIdleSeconds, absoluteSeconds) };
};
