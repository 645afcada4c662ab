/**
 * @module What can be seen in the settings of a source while they are typed, without asking anybody. What saving would
 * refuse comes from `validate-settings.ts` itself, so the two never disagree; the rest are mistakes that save well and
 * fail later: at the provider, at the first sign-in, or when a token ends.
 */
import type { Egress } from '#base/lib/egress/egress.ts';
import { checkAddresses } from './check-addresses.ts';
import { type CredentialFacts, checkCredentials } from './check-credentials.ts';
import { checkMapping } from './check-mapping.ts';
import { checkScopes } from './check-scopes.ts';
import type { Finding } from './finding.ts';
import { findKnownProvider, type KnownProvider } from './known-provider.ts';
import { missingSettings } from './missing-settings.ts';
import { type OAuth2Settings, readSettings } from './settings.ts';
import { validateSettings } from './validate-settings.ts';

type Raw = Readonly<Record<string, unknown>>;

export interface CheckInput extends CredentialFacts {
  /** As saving would store them, with the secrets that were typed. */
  settings: Raw;
  /** As they were typed, before anything was trimmed. */
  typed: Raw;
  /** Names of stored secrets that are kept. */
  keptSecrets: readonly string[];
  /** Where the provider sends people back to. */
  callbackOrigin: string;
}

export interface Checked {
  settings: OAuth2Settings;
  known: KnownProvider | undefined;
}

const notAccepted = ({ field, reason }: { field: string; reason: string }): Finding => ({
  field,
  level: 'error',
  code: 'not_accepted',
  message: reason,
  values: { reason },
});

const checkMissing = ({ settings, keptSecrets }: CheckInput): Finding[] => {
  const kept = Object.fromEntries(keptSecrets.map((field) => [field, 'kept']));
  return missingSettings({ ...kept, ...settings }).map((field) => ({
    field,
    level: 'warning' as const,
    code: 'missing',
    message: 'Needed before anybody can sign in.',
  }));
};

const isLocal = (origin: string): boolean =>
  /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]|[^/:]+\.localhost)(?::\d+)?$/.test(origin);

const checkCallback = ({ callbackOrigin }: CheckInput): Finding[] =>
  callbackOrigin.startsWith('https://') || isLocal(callbackOrigin)
    ? []
    : [
        {
          field: '',
          level: 'error',
          code: 'http_callback',
          message: `People would come back to ${callbackOrigin}, without encryption; providers refuse such a callback.`,
          fix: 'The operator of Foyer sets PUBLIC_URL to an https address.',
          values: { origin: callbackOrigin },
        },
      ];

/** Blanks at either end come along when a value is copied. */
const checkBlanks = ({ typed }: CheckInput): Finding[] =>
  Object.entries(typed)
    .filter(([, value]) => typeof value === 'string' && value.trim() !== '' && value !== value.trim())
    .map(([field]) => {
      const isSecret = /secret|password/.test(field);
      return {
        field,
        level: isSecret ? ('error' as const) : ('warning' as const),
        code: 'blanks_around',
        message: isSecret
          ? 'There is a blank before or after the secret; the provider would compare it too.'
          : 'There is a blank before or after the value; it will be left out.',
        fix: 'Copy the value again without it.',
      };
    });

/** Every finding, errors first; a source without any gets one that says so. */
export const checkSettings = (input: CheckInput, egress: Pick<Egress, 'checkUrl'>): Finding[] => {
  const settings = readSettings(input.settings);
  const checked: Checked = { settings, known: findKnownProvider(settings) };
  const findings = [
    ...validateSettings(input.settings, egress).map(notAccepted),
    ...checkCredentials(checked, input),
    ...checkAddresses(checked),
    ...checkScopes(checked),
    ...checkMapping(checked, input.typed),
    ...checkCallback(input),
    ...checkBlanks(input),
    ...checkMissing(input),
  ];
  if (!findings.some(({ level }) => level !== 'ok')) {
    findings.push({ field: '', level: 'ok', code: 'complete', message: 'Nothing to find fault with.' });
  }
  const rank = { error: 0, warning: 1, ok: 2 };
  return findings.sort((a, b) => rank[a.level] - rank[b.level]);
};
