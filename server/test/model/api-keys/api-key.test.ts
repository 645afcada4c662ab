import { describe, expect, it } from 'vitest';
import { digestKeySecret, isKeySecret, parseKeyText, ranksOfKey } from '#model/api-keys/api-key.ts';

const id = '0123456789abcdef0123456789abcdef';
const secret = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE';
const digest =
  '6afa683a657cba51c83264219b23ccdea7e5f8539183072c7c8b119093326491e255877fdbafe5b9b5c0c65645c0afb37ef9339063d8dfbd9538177d4a4d3a00';

describe('API keys', () => {
  it('3.7 digests the documented vector', () => {
    expect(digestKeySecret(id, secret)).toBe(digest);
    expect(isKeySecret(id, secret, digest)).toBe(true);
    expect(isKeySecret(id, `${secret}x`, digest)).toBe(false);
    expect(isKeySecret(id, secret, 'short')).toBe(false);
  });

  it.each([
    '',
    id,
    `${id}.`,
    `${id}.${secret}.x`,
    `${id} .${secret}`,
    `${id.toUpperCase()}.${secret}`,
    `x${id}.${secret}`,
  ])('reads no key from %j', (text) => {
    expect(parseKeyText(text)).toBeUndefined();
  });

  it('S-78 never ranks a key above its owner', () => {
    const nobody = { sysAdmin: false, platformAdmin: false, support: false };
    const admin = { sysAdmin: true, platformAdmin: true, support: false };
    for (const permissions of ['user', 'support', 'admin', 'admin_support'] as const) {
      expect(ranksOfKey(permissions, nobody)).toEqual(nobody);
    }
    expect(ranksOfKey('user', admin)).toEqual(nobody);
    expect(ranksOfKey('support', admin)).toEqual({ ...nobody, support: true });
    expect(ranksOfKey('admin', admin)).toEqual(admin);
  });
});
