/**
 * @module The vendor's side of a source as a checklist: what to do there, where, with what to copy, and how Foyer can know
 * that it was done. Pure; the words are in `words.ts`.
 */
import type { DryRunResult } from '@foyer/contract/dry-runs.ts';
import type { SourceAddresses } from '@foyer/contract/source-lifecycle.ts';
import type { OauthDraft } from '../draft.ts';
import { isGuid, readTenantAddress } from '../presets/microsoft-address.ts';
import type { PresetName } from '../presets/preset.ts';

export type StepCode = 'register' | 'redirect_uri' | 'secret' | 'permissions' | 'consent' | 'refresh';

/** What a dry run proves about the vendor's side; of the consent, also the page on which it ended. */
export type Proof = 'came_back' | 'secret_accepted' | 'scopes_granted' | 'consent_given' | 'refresh_token';

export interface VendorStep {
  code: StepCode;
  /** A page at the vendor, https only. */
  link?: string;
  copies: { name: 'callback' | 'callback_path' | 'scopes' | 'consent'; value: string }[];
  provenBy: Proof;
}

export interface VendorContext {
  draft: OauthDraft;
  addresses: Pick<SourceAddresses, 'callback_url' | 'callback_url_path' | 'consent_state'> | undefined;
}

/** Scopes of OpenID Connect itself need no permission at the vendor. */
const ownScopes = new Set(['openid', 'profile', 'email', 'offline_access']);

/** As Microsoft's portal spells permissions, so that they are found there. */
const portalSpelling: Readonly<Record<string, string>> = {
  calendars: 'Calendars',
  readwrite: 'ReadWrite',
  shared: 'Shared',
  group: 'Group',
  user: 'User',
  read: 'Read',
  all: 'All',
  basic: 'Basic',
  readbasic: 'ReadBasic',
  place: 'Place',
  mail: 'Mail',
  send: 'Send',
};

export const scopesToGrant = (scope: string): string[] =>
  scope
    .split(/\s+/)
    .filter((each) => each !== '' && !ownScopes.has(each.toLowerCase()))
    .map((each) => each.replace(/^https:\/\/graph\.microsoft\.[a-z]+\//i, ''));

const inPortalSpelling = (scope: string): string =>
  scope
    .split('.')
    .map((part) => portalSpelling[part.toLowerCase()] ?? part)
    .join('.');

/** Microsoft's page on which an administrator consents for everybody. It ends on a page of Foyer's. */
export const adminConsentUrl = ({ draft, addresses }: VendorContext): string | undefined => {
  const address = readTenantAddress(draft.authorize_url);
  const clientId = draft.client_id.trim();
  if (address.kind === 'empty' || address.kind === 'refused' || !isGuid(clientId)) return undefined;
  const params = new URLSearchParams({ client_id: clientId.toLowerCase() });
  if (addresses?.consent_state !== undefined) {
    params.set('redirect_uri', addresses.callback_url);
    params.set('state', addresses.consent_state);
  }
  return `${address.cloud.site}/${address.tenant}/adminconsent?${params}`;
};

const portalOf = (draft: OauthDraft): string => {
  const address = readTenantAddress(draft.authorize_url);
  return address.kind === 'empty' || address.kind === 'refused'
    ? 'https://entra.microsoft.com'
    : address.cloud.portal;
};

const blade = (draft: OauthDraft, name: string): string => {
  const portal = portalOf(draft);
  const clientId = draft.client_id.trim().toLowerCase();
  if (!isGuid(clientId)) {
    return `${portal}/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade`;
  }
  return `${portal}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/${name}/appId/${clientId}`;
};

type Copies = VendorStep['copies'];

const callbackCopies = ({ addresses }: VendorContext): Copies =>
  addresses === undefined
    ? []
    : [
        { name: 'callback', value: addresses.callback_url },
        ...(addresses.callback_url_path === addresses.callback_url
          ? []
          : [{ name: 'callback_path' as const, value: addresses.callback_url_path }]),
      ];

const pathOnly = ({ addresses }: VendorContext): Copies =>
  addresses === undefined ? [] : [{ name: 'callback', value: addresses.callback_url_path }];

const microsoftSteps = (context: VendorContext): VendorStep[] => {
  const { draft } = context;
  const scopes = scopesToGrant(draft.scope).map(inPortalSpelling);
  const consent = adminConsentUrl(context);
  return [
    {
      code: 'register',
      link: `${portalOf(draft)}/#view/Microsoft_AAD_RegisteredApps/CreateApplicationBlade/quickStartType~/null/isMSAApp~/false`,
      copies: [],
      provenBy: 'came_back',
    },
    {
      code: 'redirect_uri',
      link: blade(draft, 'Authentication'),
      copies: callbackCopies(context),
      provenBy: 'came_back',
    },
    { code: 'secret', link: blade(draft, 'Credentials'), copies: [], provenBy: 'secret_accepted' },
    {
      code: 'permissions',
      link: blade(draft, 'CallAnAPI'),
      copies: scopes.map((value) => ({ name: 'scopes', value })),
      provenBy: 'scopes_granted',
    },
    {
      code: 'consent',
      ...(consent !== undefined && { link: consent }),
      copies: consent === undefined ? [] : [{ name: 'consent', value: consent }],
      provenBy: 'consent_given',
    },
    { code: 'refresh', copies: [], provenBy: 'refresh_token' },
  ];
};

const b2cSteps = (context: VendorContext): VendorStep[] => [
  { code: 'register', link: 'https://portal.azure.com/', copies: [], provenBy: 'came_back' },
  { code: 'redirect_uri', copies: pathOnly(context), provenBy: 'came_back' },
  { code: 'secret', copies: [], provenBy: 'secret_accepted' },
  { code: 'refresh', copies: [], provenBy: 'refresh_token' },
];

const siteOf = (draft: OauthDraft): URL | undefined => {
  const url = URL.parse(draft.site.trim());
  return url?.protocol === 'https:' ? url : undefined;
};

const registerLink = (preset: PresetName, draft: OauthDraft): string | undefined => {
  const site = siteOf(draft);
  switch (preset) {
    case 'google':
      return 'https://console.cloud.google.com/auth/clients';
    case 'github':
      return 'https://github.com/settings/developers';
    case 'auth0':
      return 'https://manage.auth0.com/';
    case 'okta': {
      const admin = site && /^([a-z0-9-]+)\.(okta|oktapreview|okta-emea)\.com$/.exec(site.hostname);
      return admin ? `https://${admin[1]}-admin.${admin[2]}.com/admin/apps/active` : undefined;
    }
    case 'keycloak': {
      const realm = /^(https:\/\/[^?#]*)\/realms\/([^/]+)$/.exec(draft.issuer.trim());
      return realm ? `${realm[1]}/admin/${realm[2]}/console/` : undefined;
    }
    default:
      return undefined;
  }
};

const otherSteps = (preset: PresetName, context: VendorContext): VendorStep[] => {
  const link = registerLink(preset, context.draft);
  const scopes = preset === 'google' || preset === 'github' ? [] : scopesToGrant(context.draft.scope);
  return [
    { code: 'register', ...(link !== undefined && { link }), copies: [], provenBy: 'came_back' },
    { code: 'redirect_uri', copies: callbackCopies(context), provenBy: 'came_back' },
    { code: 'secret', copies: [], provenBy: 'secret_accepted' },
    ...(scopes.length > 0
      ? [
          {
            code: 'permissions' as const,
            copies: scopes.map((value) => ({ name: 'scopes' as const, value })),
            provenBy: 'scopes_granted' as const,
          },
        ]
      : []),
    // GitHub's OAuth apps have tokens that do not end.
    ...(preset === 'github'
      ? []
      : [{ code: 'refresh' as const, copies: [], provenBy: 'refresh_token' as const }]),
  ];
};

export const vendorSteps = (preset: PresetName, context: VendorContext): VendorStep[] => {
  if (preset === 'microsoft') return microsoftSteps(context);
  return preset === 'b2c' ? b2cSteps(context) : otherSteps(preset, context);
};

/** What a dry run has shown to be right at the vendor. */
export const proofsOf = (result: DryRunResult | undefined): ReadonlySet<Proof> => {
  const proofs = new Set<Proof>();
  if (result === undefined) return proofs;
  const isOk = (name: string) => result.steps.some((step) => step.name === name && step.outcome === 'ok');
  const granted = new Set(result.scopes_granted.map((scope) => scope.toLowerCase()));
  const tokenCame = isOk('token');
  if (isOk('callback') || tokenCame) proofs.add('came_back');
  if (tokenCame) proofs.add('secret_accepted');
  const missing = result.scopes_asked.filter((scope) => !granted.has(scope.toLowerCase()));
  if (tokenCame && missing.every((scope) => ownScopes.has(scope.toLowerCase()))) {
    proofs.add('scopes_granted').add('consent_given');
  }
  if (result.refresh_token) proofs.add('refresh_token');
  return proofs;
};

/** Whose vendor side a stored source has, by its addresses. */
export const guessPreset = (draft: OauthDraft): PresetName => {
  const host = URL.parse(draft.authorize_url.trim())?.hostname ?? siteOf(draft)?.hostname ?? '';
  if (host.endsWith('.b2clogin.com')) return 'b2c';
  if (host === 'accounts.google.com') return 'google';
  if (host === 'github.com') return 'github';
  if (/\.okta(?:preview|-emea)?\.com$/.test(host)) return 'okta';
  if (host.endsWith('.auth0.com')) return 'auth0';
  if (/\/realms\/[^/]+$/.test(draft.issuer.trim())) return 'keycloak';
  if (/\/oauth2\/v2\.0\/authorize$/.test(draft.authorize_url.trim())) return 'microsoft';
  return draft.issuer.trim() === '' ? 'oauth2' : 'oidc';
};
