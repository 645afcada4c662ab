/** Resources of the PlaceOS services behind Foyer, by the names that scopes have for them. */
const resources = [
  'alert_dashboards',
  'alerts',
  'api_keys',
  'asset_categories',
  'asset_purchase_orders',
  'asset_types',
  'asset_instances',
  'assets',
  'ldap_authentications',
  'saml_authentications',
  'o_auth_authentications',
  'brokers',
  'build_monitor',
  'chat_gpt',
  'cluster',
  'domains',
  'drivers',
  'settings',
  'modules',
  'systems',
  'guest',
  'control',
  'edges',
  'edge-control',
  'metadata',
  'mqtt',
  'flux',
  'o_auth_applications',
  'repositories',
];

/** Each resource's bare name (both accesses), `.read` and `.write`. */
export const scopesOfResources = (names: readonly string[]): string[] =>
  names.flatMap((name) => [name, `${name}.read`, `${name}.write`]);

export const resourceScopes: readonly string[] = scopesOfResources(resources);
