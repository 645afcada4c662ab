import { X509Certificate } from 'node:crypto';
import type { FieldFailure } from '#base/lib/errors.ts';
import type { Settings, SourceRules } from './source-rules.ts';

const basic = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic';
const attribute = (name: string, friendly: string) => ({
  name,
  name_format: basic,
  friendly_name: friendly,
});

const urls = ['assertion_consumer_service_url', 'idp_sso_target_url', 'idp_slo_target_url'];

const isWebUrl = (text: string): boolean => {
  const url = /^https?:\/\/[^/]/i.test(text) ? URL.parse(text) : null;
  return url?.username === '' && url.password === '';
};

/** A PEM file, or the Base64 inside of it, as metadata and some portals have it. */
const isCertificate = (text: string): boolean => {
  const lines = text.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  const pem = text.includes('-----BEGIN CERTIFICATE-----')
    ? text
    : ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
  try {
    return new X509Certificate(pem).subject !== null;
  } catch {
    return false;
  }
};

const isFingerprint = (text: string): boolean =>
  [20, 32].some((bytes) => new RegExp(`^[0-9a-f]{2}(:?[0-9a-f]{2}){${bytes - 1}}$`, 'i').test(text));

const mayBeBlank = new Set(['idp_cert', 'idp_cert_fingerprint', 'idp_slo_target_url']);

const checks: readonly [field: string, isRight: (text: string) => boolean, reason: string][] = [
  ...urls.map((field): [string, typeof isWebUrl, string] => [
    field,
    isWebUrl,
    'must be an absolute http or https URL',
  ]),
  ['idp_cert', isCertificate, 'must be a certificate in PEM or Base64'],
  ['idp_cert_fingerprint', isFingerprint, 'must be a SHA-1 or SHA-256 fingerprint in hexadecimal'],
];

export const samlRules: SourceRules = {
  collection: 'saml_auths',
  table: 'adfs_strat',
  idPrefix: 'adfs',
  resource: 'saml_authentications',
  otherNames: {},
  required: [],
  nonEmpty: [
    'name',
    'issuer',
    'assertion_consumer_service_url',
    'idp_sso_target_url',
    'name_identifier_format',
  ],
  defaults: () => ({
    issuer: 'place.technology',
    name_identifier_format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    idp_sso_target_url_runtime_params: {},
    attribute_statements: {
      name: ['name'],
      email: ['email', 'mail'],
      first_name: ['first_name', 'firstname', 'firstName', 'givenname'],
      last_name: ['last_name', 'lastname', 'lastName', 'surname'],
    },
    request_attributes: [
      attribute('ImmutableID', 'Login Name'),
      attribute('email', 'Email address'),
      attribute('name', 'Full name'),
      attribute('first_name', 'Given name'),
      attribute('last_name', 'Family name'),
    ],
  }),
  blankMeansDefault: ['issuer', 'name_identifier_format', 'attribute_statements', 'request_attributes'],
  normalise: (settings: Settings) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.trim() : value,
      ]),
    ),
  validate(settings: Settings): FieldFailure[] {
    return checks
      .filter(([field, isRight]) => {
        const text = settings[field];
        return typeof text === 'string' && !(text === '' && mayBeBlank.has(field)) && !isRight(text);
      })
      .map(([field, , reason]) => ({ field, reason }));
  },
  destinations: () => ({}),
  sentSecrets: [],
  weaknesses: () => [],
};
