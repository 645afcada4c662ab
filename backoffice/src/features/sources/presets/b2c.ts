/**
 * Azure AD B2C: a tenant of its own kind, with a user flow (policy) in every address. It has no profile address, so the
 * claims of the ID token are the profile, and it refuses a query in the callback: the form with the id in the path.
 */
import { fromAnswer, ownFields, type Preset, type PresetResult, pairs, standard } from './preset.ts';
import { readWebAddress } from './web-address.ts';

/** `contoso`, `contoso.onmicrosoft.com`, or any address of `contoso.b2clogin.com` (which may name the policy too). */
const readTenant = (raw: string): { tenant: string; policy: string } | undefined => {
  const text = raw.trim().toLowerCase();
  if (/^[a-z0-9][a-z0-9-]*$/.test(text)) return { tenant: text, policy: '' };
  const url = readWebAddress(raw);
  const tenant = /^([a-z0-9-]+)\.(?:b2clogin|onmicrosoft)\.com$/.exec(url?.hostname ?? '')?.[1];
  if (url === undefined || tenant === undefined) return undefined;
  const inPath = url.pathname.split('/').find((part) => /^b2c_/i.test(part));
  return { tenant, policy: url.searchParams.get('p') ?? inPath ?? '' };
};

export const b2c: Preset = {
  name: 'b2c',
  questions: [
    { name: 'b2c_tenant' },
    { name: 'policy' },
    { name: 'client_id' },
    { name: 'client_secret', secret: true },
  ],
  fill(answers): PresetResult {
    const rawTenant = answers.b2c_tenant ?? '';
    const read = readTenant(rawTenant);
    const policy = (answers.policy ?? '').trim() || (read?.policy ?? '');
    const isPolicy = /^[A-Za-z0-9_-]+$/.test(policy);
    const origin = read === undefined ? '' : `https://${read.tenant}.b2clogin.com`;
    const base =
      read === undefined || !isPolicy ? '' : `${origin}/${read.tenant}.onmicrosoft.com/${policy}/oauth2/v2.0`;
    const clientId = (answers.client_id ?? '').trim();
    return {
      fields: {
        ...ownFields(answers),
        name: standard('Azure AD B2C'),
        site: fromAnswer('b2c_tenant', origin),
        // B2C gives an access token only for a scope of an application: its own id stands for itself.
        scope:
          clientId === ''
            ? standard('openid offline_access')
            : fromAnswer('client_id', `openid offline_access ${clientId}`),
        token_method: standard('post'),
        auth_scheme: standard('request_body'),
        token_url: fromAnswer('policy', base === '' ? '' : `${base}/token`),
        authorize_url: fromAnswer('policy', base === '' ? '' : `${base}/authorize`),
        raw_info_url: standard(''),
        info_mappings: standard(
          pairs({
            email: 'email,emails',
            name: 'name',
            first_name: 'given_name',
            last_name: 'family_name',
            uid: 'sub',
            access_token: 'token',
            refresh_token: 'refresh_token',
            expires: 'expires',
            expires_at: 'expires_at',
          }),
        ),
      },
      problems: {
        ...(rawTenant.trim() !== '' && read === undefined && { b2c_tenant: 'not_a_tenant' as const }),
        ...(policy !== '' && !isPolicy && { policy: 'not_a_policy' as const }),
      },
    };
  },
};
