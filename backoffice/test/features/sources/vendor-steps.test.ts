/** The checklist of the vendor's side: what is to be copied, where it goes, and what ticks itself. */
import type { DryRunResult } from '@foyer/contract/dry-runs.ts';
import { describe, expect, it } from 'vitest';
import { emptyDraft, type OauthDraft } from '#features/sources/draft.ts';
import { draftFrom } from '#features/sources/presets/preset.ts';
import { presetOf, presets } from '#features/sources/presets/presets.ts';
import {
  adminConsentUrl,
  guessPreset,
  proofsOf,
  scopesToGrant,
  vendorSteps,
} from '#features/sources/vendor/vendor-steps.ts';

const tenant = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';
const clientId = '11111111-2222-4333-8444-555555555555';
const addresses = {
  callback_url: 'https://a.example/auth/oauth2/callback?id=oauth_strat-1',
  callback_url_path: 'https://a.example/auth/oauth2/callback/oauth_strat-1',
};
const microsoft = (more: Partial<OauthDraft> = {}): OauthDraft =>
  draftFrom(presetOf('microsoft')?.fill({ tenant, client_id: clientId }).fields ?? {}, more);

describe('the checklist for Microsoft', () => {
  it('has the callback in both forms and the permissions as the portal spells them', () => {
    const steps = vendorSteps('microsoft', { draft: microsoft(), addresses });
    expect(steps.map(({ code }) => code)).toEqual([
      'register',
      'redirect_uri',
      'secret',
      'permissions',
      'consent',
      'refresh',
    ]);
    const copied = (code: string) =>
      steps.find((step) => step.code === code)?.copies.map(({ value }) => value);
    expect(copied('redirect_uri')).toEqual([addresses.callback_url, addresses.callback_url_path]);
    expect(copied('permissions')).toEqual(['Calendars.ReadWrite.Shared', 'Group.Read.All', 'User.Read.All']);
  });

  it('makes the consent link of tenant and client id, and none of half of them', () => {
    const linkOf = (draft: OauthDraft, consent_state?: string) =>
      adminConsentUrl({ draft, addresses: { ...addresses, ...(consent_state && { consent_state }) } });
    expect(linkOf(microsoft())).toBe(
      `https://login.microsoftonline.com/${tenant}/adminconsent?client_id=${clientId}`,
    );
    expect(linkOf(microsoft({ client_id: 'not yet' }))).toBeUndefined();
    expect(linkOf(microsoft({ authorize_url: '' }))).toBeUndefined();
    // It ends where the source knows it again.
    expect(Object.fromEntries(new URL(linkOf(microsoft(), 'consent-x') ?? '').searchParams)).toEqual({
      client_id: clientId,
      redirect_uri: addresses.callback_url,
      state: 'consent-x',
    });
  });

  it('asks for no permission for OpenID Connect’s own scopes', () => {
    expect(scopesToGrant('openid  Offline_Access https://graph.microsoft.com/User.Read profile')).toEqual([
      'User.Read',
    ]);
  });
});

describe('every checklist', () => {
  it('links to https pages only, whatever is typed', () => {
    const hostile = 'javascript:alert(1)//.okta.com/oauth2/v2.0/authorize';
    for (const { name } of presets) {
      const draft = { ...emptyDraft, site: hostile, issuer: `${hostile}/realms/x`, authorize_url: hostile };
      for (const { link } of vendorSteps(name, { draft, addresses })) {
        if (link !== undefined) expect(link, name).toMatch(/^https:\/\//);
      }
    }
  });

  it('B2C gets only the address with the id in the path', () => {
    const steps = vendorSteps('b2c', { draft: emptyDraft, addresses });
    expect(steps.find(({ code }) => code === 'redirect_uri')?.copies.map(({ value }) => value)).toEqual([
      addresses.callback_url_path,
    ]);
  });
});

describe('what a dry run proves', () => {
  const result = (more: Partial<DryRunResult>): DryRunResult => ({
    outcome: 'failed',
    steps: [],
    scopes_asked: ['openid', 'offline_access', 'user.read.all'],
    scopes_granted: [],
    refresh_token: false,
    ...more,
  });

  it('nothing before there was one', () => expect([...proofsOf(undefined)]).toEqual([]));

  it('a refused secret proves that the callback is registered, and no more', () => {
    const steps = [
      { name: 'callback', outcome: 'ok' },
      { name: 'token', outcome: 'failed' },
    ] as DryRunResult['steps'];
    expect([...proofsOf(result({ steps }))]).toEqual(['came_back']);
  });

  it('a token proves the secret; scopes count as granted in any spelling', () => {
    const steps = [
      { name: 'callback', outcome: 'ok' },
      { name: 'token', outcome: 'ok' },
    ] as DryRunResult['steps'];
    expect([...proofsOf(result({ steps }))]).toEqual(['came_back', 'secret_accepted']);
    const granted = result({ steps, scopes_granted: ['User.Read.All'], refresh_token: true });
    expect([...proofsOf(granted)]).toEqual([
      'came_back',
      'secret_accepted',
      'scopes_granted',
      'consent_given',
      'refresh_token',
    ]);
  });
});

describe('a stored source', () => {
  it('is recognised by its addresses', () => {
    const answers = {
      tenant,
      client_id: clientId,
      b2c_tenant: 'contoso',
      policy: 'B2C_1_a',
      okta_domain: 'contoso.okta.com',
      auth0_domain: 'contoso.auth0.com',
      realm_url: 'https://id.example.com/realms/contoso',
      issuer: 'https://id.example.com',
    };
    for (const preset of presets) {
      expect(guessPreset(draftFrom(preset.fill(answers).fields, {}))).toBe(preset.name);
    }
  });
});
