import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { keyFileOf } from '#base/config/config.ts';
import { installationDomain, writeAudit } from '#model/audit/audit.ts';
import { newKeyEncryptionKey, parseKeyEncryptionKeys } from '#model/keys/key-encryption-keys.ts';
import { rewrapDataKeys } from '#model/keys/keyring.ts';
import { addSigningKey, publishAheadSeconds } from '#model/keys/signing-keys.ts';
import type { Services } from '../../services.ts';
import type { OperationOptions, OperationResult } from './operation.ts';

/**
 * Rotates keys without an interruption (S-97, S-98). Safe to repeat: an interrupted run is taken up where it stopped.
 */
export const rotateKeys = async (services: Services, options: OperationOptions): Promise<OperationResult> => {
  const both = !options.signing && !options.encryption;
  const words: string[] = [];
  const data: Record<string, unknown> = {};
  if (both || options.signing) {
    const activeFrom = new Date(services.clock.nowMs() + publishAheadSeconds * 1_000);
    const kid = await services.db.transaction(async (tx) => {
      const added = await addSigningKey(tx, services.keyring, activeFrom);
      await writeAudit(
        tx,
        installationDomain,
        { kind: 'operator' },
        { action: 'keys.rotate_signing', target: added },
      );
      return added;
    });
    await services.changes.announce({ kind: 'keys', domainId: installationDomain });
    words.push(`Signing key ${kid} is published and signs from ${activeFrom.toISOString()} on.`);
    Object.assign(data, { signing_kid: kid, signs_from: activeFrom.toISOString() });
  }
  if (both || options.encryption) {
    if (!services.config.databaseUrl && !services.config.keyEncryptionKeys) addKeyToFile(services);
    const rewrapped = await rewrapEverything(services);
    words.push(
      `${rewrapped} data keys are now wrapped under key "${services.keks[0]?.id}". ` +
        'Older keys may be removed from FOYER_KEYS once every backup that needs them is gone.',
    );
    Object.assign(data, { encryption_key: services.keks[0]?.id, rewrapped });
  }
  return { words: words.join('\n'), data };
};

/** The embedded store owns its key file: a new key goes in front, the old ones stay readable. */
const addKeyToFile = (services: Services): void => {
  const path = keyFileOf(services.config);
  const line = newKeyEncryptionKey();
  // Whole before it gets its name: half a key file would be the end of every secret.
  const draft = `${path}.new`;
  writeFileSync(draft, `${line}\n${readFileSync(path, 'utf8')}`, { mode: 0o600, flush: true });
  renameSync(draft, path);
  services.keks.unshift(...parseKeyEncryptionKeys(line));
};

const rewrapEverything = async (services: Services): Promise<number> => {
  const rows = await services.db.kysely.selectFrom('data_keys').select('domain_id').distinct().execute();
  let rewrapped = 0;
  // One domain, one transaction: a kill half-way leaves every domain readable under one key or the other.
  for (const { domain_id: domainId } of rows) {
    rewrapped += await services.db.transaction(async (tx) => {
      const count = await rewrapDataKeys(tx, services.keks, domainId);
      if (count > 0) {
        await writeAudit(
          tx,
          domainId,
          { kind: 'operator' },
          { action: 'keys.rewrap', detail: { keys: count } },
        );
      }
      return count;
    });
  }
  return rewrapped;
};
