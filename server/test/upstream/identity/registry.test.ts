import { describe, expect, it } from 'vitest';
import { openOAuth2 } from '#upstream/identity/oauth2/open.ts';
import { findOpener } from '#upstream/identity/registry.ts';

describe('registry', () => {
  it('opens OAuth2 sources; the others are stored but cannot sign anyone in yet', () => {
    expect(findOpener('oauth2')).toBe(openOAuth2);
    expect(findOpener('saml')).toBeUndefined();
    expect(findOpener('ldap')).toBeUndefined();
  });
});
