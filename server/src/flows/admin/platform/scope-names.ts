/** Scopes that API keys and applications may name, `public` first, as PlaceOS lists them. */
const bare = ['public', 'openid'];

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
  'users',
];

export const scopeNames: readonly string[] = [
  ...bare,
  ...resources.flatMap((name) => [name, `${name}.read`, `${name}.write`]),
];
