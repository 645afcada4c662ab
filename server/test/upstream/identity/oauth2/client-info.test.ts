import { describe, expect, it } from 'vitest';
import { readObjectId } from '#upstream/identity/oauth2/client-info.ts';

const tid = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('client_info of Entra', () => {
  it('S-12 tells the object id in the tenant of the ID token, in any letter case', () => {
    expect(readObjectId(encode({ uid: 'an-oid', utid: tid.toUpperCase() }), tid)).toBe('an-oid');
  });

  it('S-12 tells nothing of a guest', () => {
    expect(readObjectId(encode({ uid: 'home', utid: '7cbbcaad-604b-40ac-a9d7-9fd97c0b7711' }), tid)).toBe(
      undefined,
    );
  });

  it.each([
    ['nothing', undefined],
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('{"uid":').toString('base64url')],
    ['null', encode(null)],
    ['a text', encode('uid')],
    ['a list', encode(['uid', 'utid'])],
    ['no uid', encode({ utid: tid })],
    ['an empty uid', encode({ uid: '', utid: tid })],
    ['a uid that is no text', encode({ uid: 7, utid: tid })],
    ['more than it could be', encode({ uid: 'x'.repeat(4096), utid: tid })],
  ])('S-12 tells nothing from %s', (_name, raw) => {
    expect(readObjectId(raw, tid)).toBeUndefined();
  });

  it('S-12 tells nothing without a tenant to compare', () => {
    expect(readObjectId(encode({ uid: 'an-oid', utid: tid }), undefined)).toBeUndefined();
  });
});
