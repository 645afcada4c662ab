/**
 * GitHub: plain OAuth2, no ID token, so the user id must be mapped: the number, since a login name can change hands. With
 * `user:email` Foyer asks for the verified address too, which the profile mostly lacks.
 */
import { ownFields, type Preset, type PresetResult, pairs, standard } from './preset.ts';

export const github: Preset = {
  name: 'github',
  questions: [{ name: 'client_id' }, { name: 'client_secret', secret: true }],
  fill: (answers): PresetResult => ({
    fields: {
      ...ownFields(answers),
      name: standard('GitHub'),
      site: standard('https://github.com'),
      scope: standard('read:user user:email'),
      token_method: standard('post'),
      auth_scheme: standard('request_body'),
      token_url: standard('https://github.com/login/oauth/access_token'),
      authorize_url: standard('https://github.com/login/oauth/authorize'),
      raw_info_url: standard('https://api.github.com/user'),
      info_mappings: standard(
        pairs({
          email: 'email',
          name: 'name',
          nickname: 'login',
          image: 'avatar_url',
          uid: 'id',
          access_token: 'token',
          refresh_token: 'refresh_token',
          expires: 'expires',
          expires_at: 'expires_at',
        }),
      ),
    },
    problems: {},
  }),
};
