/** The languages of the pages, and of what administrators are told. */
export type Language = 'en' | 'de';

/** The first of an `Accept-Language` (RFC 9110 §12.5.4); browsers and our console name the preferred one first. */
export const languageOf = (accepted: string | undefined): Language =>
  /^\s*de(?:[-,;\s]|$)/i.test(accepted ?? '') ? 'de' : 'en';
