/** Google Workspace. A refresh token comes only with `access_type=offline`, and again only with `prompt=consent`. */
import {
  fromAnswer,
  oidcMappings,
  ownFields,
  type Preset,
  type PresetResult,
  pairs,
  standard,
} from './preset.ts';
import { isHostName } from './web-address.ts';

export const google: Preset = {
  name: 'google',
  questions: [
    { name: 'client_id' },
    { name: 'client_secret', secret: true },
    { name: 'hosted_domain', optional: true },
  ],
  fill(answers): PresetResult {
    const domain = (answers.hosted_domain ?? '').trim().toLowerCase();
    const isDomain = isHostName(domain);
    return {
      fields: {
        ...ownFields(answers),
        name: standard('Google'),
        site: standard('https://accounts.google.com'),
        scope: standard('openid email profile'),
        token_method: standard('post'),
        auth_scheme: standard('request_body'),
        token_url: standard('https://oauth2.googleapis.com/token'),
        authorize_url: standard('https://accounts.google.com/o/oauth2/v2/auth'),
        raw_info_url: standard('https://openidconnect.googleapis.com/v1/userinfo'),
        info_mappings: standard(pairs({ ...oidcMappings, image: 'picture' })),
        authorize_params: standard(pairs({ access_type: 'offline', prompt: 'consent' })),
        ...(isDomain && {
          ensure_matching: fromAnswer('hosted_domain', pairs({ hd: domain })),
          trusted_email_domains: fromAnswer('hosted_domain', domain),
        }),
      },
      problems: domain === '' || isDomain ? {} : { hosted_domain: 'not_a_host' },
    };
  },
};
