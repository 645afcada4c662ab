/**
 * @module The `state` of a link by which an administrator at the provider consents for everybody. It is a keyed hash of
 * the source, reserved or stored, so nothing is kept for it, and nobody can make one who was not given the link.
 */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { DomainId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';

const prefix = 'consent-';

/** Key of the functions below. */
export const consentStateKey = (keyring: Keyring): Promise<KeyObject> =>
  keyring.sealingKey('admin-consent-state');

export const consentStateOf = (key: KeyObject, domainId: DomainId, sourceId: string): string =>
  prefix +
  createHmac('sha256', key)
    .update(JSON.stringify([domainId, sourceId]))
    .digest('base64url');

export const isConsentState = (rawState: string | undefined): rawState is string =>
  rawState?.startsWith(prefix) === true;

/** Whether the state is that of this source's link. */
export const isConsentStateOf = (
  key: KeyObject,
  domainId: DomainId,
  rawSourceId: string,
  rawState: string,
): boolean => {
  const wanted = Buffer.from(consentStateOf(key, domainId, rawSourceId));
  const given = Buffer.from(rawState);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};
