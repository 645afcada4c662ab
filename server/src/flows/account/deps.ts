/** @module What the account flow is given. `Services` has it all; a use case takes the part that it needs. */
import type { Metrics } from '#base/http/metrics.ts';
import type { UserId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { Db } from '#model/tables.ts';
import type { VerifyDeps } from '#model/tokens/access-token.ts';
import type { Passwords } from '#model/users/password.ts';

export interface AccountDeps extends VerifyDeps {
  db: Db;
  keyring: Keyring;
  passwords: Passwords;
  metrics: Pick<Metrics, 'countSignIn'> | undefined;
  /** Told after every sign-in; must not throw and is not waited for. */
  onSignedIn?: (event: { userId: UserId; provider: 'internal' }) => void;
}
