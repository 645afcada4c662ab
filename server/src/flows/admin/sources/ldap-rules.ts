import type { FieldFailure } from '#base/lib/errors.ts';
import type { Settings, SourceRules } from './source-rules.ts';

const methods = ['plain', 'ssl', 'tls'];

const toPort = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,5}$/.test(value.trim()) ? Number(value) : value;

export const ldapRules: SourceRules = {
  collection: 'ldap_auths',
  table: 'ldap_strat',
  idPrefix: 'ldap',
  resource: 'ldap_authentications',
  otherNames: {},
  required: [],
  nonEmpty: ['name', 'host', 'base'],
  defaults: () => ({ port: 636, auth_method: 'ssl', uid: 'sAMAccountName' }),
  blankMeansDefault: ['port', 'auth_method', 'uid'],
  normalise(settings: Settings) {
    const normalised: Settings = {};
    for (const [name, value] of Object.entries(settings)) {
      if (name === 'port') normalised[name] = toPort(value);
      else if (name === 'auth_method') normalised[name] = String(value).trim().toLowerCase();
      else normalised[name] = typeof value === 'string' ? value.trim() : value;
    }
    return normalised;
  },
  validate(settings: Settings): FieldFailure[] {
    const failures: FieldFailure[] = [];
    const { port, auth_method: method, host } = settings;
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
      failures.push({ field: 'port', reason: 'must be a port number' });
    }
    if (!methods.includes(String(method))) {
      failures.push({ field: 'auth_method', reason: `must be one of ${methods.join(', ')}` });
    }
    if (!/^[A-Za-z0-9._-]+$|^[0-9A-Fa-f:.]+$/.test(String(host))) {
      failures.push({ field: 'host', reason: 'must be a host name or address' });
    }
    return failures;
  },
  // Giving up TLS shows the password to the network, so it counts like another host.
  destinations: ({ host, port, auth_method }) => ({
    host: String(host),
    port: String(port),
    auth_method: auth_method === 'plain' ? 'plain' : 'tls',
  }),
  sentSecrets: ['password'],
  weaknesses: ({ auth_method }) => (auth_method === 'plain' ? ['plain'] : []),
};
