/** Ends a rotation: the second secret becomes the first, and its slot is empty again. Where it is sent stays the same. */
import type { Source } from '#model/sources/source.ts';
import { openSecret, type StoredSource, sealSecret } from '#model/sources/source-store.ts';
import { failField } from '../assign.ts';
import { digestOfStored } from './compose-source.ts';
import {
  replaceContent,
  retrySave,
  type Saver,
  type SaveSourceDeps,
  type SourceTarget,
} from './save-source.ts';

/** @throws {FoyerError} `not_found`, `validation_failed` when there is no second secret, `secret_unreadable` */
export const promoteSecret = (
  deps: SaveSourceDeps,
  saver: Saver,
  target: SourceTarget & { ifMatch: string | undefined },
): Promise<Source> => retrySave(deps, target, target.ifMatch, (stored) => tryPromote(deps, saver, stored));

const tryPromote = async (
  deps: SaveSourceDeps,
  { actor }: Saver,
  stored: StoredSource,
): Promise<Source | undefined> => {
  const { domainId, id, name, enabled, settings } = stored;
  const { next_client_secret: sealed, ...otherSecrets } = stored.secrets;
  if (sealed === undefined) return failField('next_client_secret', 'is not set');
  const plaintext = await openSecret(deps.keyring, domainId, id, 'next_client_secret', sealed);
  const secrets = {
    ...otherSecrets,
    // A blob opens only in the field that it was sealed for.
    client_secret: await sealSecret(deps.keyring, domainId, id, 'client_secret', plaintext),
  };
  const { next_client_secret: note, client_secret: _replaced, ...otherNotes } = stored.secretNotes;
  const secretNotes = note ? { ...otherNotes, client_secret: note } : otherNotes;
  const digest = await digestOfStored(deps, { ...stored, secrets, secretNotes });
  return replaceContent(
    deps,
    stored,
    { name, enabled, settings, secrets, secretNotes },
    {
      reason: { actor, cause: 'promote_secret', digest },
      action: 'source.promote_secret',
      fields: ['client_secret', 'next_client_secret'],
    },
  );
};
