import { resolveUrls } from '#upstream/identity/oauth2/resolve-url.ts';
import { defaultSettings, normaliseInput, readSettings } from '#upstream/identity/oauth2/settings.ts';
import type { Settings, SourceRules } from './source-rules.ts';

const originOf = (text: string): string => URL.parse(text)?.origin ?? text;

export const oauth2Rules: SourceRules = {
  collection: 'oauth_auths',
  table: 'oauth_strat',
  idPrefix: 'oauth',
  resource: 'o_auth_authentications',
  otherNames: { authentication_scheme: 'auth_scheme', user_profile_url: 'raw_info_url' },
  required: ['client_id', 'site', 'scope'],
  nonEmpty: ['name'],
  defaults: defaultSettings,
  blankMeansDefault: ['token_method', 'auth_scheme'],
  normalise: normaliseInput,
  validate: () => [],
  destinations(settings: Settings) {
    const read = readSettings(settings);
    const { authorize, token, profile } = resolveUrls(read);
    return {
      site: originOf(read.site),
      authorize_url: originOf(authorize),
      token_url: originOf(token),
      raw_info_url: originOf(profile),
      issuer: originOf(read.issuer),
    };
  },
  sentSecrets: ['client_secret', 'next_client_secret'],
  weaknesses: (settings) => [
    ...(settings.link_by_email === true ? ['link_by_email'] : []),
    ...(settings.pkce === false ? ['no_pkce'] : []),
  ],
};
