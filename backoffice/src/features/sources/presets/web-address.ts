/** Reading addresses that people paste: with or without scheme, with blanks, with a path too many. */

const hostName = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

export const isHostName = (text: string): boolean => hostName.test(text.toLowerCase());

const hasScheme = /^https?:\/\//i;

/** The pasted address, `https` unless it says otherwise; `undefined` when it is none. */
export const readWebAddress = (raw: string): URL | undefined => {
  const text = raw.trim();
  if (text === '' || /\s/.test(text)) return undefined;
  const url = URL.parse(hasScheme.test(text) ? text : `https://${text}`);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  // `contoso` alone is a word, not an address; `http://localhost:8080` was meant as one.
  return hasScheme.test(text) || isHostName(url.hostname) ? url : undefined;
};

/** Without the slash at its end. */
export const trimSlash = (text: string): string => text.replace(/\/+$/, '');
