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
    return urls
      .filter((field) => typeof settings[field] === 'string' && !isWebUrl(settings[field]))
      .map((field) => ({ field, reason: 'must be an absolute http or https URL' }));
  },
  destinations: () => ({}),
  sentSecrets: [],
  weaknesses: () => [],
};
