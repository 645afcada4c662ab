/** Wire fields of an application become changes of the record, checked as far as they can be without the database. */
import type { FieldFailure } from '#base/lib/errors.ts';
import { clientIdOf } from '#base/lib/ids.ts';
import type { ApplicationLegacy } from '#model/applications/application.ts';
import type { ApplicationChanges } from '#model/applications/application-store.ts';
import { plainName, reasons, refuseFailures } from '../assign.ts';

/** An application as a body has it, every member of the right type. */
export interface ApplicationFields {
  name?: string;
  redirect_uri?: string;
  scopes?: string;
  confidential?: boolean;
  skip_authorization?: boolean;
  subsystems?: string[];
  preserve_client_id?: boolean;
  legacy?: { implicit?: boolean; password?: boolean; no_pkce?: boolean; query_secrets?: boolean };
}

/**
 * Why a redirect URI is refused; `undefined` when it is fine. Web addresses, and schemes of native apps, which are named
 * like a domain backwards. @see RFC 6749 §3.1.2, RFC 8252 §7.1
 */
const redirectFlaw = (uri: string): string | undefined => {
  const url = /^[\x21-\x7e]+$/.test(uri) && !uri.includes('\\') ? URL.parse(uri) : null;
  if (!url || uri.includes('#')) return 'must be absolute URLs without fragments';
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    const plain = /^https?:\/\/[^/]/i.test(uri) && url.username === '' && url.password === '';
    return plain ? undefined : 'must be absolute URLs without fragments';
  }
  return url.protocol.includes('.')
    ? undefined
    : 'must be https, http or the scheme of an app (com.example.app)';
};

/** What every client computes for itself: MD5 of its exact redirect URI; where there are several, of the first. */
export const clientIdFor = (redirectUri: string): string =>
  clientIdOf(redirectUri.split(' ', 1)[0] as string);

const scopeName = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const legacyOf = (raw: NonNullable<ApplicationFields['legacy']>): ApplicationLegacy => ({
  ...(raw.implicit !== undefined && { implicit: raw.implicit }),
  ...(raw.password !== undefined && { password: raw.password }),
  ...(raw.no_pkce !== undefined && { noPkce: raw.no_pkce }),
  ...(raw.query_secrets !== undefined && { querySecrets: raw.query_secrets }),
});

/** What the body changes, without the client id. @throws {FoyerError} `validation_failed` */
export const readApplicationChanges = (fields: ApplicationFields): ApplicationChanges => {
  const failures: FieldFailure[] = [];
  const name = fields.name === undefined ? undefined : plainName(fields.name);
  if (name === '') failures.push({ field: 'name', reason: reasons.required });
  const uris = fields.redirect_uri === undefined ? undefined : words(fields.redirect_uri);
  const flaw = uris?.map(redirectFlaw).find((each) => each !== undefined);
  if (flaw) failures.push({ field: 'redirect_uri', reason: flaw });
  const scopes = fields.scopes === undefined ? undefined : words(fields.scopes);
  if (scopes?.some((scope) => !scopeName.test(scope))) {
    failures.push({ field: 'scopes', reason: 'must be names separated by spaces' });
  }
  refuseFailures(failures);
  return {
    ...(name !== undefined && { name }),
    ...(uris && { redirectUri: uris.join(' ') }),
    ...(scopes && { scopes: scopes.join(' ') }),
    ...(fields.confidential !== undefined && { confidential: fields.confidential }),
    ...(fields.skip_authorization !== undefined && { skipAuthorization: fields.skip_authorization }),
    ...(fields.subsystems && { subsystems: fields.subsystems }),
    ...(fields.legacy && { legacy: legacyOf(fields.legacy) }),
  };
};
