/**
 * @module Where a browser may be sent after a sign-in or sign-out: a path of the same origin, or a URL that the domain
 * lists. Everything else becomes `/` (S-14).
 */

export interface ReturnUrlRules {
  /** `https://host[:port]` of the domain. */
  origin: string;
  /** Exact URLs, or exact origins (`https://apps.example.com`), that the domain allows besides its own. */
  allowed?: readonly string[];
}

/** Flows travel in cookies, which browsers cut at 4 KiB. */
const maxLength = 2048;

// The WHATWG parser drops tabs and newlines, trims spaces and reads `\` as `/`; nobody means that in a link.
const treacherous = /[\u0000-\u001f\u007f-\u009f\\\u2028\u2029]|^\s|\s$/;

/**
 * Resolves an untrusted return URL. A URL of the same origin is reduced to path, query and fragment; spaces become
 * `%20`. Answers `/` for everything that is not allowed.
 *
 * @see PlaceOS redirect rule; RFC 9700 §4.11 (open redirectors)
 */
export const resolveReturnUrl = (rawUrl: unknown, { origin, allowed = [] }: ReturnUrlRules): string => {
  if (typeof rawUrl !== 'string' || rawUrl === '' || rawUrl.length > maxLength || treacherous.test(rawUrl)) {
    return '/';
  }
  const isPath = rawUrl.startsWith('/');
  if (isPath ? rawUrl.startsWith('//') : !/^https?:\/\/[^/]/i.test(rawUrl)) return '/';
  const url = isPath ? URL.parse(rawUrl, origin) : URL.parse(rawUrl);
  if (url === null || url.username !== '' || url.password !== '') return '/';
  if (url.origin === origin) {
    // `/.//host` is a path of ours whose normal form would leave us.
    if (url.pathname.startsWith('//')) return '/';
    return `${url.pathname}${url.search}${url.hash}`;
  }
  return allowed.some((entry) => entry === url.href || entry === url.origin) ? url.href : '/';
};
