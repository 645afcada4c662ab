/**
 * @module What the sign-in flow is given. `Services` has it all; a use case takes the part that it needs.
 */
import type { Metrics } from '#base/http/metrics.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { Clock } from '#base/lib/clock.ts';
import type { UserId } from '#base/lib/ids.ts';
import type { AttemptRecorder } from '#model/attempts/attempt-recorder.ts';
import type { DomainCache } from '#model/domains/domain-cache.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { SourceCache } from '#model/sources/source-cache.ts';
import type { Db } from '#model/tables.ts';
import type { VerifyDeps } from '#model/tokens/access-token.ts';
import type { IdentitySource } from '#upstream/identity/identity-source.ts';

export interface SignedInEvent {
  userId: UserId;
  provider: 'oauth2' | 'adfs' | 'ldap' | 'internal';
}

export interface SignInDeps extends VerifyDeps {
  db: Db;
  keyring: Keyring;
  clock: Clock;
  origin: PublicOrigin;
  domains: DomainCache;
  sources: SourceCache<IdentitySource>;
  recorder: AttemptRecorder;
  metrics: Pick<Metrics, 'countSignIn'> | undefined;
  /** Told after every sign-in; must not throw and is not waited for. */
  onSignedIn?: (event: SignedInEvent) => void;
}
