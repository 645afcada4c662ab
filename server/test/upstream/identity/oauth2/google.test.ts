import { describe, expect, it } from 'vitest';
import { findKnownProvider, type KnownProvider } from '#upstream/identity/oauth2/known-provider.ts';
import { checkSubject } from '#upstream/identity/oauth2/profile.ts';
import { createMetadata } from '#upstream/identity/oauth2/provider-metadata.ts';
import { readSettings } from '#upstream/identity/oauth2/settings.ts';
import { openSource, refusalOf } from './open-source.ts';

const settings = readSettings({
  authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
  token_url: 'https://oauth2.googleapis.com/token',
});

describe('Google', () => {
  it('S-07 spells its issuer in two ways, which are one', async () => {
    const { egress, clock } = openSource({});
    const metadata = await createMetadata(findKnownProvider(settings) as KnownProvider, { egress, clock })();
    expect(metadata.acceptIssuer('accounts.google.com')).toBe('https://accounts.google.com');
    expect(metadata.acceptIssuer('https://accounts.google.com')).toBe('https://accounts.google.com');
    for (const iss of [
      'http://accounts.google.com',
      'https://accounts.google.com/',
      'google.com',
      7,
      undefined,
    ]) {
      expect(metadata.acceptIssuer(iss)).toBeUndefined();
    }
  });

  it('S-12 its older profile says id for sub', async () => {
    const check = (id: unknown): void =>
      checkSubject({
        provider: { family: 'google', userinfoUrl: undefined },
        settings,
        profileUrl: 'https://www.googleapis.com/oauth2/v2/userinfo',
        profile: { id },
        claims: { iss: 'https://accounts.google.com', sub: '117' },
      });
    expect(() => check('117')).not.toThrow();
    expect((await refusalOf(Promise.resolve().then(() => check('118')))).code).toBe('subject_mismatch');
  });
});
