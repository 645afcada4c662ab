/** Whether the provider itself says that the mapped e-mail address belongs to the person (S-29, S-30). */
import type { IdTokenClaims } from './id-token.ts';

type Fields = Readonly<Record<string, unknown>>;

const isAddress = (fields: Fields, email: string): boolean =>
  Object.hasOwn(fields, 'email') &&
  typeof fields.email === 'string' &&
  fields.email.trim().toLowerCase() === email.toLowerCase();

const vouches = (fields: Fields, email: string): boolean =>
  Object.hasOwn(fields, 'email_verified') && fields.email_verified === true && isAddress(fields, email);

/**
 * The claim counts only for the address that it is about: an address from another key is not verified by it. Entra lets
 * its administrators put any address into a profile; there only `xms_edov` in the ID token says that the owner of the
 * address's domain knows the person.
 */
export const isEmailVerified = (
  family: string,
  email: string | undefined,
  profile: Fields,
  claims: IdTokenClaims | undefined,
): boolean => {
  if (email === undefined) return false;
  if (family === 'entra') {
    const edov = claims?.xms_edov;
    // Entra writes this optional claim as a boolean, or as the text or number of one.
    const isOwned = edov === true || edov === 1 || edov === '1' || edov === 'true';
    return isOwned && claims !== undefined && isAddress(claims, email);
  }
  return vouches(profile, email) || (claims !== undefined && vouches(claims, email));
};
