/** The fields of SAML and LDAP sources: names as documented, defaults as the server has them. */
import type { ReservationView } from '@foyer/contract/source-lifecycle.ts';
import type { LdapView, SamlView } from '../api.ts';

export type PlainKind = 'saml' | 'ldap';
export type PlainValues = Record<string, string>;

export interface PlainField {
  name: string;
  label: string;
  required?: boolean;
  secret?: boolean;
  lines?: number;
  choices?: readonly string[];
}

export const plainFields: Readonly<Record<PlainKind, readonly PlainField[]>> = {
  saml: [
    { name: 'name', label: 'Name', required: true },
    { name: 'issuer', label: 'Issuer', required: true },
    { name: 'idp_sso_target_url', label: 'IdP Target URL', required: true },
    { name: 'name_identifier_format', label: 'Name Identifier Format', required: true },
    { name: 'assertion_consumer_service_url', label: 'Assertion URL', required: true },
    { name: 'idp_cert', label: 'Full Certificate', lines: 6 },
    { name: 'idp_cert_fingerprint', label: 'Certificate Fingerprint' },
    { name: 'uid_attribute', label: 'UID Attribute' },
    { name: 'attribute_service_name', label: 'Attribute Service Name' },
    { name: 'idp_slo_target_url', label: 'IdP SLO Target URL' },
    { name: 'slo_default_relay_state', label: 'SLO Default Relay State' },
  ],
  ldap: [
    { name: 'name', label: 'Name', required: true },
    { name: 'host', label: 'Host', required: true },
    { name: 'port', label: 'Port' },
    { name: 'auth_method', label: 'Authentication Method', choices: ['ssl', 'tls', 'plain'] },
    { name: 'uid', label: 'User ID Key' },
    { name: 'base', label: 'Base', required: true },
    { name: 'bind_dn', label: 'Bind DN' },
    { name: 'password', label: 'Password', secret: true },
    { name: 'filter', label: 'Filter' },
  ],
};

const defaults: Readonly<Record<PlainKind, PlainValues>> = {
  saml: { name_identifier_format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified' },
  ldap: { port: '636', auth_method: 'ssl', uid: 'sAMAccountName' },
};

const blank = (kind: PlainKind): PlainValues =>
  Object.fromEntries(plainFields[kind].map(({ name }) => [name, '']));

export const newPlainValues = (kind: PlainKind, { entity_id, acs_url }: ReservationView): PlainValues => ({
  ...blank(kind),
  ...defaults[kind],
  ...(kind === 'saml' && { issuer: entity_id ?? '', assertion_consumer_service_url: acs_url ?? '' }),
});

export const storedPlainValues = (kind: PlainKind, view: SamlView | LdapView): PlainValues => {
  const stored: Readonly<Record<string, unknown>> = view;
  return Object.fromEntries(
    plainFields[kind].map(({ name, secret }) => [name, secret ? '' : String(stored[name] ?? '')]),
  );
};

/** A blank that may be blank clears; a blank secret keeps the stored one. */
export const plainBody = (kind: PlainKind, values: PlainValues): Record<string, unknown> =>
  Object.fromEntries(
    plainFields[kind]
      .filter(({ name, secret }) => !(secret && values[name] === ''))
      .map(({ name }) => [name, values[name]]),
  );
