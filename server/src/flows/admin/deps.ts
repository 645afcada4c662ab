/** What the engine API needs of the server; `Services` has all of it but the last three. */
import type { FastifyRequest } from 'fastify';
import type { Config } from '#base/config/config.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { Clock } from '#base/lib/clock.ts';
import type { Egress } from '#base/lib/egress/egress.ts';
import type { Caller } from '#model/access/caller.ts';
import type { AttemptRecorder } from '#model/attempts/attempt-recorder.ts';
import type { Changes } from '#model/changes.ts';
import type { DomainCache } from '#model/domains/domain-cache.ts';
import type { KeyEncryptionKey } from '#model/keys/key-encryption-keys.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { SigningKeys } from '#model/keys/signing-keys.ts';
import type { Db } from '#model/tables.ts';
import type { Passwords } from '#model/users/password.ts';
import type { TokenKeeper } from './resource-tokens/resource-token.ts';
import type { ValidateSource } from './sources/source-rules.ts';

export interface EngineDeps {
  config: Config;
  clock: Clock;
  egress: Egress;
  db: Db;
  keyring: Keyring;
  keks: readonly KeyEncryptionKey[];
  signingKeys: SigningKeys;
  changes: Changes;
  domains: DomainCache;
  origin: PublicOrigin;
  passwords: Passwords;
  keeper: TokenKeeper;
  recorder: Pick<AttemptRecorder, 'flush'>;
  authenticate(request: FastifyRequest): Promise<Caller>;
  validateSource: ValidateSource;
}
