/** A provider without a preset of its own: by its discovery document, or every field by hand. */
import type { DiscoveredProvider } from '@foyer/contract/dry-runs.ts';
import {
  byDefault,
  discovered,
  type Filling,
  fromAnswer,
  oidcMappings,
  ownFields,
  type Preset,
  type PresetResult,
  pairs,
  postInBody,
} from './preset.ts';
import { readWebAddress } from './web-address.ts';

const wanted = ['openid', 'profile', 'email', 'offline_access'];

/** What the document says it offers, of what Foyer can use; all of it when the document is silent. */
const scopeOf = (found: DiscoveredProvider | undefined): string => {
  const offered = found?.scopes ?? [];
  const usable = wanted.filter((scope) => scope === 'openid' || offered.includes(scope));
  return (offered.length === 0 ? ['openid', 'profile', 'email'] : usable).join(' ');
};

/** The document names the ways in which a client may prove itself; `client_secret_post` is preferred, as everywhere. */
const schemeOf = (found: DiscoveredProvider | undefined): string => {
  const schemes = found?.auth_schemes ?? [];
  const onlyBasic =
    schemes.length > 0 && !schemes.some((scheme) => ['request_body', 'client_secret_post'].includes(scheme));
  const hasBasic = schemes.some((scheme) => ['basic_auth', 'client_secret_basic'].includes(scheme));
  return onlyBasic && hasBasic ? 'basic_auth' : 'request_body';
};

export const anyOidc: Preset = {
  name: 'oidc',
  questions: [{ name: 'issuer' }, { name: 'client_id' }, { name: 'client_secret', secret: true }],
  fill(answers, found): PresetResult {
    const raw = answers.issuer ?? '';
    const url = readWebAddress(raw);
    const fields: Filling = {
      ...ownFields(answers),
      ...postInBody,
      name: byDefault(url === undefined ? '' : url.hostname),
      site: fromAnswer('issuer', url?.origin ?? ''),
      scope: found ? discovered(scopeOf(found)) : byDefault(scopeOf(undefined)),
      token_url: discovered(found?.token_url ?? ''),
      authorize_url: discovered(found?.authorize_url ?? ''),
      raw_info_url: discovered(found?.raw_info_url ?? ''),
      info_mappings: byDefault(pairs(oidcMappings)),
      issuer: found ? discovered(found.issuer) : fromAnswer('issuer', url === undefined ? '' : raw.trim()),
      ...(found && { auth_scheme: discovered(schemeOf(found)) }),
    };
    if (url !== undefined) return { fields, problems: {}, discover: url.href };
    return { fields, problems: raw.trim() === '' ? {} : { issuer: 'not_a_web_address' } };
  },
};

export const anyOauth2: Preset = {
  name: 'oauth2',
  questions: [],
  fill: (): PresetResult => ({ fields: postInBody, problems: {} }),
};
