/**
 * @module API keys: `<id>.<secret>` in a header. Only an HMAC of the secret is stored; a key never ranks above what its
 * owner is at the moment it is used (S-78).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DomainId, UserId } from '#base/lib/ids.ts';
import { randomToken } from '#base/lib/ids.ts';
import type { Ranks } from '#model/access/caller.ts';

export const keyPermissions = ['user', 'support', 'admin', 'admin_support'] as const;
export type KeyPermission = (typeof keyPermissions)[number];

export interface ApiKey {
  domainId: DomainId;
  /** 32 hex characters. */
  id: string;
  userId: UserId;
  /** Trimmed and lower-case, unique in its domain. */
  name: string;
  description: string;
  scopes: string[];
  permissions: KeyPermission;
  expiresAt: Date | undefined;
  createdAt: Date;
  updatedAt: Date;
}

/** Hex HMAC-SHA-512 with the secret as key and the id as message. */
export const digestKeySecret = (id: string, secret: string): string =>
  createHmac('sha512', secret).update(id).digest('hex');

export const isKeySecret = (id: string, secret: string, digest: string): boolean => {
  const expected = Buffer.from(digest, 'utf8');
  const given = Buffer.from(digestKeySecret(id, secret), 'utf8');
  return expected.length === given.length && timingSafeEqual(expected, given);
};

/** A new id and secret; the secret is shown once. */
export const newKeyPair = (): { id: string; secret: string } => ({
  id: randomBytes(16).toString('hex'),
  secret: randomToken(),
});

/** Takes the text of a key apart; `undefined` when it has not the form of one. */
export const parseKeyText = (rawKey: string): { id: string; secret: string } | undefined => {
  const match = /^([0-9a-f]{32})\.([A-Za-z0-9_-]{16,128})$/.exec(rawKey);
  return match?.[1] && match[2] ? { id: match[1], secret: match[2] } : undefined;
};

/** What a key may do: its own permissions, never more than its owner's present roles. */
export const ranksOfKey = (permissions: KeyPermission, owner: Ranks): Ranks => {
  const admin = permissions === 'admin' || permissions === 'admin_support';
  const support = permissions === 'support' || permissions === 'admin_support';
  return {
    sysAdmin: admin && owner.sysAdmin,
    platformAdmin: admin && owner.platformAdmin,
    support: support && (owner.support || owner.sysAdmin),
  };
};
