/** What is asked for, and what will be missed because it is not. */
import type { Checked } from './check-settings.ts';
import type { Finding } from './finding.ts';
import { hasScope, type OAuth2Settings, scopeOf } from './settings.ts';

const isV2 = ({ tokenUrl, issuer }: OAuth2Settings): boolean =>
  tokenUrl.includes('/oauth2/v2.0/') || issuer.endsWith('/v2.0');

/** Microsoft's older endpoints take one API by `resource`, the newer ones only scopes. */
const checkVersion = ({ settings }: Checked): Finding[] => {
  const scopes = scopeOf(settings).split(/\s+/);
  // The address of an API and nothing behind it.
  const bare = scopes.find(
    (scope) => /^https:\/\/[^/]+\/?$/.test(scope) || scope.startsWith('https://graph.windows.net'),
  );
  if (isV2(settings)) {
    const isOld = bare !== undefined || settings.authorizeParams.resource !== undefined;
    return !isOld
      ? []
      : [
          {
            field: bare === undefined ? 'authorize_params' : 'scope',
            level: 'error',
            code: 'scope_for_v1',
            message: 'This names an API the way Microsoft’s older endpoints want it; v2.0 refuses it.',
            fix: 'Name permissions in the scope, such as User.Read, and remove “resource”.',
          },
        ];
  }
  const asksGraph = scopes.some((scope) => /^[a-z]+\.(read|readwrite)/i.test(scope));
  return !asksGraph || settings.authorizeParams.resource !== undefined
    ? []
    : [
        {
          field: 'scope',
          level: 'warning',
          code: 'scope_needs_v2',
          message: 'Microsoft’s older endpoints pass over the permissions in the scope.',
          fix: 'Use …/oauth2/v2.0/… in Authorize URL and Token URL.',
        },
      ];
};

const checkRefresh = ({ settings, known }: Checked): Finding[] => {
  if (known?.family === 'google') {
    return settings.authorizeParams.access_type === 'offline'
      ? []
      : [
          {
            field: 'authorize_params',
            level: 'warning',
            code: 'missing_access_type',
            message: 'Google sends a refresh token only with access_type=offline.',
            fix: 'Add access_type = offline, and prompt = consent.',
          },
        ];
  }
  // Plain OAuth2 providers have rules of their own.
  if (known === undefined || hasScope(settings, 'offline_access')) return [];
  return [
    {
      field: 'scope',
      level: 'warning',
      code: 'missing_offline_access',
      message:
        'Without offline_access there is no refresh token: calendars stop working an hour after a sign-in.',
      fix: 'Add offline_access to the scope.',
    },
  ];
};

export const checkScopes = (checked: Checked): Finding[] => {
  const { settings, known } = checked;
  if (scopeOf(settings) === '') return [];
  const findings: Finding[] = [];
  if (known !== undefined && !hasScope(settings, 'openid')) {
    findings.push({
      field: 'scope',
      level: 'warning',
      code: 'missing_openid',
      message: 'Without openid there is no ID token, and the answer cannot be verified.',
      fix: 'Add openid to the scope.',
    });
  }
  return [...findings, ...checkRefresh(checked), ...(known?.family === 'entra' ? checkVersion(checked) : [])];
};
