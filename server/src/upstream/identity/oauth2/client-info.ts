/**
 * `client_info` of Entra's token answer: who the account is, asked for with `client_info=1`. It comes whatever the scopes
 * are, where `oid` in the ID token needs the scope `profile`. Not signed: it is as good as the connection it came over.
 */

const maxLength = 2048;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * The object id in the tenant of the ID token. `undefined` when the answer does not tell it: absent, unreadable, or of a
 * guest, whose `uid` and `utid` are those of their home.
 */
export const readObjectId = (rawClientInfo: string | undefined, tid: unknown): string | undefined => {
  if (rawClientInfo === undefined || rawClientInfo.length > maxLength || !isText(tid)) return undefined;
  let info: unknown;
  try {
    info = JSON.parse(Buffer.from(rawClientInfo, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof info !== 'object' || info === null) return undefined;
  const { uid, utid } = info as Record<string, unknown>;
  return isText(uid) && isText(utid) && utid.toLowerCase() === tid.toLowerCase() ? uid : undefined;
};
