/**
 * @module The id of a source before there is one, so that its addresses can be registered first. Nothing is stored: the
 * reservation is a keyed hash, and whoever may add sources to the domain may use it, whenever they want.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type DomainId, newSourceId, type SourceId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { SourceKind } from '#model/sources/source.ts';
import { failField } from '../assign.ts';
import { rulesOf } from './source-rules.ts';

interface Deps {
  keyring: Keyring;
}

export interface Reservation {
  id: SourceId;
  reservation: string;
}

const reservationOf = async (
  { keyring }: Deps,
  domainId: DomainId,
  kind: SourceKind,
  id: string,
): Promise<string> =>
  createHmac('sha256', await keyring.purposeKey('source-reservation'))
    .update(JSON.stringify([domainId, kind, id]))
    .digest('base64url');

/**
 * A new id, or the one of an earlier reservation.
 * @throws {FoyerError} `validation_failed` on `reservation` when it is not that of the id
 */
export const reserveSourceId = async (
  deps: Deps,
  domainId: DomainId,
  kind: SourceKind,
  earlier: { id?: string; reservation?: string } = {},
): Promise<Reservation> => {
  const id = await sourceIdFor(deps, domainId, kind, earlier);
  return { id, reservation: await reservationOf(deps, domainId, kind, id) };
};

/**
 * The id that a new source gets: the reserved one, if the body brings one.
 * @throws {FoyerError} `validation_failed` on `reservation` when it is not that of the id
 */
export const sourceIdFor = async (
  deps: Deps,
  domainId: DomainId,
  kind: SourceKind,
  { id, reservation }: { id?: string; reservation?: string },
): Promise<SourceId> => {
  // Clients of PlaceOS send ids of their own invention, which were always ignored.
  if (reservation === undefined) return newSourceId(rulesOf[kind].idPrefix);
  const wanted = Buffer.from(await reservationOf(deps, domainId, kind, id ?? ''));
  const given = Buffer.from(reservation);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    failField('reservation', 'is not that of this id in this domain');
  }
  return id as SourceId;
};
