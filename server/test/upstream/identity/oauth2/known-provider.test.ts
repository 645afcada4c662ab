import { describe, expect, it } from 'vitest';
import { findKnownProvider, providerHintOf, tenantOf } from '#upstream/identity/oauth2/known-provider.ts';
import { readSettings } from '#upstream/identity/oauth2/settings.ts';

const tid = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';

const entraAt = (host: string, tenant: string, folder = 'oauth2/v2.0') => ({
  authorize_url: `https://${host}/${tenant}/${folder}/authorize`,
  token_url: `https://${host}/${tenant}/${folder}/token`,
});
const find = (settings: Record<string, unknown>) => findKnownProvider(readSettings(settings));

describe('known providers', () => {
  it('S-30 one Entra tenant: the issuer is known beforehand', () => {
    expect(find(entraAt('login.microsoftonline.com', tid))).toMatchObject({
      family: 'entra',
      issuer: `https://login.microsoftonline.com/${tid}/v2.0`,
      keysUrl: `https://login.microsoftonline.com/${tid}/discovery/v2.0/keys`,
      discoveryUrl: undefined,
      anyTenant: false,
    });
  });

  it.each([
    ['login.microsoft.com', `https://login.microsoftonline.com/${tid}/v2.0`],
    ['login.microsoftonline.us', `https://login.microsoftonline.us/${tid}/v2.0`],
    ['login.chinacloudapi.cn', `https://login.partner.microsoftonline.cn/${tid}/v2.0`],
    ['entra.emulator.example', `https://entra.emulator.example/${tid}/v2.0`],
  ])('S-30 the issuer of %s is %s', (host, issuer) => {
    expect(find(entraAt(host, tid))?.issuer).toBe(issuer);
  });

  it.each(['common', 'organizations', 'Common'])('S-30 %s has an issuer per tenant', (tenant) => {
    const known = find(entraAt('login.microsoftonline.com', tenant));
    expect(known).toMatchObject({
      family: 'entra',
      issuer: undefined,
      anyTenant: true,
      discoveryUrl: undefined,
    });
    const accepts = (issuer: string): boolean => known?.issuerPattern?.test(issuer) === true;
    expect(accepts(`https://login.microsoftonline.com/${tid}/v2.0`)).toBe(true);
    for (const issuer of [
      'https://login.microsoftonline.com/{tenantid}/v2.0',
      `https://login.microsoftonline.com/${tid}/v2.0/`,
      `https://login.microsoftonline.com.evil.example/${tid}/v2.0`,
      `https://loginxmicrosoftonline.com/${tid}/v2.0`,
      `https://login.microsoftonline.com/x/${tid}/v2.0`,
    ]) {
      expect([issuer, accepts(issuer)]).toEqual([issuer, false]);
    }
  });

  it('S-30 consumers are one tenant', () => {
    expect(find(entraAt('login.microsoftonline.com', 'consumers'))?.issuer).toBe(
      'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
    );
  });

  it('S-30 a tenant named by a domain is looked up', () => {
    expect(find(entraAt('login.microsoftonline.com', 'contoso.onmicrosoft.com'))).toMatchObject({
      issuer: undefined,
      anyTenant: false,
      discoveryUrl:
        'https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration',
    });
  });

  it('S-30 knows the older endpoints of Microsoft, and of nobody else', () => {
    expect(find(entraAt('login.microsoftonline.com', tid, 'oauth2'))?.issuer).toBe(
      `https://sts.windows.net/${tid}/`,
    );
    expect(find(entraAt('login.microsoftonline.com', 'common', 'oauth2'))?.anyTenant).toBe(true);
    expect(find(entraAt('idp.example', 'realm', 'oauth2'))).toBeUndefined();
  });

  it('an explicit issuer of Entra is the same provider as its addresses', () => {
    const urls = entraAt('login.microsoftonline.com', tid);
    for (const issuer of [
      `https://login.microsoftonline.com/${tid}/v2.0`,
      `https://login.microsoftonline.com/${tid}/v2.0/.well-known/openid-configuration`,
    ]) {
      expect(find({ ...urls, issuer })).toEqual(find(urls));
    }
    const common = 'https://login.microsoftonline.com/common/v2.0';
    expect(find({ ...urls, issuer: common })?.anyTenant).toBe(true);
  });

  it('knows Google by its sign-in page', () => {
    const settings = {
      authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
      token_url: 'https://oauth2.googleapis.com/token',
    };
    expect(find(settings)).toMatchObject({
      family: 'google',
      issuer: 'https://accounts.google.com',
      aliases: ['accounts.google.com'],
    });
    expect(providerHintOf(settings)).toBe('google');
  });

  it('finds the policy of Azure AD B2C in the path and in the query', () => {
    const base = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com';
    const inPath = find({
      authorize_url: `${base}/b2c_1_signin/oauth2/v2.0/authorize`,
      token_url: `${base}/b2c_1_signin/oauth2/v2.0/token`,
    });
    expect(inPath?.discoveryUrl).toBe(`${base}/b2c_1_signin/v2.0/.well-known/openid-configuration`);
    expect(inPath?.issuerPattern?.test(`https://contoso.b2clogin.com/${tid}/v2.0/`)).toBe(true);
    expect(inPath?.issuerPattern?.test(`https://contoso.b2clogin.com/tfp/${tid}/B2C_1_signin/v2.0/`)).toBe(
      true,
    );
    expect(inPath?.issuerPattern?.test(`https://fabrikam.b2clogin.com/${tid}/v2.0/`)).toBe(false);
    const inQuery = find({
      authorize_url: `${base}/oauth2/v2.0/authorize?p=b2c_1_signin`,
      token_url: `${base}/oauth2/v2.0/token?p=b2c_1_signin`,
    });
    expect(inQuery?.discoveryUrl).toBe(`${base}/v2.0/.well-known/openid-configuration?p=b2c_1_signin`);
  });

  it('knows Entra External ID', () => {
    const known = find(entraAt('contoso.ciamlogin.com', tid));
    expect(known?.issuerPattern?.test(`https://${tid}.ciamlogin.com/${tid}/v2.0`)).toBe(true);
    expect(known?.issuerPattern?.test(`https://${tid}.ciamlogin.com/${tid.replace('6', '7')}/v2.0`)).toBe(
      false,
    );
  });

  it('knows nobody else', () => {
    const settings = {
      authorize_url: 'https://idp.example/authorize',
      token_url: 'https://idp.example/token',
    };
    expect(find(settings)).toBeUndefined();
    expect(find({})).toBeUndefined();
    expect(providerHintOf(settings)).toBeUndefined();
  });

  it('finds the tenant in an issuer', () => {
    expect(tenantOf(`https://login.microsoftonline.com/${tid}/v2.0`)).toBe(tid);
    expect(tenantOf(`https://sts.windows.net/${tid}/`)).toBe(tid);
    expect(tenantOf('https://login.microsoftonline.com/common/v2.0')).toBeUndefined();
  });
});
