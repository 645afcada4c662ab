/** Microsoft Entra: three answers, and the values of the documented procedure. */
import { readTenantAddress, type TenantAddress, worldwide } from './microsoft-address.ts';
import {
  byDefault,
  type Filling,
  fromAnswer,
  ownFields,
  type Preset,
  type PresetResult,
  pairs,
  standard,
} from './preset.ts';

export const microsoftScope = 'openid offline_access calendars.readwrite.shared group.read.all user.read.all';

export const microsoftMappings = {
  email: 'mail,userPrincipalName',
  first_name: 'givenName',
  last_name: 'surname',
  uid: 'id',
  access_token: 'token',
  refresh_token: 'refresh_token',
  expires: 'expires',
  expires_at: 'expires_at',
} as const;

const problemOf = (address: TenantAddress): PresetResult['problems'] => {
  if (address.kind === 'refused') return { tenant: address.problem };
  return address.kind === 'many' ? { tenant: 'many_tenants' } : {};
};

/** Microsoft's host is its standard; any other was in what the administrator pasted. */
const ofHost = (host: string, usual: string, value: string) =>
  host === usual ? standard(value) : fromAnswer('tenant', value);

export const microsoft: Preset = {
  name: 'microsoft',
  questions: [{ name: 'tenant' }, { name: 'client_id' }, { name: 'client_secret', secret: true }],
  fill(answers, found): PresetResult {
    const address = readTenantAddress(answers.tenant ?? '');
    const known = address.kind !== 'empty' && address.kind !== 'refused';
    const cloud = known ? address.cloud : worldwide;
    // Until its id is known, Microsoft takes a tenant by the name of its domain too.
    const tenant = known ? (address.kind === 'domain' && found?.tenant_id) || address.tenant : undefined;
    const base = `${cloud.site}/${tenant}/oauth2/v2.0`;
    const fields: Filling = {
      ...ownFields(answers),
      name: byDefault('Microsoft'),
      site: ofHost(cloud.site, worldwide.site, cloud.site),
      scope: standard(microsoftScope),
      token_method: standard('post'),
      auth_scheme: standard('request_body'),
      token_url: fromAnswer('tenant', tenant === undefined ? '' : `${base}/token`),
      authorize_url: fromAnswer('tenant', tenant === undefined ? '' : `${base}/authorize`),
      raw_info_url: ofHost(cloud.graph, worldwide.graph, `${cloud.graph}/v1.0/me`),
      info_mappings: standard(pairs(microsoftMappings)),
    };
    const mustAsk = address.kind === 'domain';
    const question = mustAsk
      ? address.cloud === worldwide
        ? address.tenant
        : `${address.cloud.site}/${address.tenant}/v2.0`
      : undefined;
    return { fields, problems: problemOf(address), ...(question !== undefined && { discover: question }) };
  },
};
