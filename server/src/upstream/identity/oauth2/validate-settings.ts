/**
 * @module What may be saved on an OAuth2 source, said field by field in words. Pure: nothing is looked up or fetched
 * (for the issuer's document see `validate-issuer.ts`). An empty source may be saved: administrators create it with a
 * name, copy its id, and fill it in later; `missing-settings.ts` says what it then lacks for use.
 */
import type { Egress } from '#base/lib/egress/egress.ts';
import { type FieldFailure, isFoyerError } from '#base/lib/errors.ts';
import { isReservedParam } from './authorize-url.ts';
import { readClientKey } from './client-assertion.ts';
import { compileWanted } from './ensure-matching.ts';
import { findKnownProvider } from './known-provider.ts';
import { splitKeys } from './look-up.ts';
import { isForbiddenTarget, isKnownTarget } from './mapping-targets.ts';
import { mutableUidKeys } from './missing-settings.ts';
import { resolveUrl } from './resolve-url.ts';
import {
  authSchemes,
  normaliseInput,
  type OAuth2Settings,
  oauth2Schema,
  readSettings,
  signatureAlgorithms,
  tokenMethods,
} from './settings.ts';

type Raw = Readonly<Record<string, unknown>>;
type Fail = (field: string, reason: string) => void;

const maxText = 8192;
const maxEntries = 100;

const urlReasons: Readonly<Record<string, string>> = {
  malformed: 'This is not a complete web address.',
  scheme: 'Only https addresses are allowed here.',
  userinfo: 'An address must not hold a user name or password.',
  port: 'This port is not allowed. The operator of Foyer can allow it.',
  address: 'Foyer may not connect to this address. The operator of Foyer can allow it.',
};

const urlFailure = (egress: Pick<Egress, 'checkUrl'>, url: string): string | undefined => {
  try {
    egress.checkUrl(url);
    return undefined;
  } catch (error) {
    const reason = isFoyerError(error) ? error.evidence?.reason : undefined;
    return urlReasons[String(reason)] ?? urlReasons.malformed;
  }
};

const isRecord = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextList = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= maxEntries && value.every((item) => typeof item === 'string');

/** The kinds of the values, by the schema that forms are drawn from. */
const checkKinds = (raw: Raw, fail: Fail): void => {
  for (const [name, property] of Object.entries(oauth2Schema.properties)) {
    const value = raw[name];
    // Absent and null both mean: nothing was set.
    if (value === undefined || value === null) continue;
    const { type } = property as { type: string };
    if (type === 'string') {
      if (typeof value !== 'string') fail(name, 'This must be a text.');
      else if (value.length > maxText) fail(name, `At most ${maxText} characters.`);
      else if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value) || !value.isWellFormed()) {
        fail(name, 'This holds characters that cannot be typed.');
      }
    } else if (type === 'boolean') {
      if (typeof value !== 'boolean') fail(name, 'This must be true or false.');
    } else if (type === 'array') {
      if (!isTextList(value)) fail(name, `This must be a list of at most ${maxEntries} texts.`);
    } else if (!isRecord(value) || Object.keys(value).length > maxEntries) {
      fail(name, `This must be an object with at most ${maxEntries} entries.`);
    } else {
      checkEntries(name, value, fail);
    }
  }
};

const checkEntries = (field: string, entries: Raw, fail: Fail): void => {
  for (const [name, value] of Object.entries(entries)) {
    const isPlain = typeof value === 'string' && value.length <= maxText;
    const isRight = field === 'ensure_matching' ? isPlain || isTextList(value) : isPlain;
    if (!isRight) fail(field, `The value of “${name}” is not a text.`);
  }
};

const checkUrls = (settings: OAuth2Settings, egress: Pick<Egress, 'checkUrl'>, fail: Fail): void => {
  const check = (field: string, url: string): void => {
    const reason = url === '' ? undefined : urlFailure(egress, url);
    if (reason !== undefined) fail(field, reason);
  };
  check('site', settings.site);
  check('issuer', settings.issuer);
  const relative = {
    authorize_url: settings.authorizeUrl,
    token_url: settings.tokenUrl,
    raw_info_url: settings.rawInfoUrl,
  };
  for (const [field, written] of Object.entries(relative)) {
    const url = resolveUrl(settings.site, written);
    // A path without a site is not an address yet; the site may come later.
    const waitsForSite =
      settings.site === '' && url === written && /^[^:\\]*$/.test(url) && !url.startsWith('//');
    if (!waitsForSite) check(field, url);
  }
};

const checkMappings = (settings: OAuth2Settings, fail: Fail): void => {
  for (const [target, mapping] of Object.entries(settings.infoMappings)) {
    if (isForbiddenTarget(target)) {
      fail('info_mappings', `“${target}” can never come from a provider.`);
    } else if (!isKnownTarget(target)) {
      fail('info_mappings', `“${target}” is no field of a user.`);
    } else if (splitKeys(mapping).length === 0 && mapping !== '') {
      fail('info_mappings', `“${target}” names no key of the profile.`);
    }
  }
  for (const key of mutableUidKeys(settings)) {
    fail('info_mappings', `“${key}” may belong to another person one day. Map uid to id.`);
  }
};

const checkAuthorizeParams = ({ authorizeParams }: OAuth2Settings, fail: Fail): void => {
  for (const [name, value] of Object.entries(authorizeParams)) {
    if (isReservedParam(name)) fail('authorize_params', `“${name}” is set by Foyer for every sign-in.`);
    if (name === '') fail('authorize_params', 'A parameter needs a name.');
    if (name === 'response_mode' && value !== 'query' && value !== 'form_post') {
      fail('authorize_params', 'response_mode can be query or form_post.');
    }
  }
};

const checkMatching = ({ ensureMatching }: OAuth2Settings, fail: Fail): void => {
  for (const [claim, wanted] of Object.entries(ensureMatching)) {
    if (claim === '') fail('ensure_matching', 'A condition needs the name of a claim.');
    if (wanted.length === 0) fail('ensure_matching', `“${claim}” has no value: nobody could sign in.`);
    for (const value of wanted) {
      const compiled = compileWanted(value);
      if (typeof compiled === 'string') fail('ensure_matching', compiled);
    }
  }
};

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;

const checkLists = (settings: OAuth2Settings, raw: Raw, fail: Fail): void => {
  for (const tid of settings.tidAllow) {
    if (!guid.test(tid)) fail('tid_allow', `“${tid}” is not the id of a tenant.`);
  }
  if (findKnownProvider(settings)?.anyTenant && settings.tidAllow.length === 0) {
    fail(
      'tid_allow',
      'With common or organizations, people of every tenant could sign in: list the allowed ones.',
    );
  }
  for (const alg of settings.allowedAlgs) {
    if (!(signatureAlgorithms as readonly string[]).includes(alg)) {
      fail('allowed_algs', `“${alg}” is not a signature that Foyer accepts.`);
    }
  }
  const domains = Array.isArray(raw.trusted_email_domains) ? raw.trusted_email_domains : [];
  for (const domain of domains) {
    if (typeof domain === 'string' && !hostName.test(domain)) {
      fail('trusted_email_domains', `“${domain}” is not a domain.`);
    }
  }
};

const checkClient = (settings: OAuth2Settings, fail: Fail): void => {
  if (!(tokenMethods as readonly string[]).includes(settings.tokenMethod)) {
    fail('token_method', `One of ${tokenMethods.join(', ')}.`);
  }
  if (!(authSchemes as readonly string[]).includes(settings.authScheme)) {
    fail('auth_scheme', `One of ${authSchemes.join(', ')}.`);
  }
  if (settings.clientPrivateKey === '') return;
  const key = readClientKey(settings.clientPrivateKey, settings.clientCertificate);
  if (key === 'client_private_key') {
    fail(
      key,
      'This is not a private key in PEM (RSA with at least 2048 bits, P-256, P-384, P-521 or Ed25519).',
    );
  }
  if (key === 'client_certificate') {
    fail(key, 'This is not a certificate in PEM, or not that of the private key.');
  }
};

/**
 * Checks settings as they would be stored. Give the secrets that this change sets; absent ones are not asked for.
 * @param raw under either name of a field, in any spelling that `normaliseInput` accepts
 */
export const validateSettings = (raw: Raw, egress: Pick<Egress, 'checkUrl'>): FieldFailure[] => {
  const failures: FieldFailure[] = [];
  const fail: Fail = (field, reason) => {
    failures.push({ field, reason });
  };
  const normalised = normaliseInput(raw);
  checkKinds(normalised, fail);
  // What follows reads the values, so their kinds must be right.
  if (failures.length > 0) return failures;
  const settings = readSettings(normalised);
  checkClient(settings, fail);
  checkUrls(settings, egress, fail);
  checkMappings(settings, fail);
  checkAuthorizeParams(settings, fail);
  checkMatching(settings, fail);
  checkLists(settings, normalised, fail);
  return failures;
};
