/**
 * The addresses of a source, which an administrator registers at the provider or gives to people. They depend on its id,
 * so they are known before it is saved.
 */
import type { KeyObject } from 'node:crypto';
import type { SourceAddresses } from '@foyer/contract/source-lifecycle.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import { loginUrlOf } from '#model/domains/default-source.ts';
import { consentStateOf } from '#model/sources/consent-state.ts';
import { providerOf, type SourceKind } from '#model/sources/source.ts';
import { redirectUriFor } from '#upstream/identity/oauth2/redirect-uri.ts';
import { rulesOf, type Settings } from './source-rules.ts';

export interface AddressedSource {
  id: SourceId;
  kind: SourceKind;
  /** Empty while nothing was entered. */
  settings: Readonly<Settings>;
}

/** @param consentKey of `model/sources/consent-state.ts` */
export const sourceAddresses = (
  { origin, consentKey }: { origin: PublicOrigin; consentKey: KeyObject },
  { id: domainId, host }: { id: DomainId; host: string },
  { id, kind, settings }: AddressedSource,
): SourceAddresses => {
  const base = origin.of(host);
  const provider = providerOf[kind];
  const callback = `${base}/auth/${provider}/callback`;
  const inQuery = `${callback}?id=${id}`;
  return {
    // What sign-in sends: Azure AD B2C gets the id in the path.
    callback_url: kind === 'oauth2' ? redirectUriFor(base, id, settings) : inQuery,
    callback_url_path: `${callback}/${id}`,
    login_url: loginUrlOf({ kind, id }),
    ...(kind === 'oauth2' && { consent_state: consentStateOf(consentKey, domainId, id) }),
    ...(kind === 'saml' && {
      entity_id: String(settings.issuer ?? rulesOf.saml.defaults().issuer),
      acs_url: inQuery,
    }),
  };
};
