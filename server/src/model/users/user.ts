/** A person of one domain. */
import type { DomainId, UserId } from '#base/lib/ids.ts';

export type { UserId };

export interface User {
  domainId: DomainId;
  id: UserId;
  email: string | undefined;
  emailVerified: boolean;
  name: string;
  firstName: string | undefined;
  lastName: string | undefined;
  nickname: string | undefined;
  loginName: string | undefined;
  staffId: string | undefined;
  phone: string | undefined;
  country: string | undefined;
  image: string | undefined;
  uiTheme: string;
  building: string | undefined;
  cardNumber: string | undefined;
  department: string | undefined;
  preferredLanguage: string | undefined;
  misc: string | undefined;
  photoUploadId: string | undefined;
  groups: string[];
  /** Administrator of the domain; a platform administrator is one as well. */
  sysAdmin: boolean;
  platformAdmin: boolean;
  support: boolean;
  /** An administrator who may sign in by password even where the domain lets nobody. */
  breakGlass: boolean;
  /** Whether a local password is set; the digest stays in the store. */
  hasPassword: boolean;
  locatable: boolean;
  workPreferences: unknown[];
  workOverrides: Record<string, unknown>;
  loginCount: number;
  lastLogin: Date | undefined;
  signedOutAt: Date | undefined;
  disabledAt: Date | undefined;
  deletedAt: Date | undefined;
  createdAt: Date;
  updatedAt: Date;
}

/**
 * The form in which two addresses are compared: trimmed and ASCII lower-case. No Unicode folding: look-alikes and
 * full-width letters stay different people (S-36).
 */
export const canonicalEmail = (email: string): string =>
  email.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** One `@`, something on both sides, a dot-less or dotted host, no spaces or control characters; at most 254. */
export const isEmail = (text: string): boolean =>
  text.length <= 254 &&
  /^[^\s@\u0000-\u001f\u007f"<>(),:;[\]\\]{1,64}@[^\s@\u0000-\u001f\u007f"<>(),:;[\]\\]{1,189}$/.test(text);

/** PlaceOS' rule: whenever a first name is set, the name is "first last"; else what was given, nickname or e-mail. */
export const displayName = (fields: {
  name?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  nickname?: string | undefined;
  email?: string | undefined;
}): string => {
  if (fields.firstName?.trim()) return `${fields.firstName} ${fields.lastName ?? ''}`.trim();
  return fields.name || fields.lastName || fields.nickname || fields.email || '';
};
