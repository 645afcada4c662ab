/**
 * The operator's allow-list (S-102): which addresses and hosts are allowed beside the public Internet.
 * It comes from the configuration of the process, never from an administrator of a domain.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { FoyerError } from '#base/lib/errors.ts';
import { type Address, type AddressRange, isInRange, isNeverAllowed, isPublic } from './address-classes.ts';

/** Without a port, a rule covers the usual ports of the policy and 80. */
export type EgressRule =
  | { kind: 'address'; range: AddressRange; port?: number }
  | { kind: 'host'; host: string; port?: number };

export interface EgressPolicy {
  allow: readonly EgressRule[];
  /** Ports that https may use anywhere. */
  ports: ReadonlySet<number>;
}

/** What a connection is about to do. `host` is lower case without trailing dot or brackets. */
export interface Destination {
  host: string;
  port: number;
  secure: boolean;
}

const refused = (rule: string, reason: string): FoyerError =>
  new FoyerError('validation_failed', { detail: `egress rule "${rule}": ${reason}` });

const parseRange = (rule: string, address: string, rawBits: string | undefined): AddressRange => {
  const parsed = ipaddr.parse(address);
  const widest = parsed.kind() === 'ipv4' ? 32 : 128;
  const bits = rawBits === undefined ? widest : Number(rawBits);
  if (rawBits === '' || !Number.isInteger(bits) || bits < 0 || bits > widest)
    throw refused(rule, 'prefix length');
  if (bits > 0 && isNeverAllowed(parsed)) throw refused(rule, 'this address can never be allowed');
  return [parsed, bits];
};

const parseHost = (rule: string, rawHost: string): string => {
  const url = /^[^/\\@?#\s]+$/.test(rawHost) ? URL.parse(`http://${rawHost}/`) : null;
  const host = url?.hostname.replace(/\.$/, '') ?? '';
  if (host === '' || host.includes('..') || isIP(host) !== 0 || host.startsWith('[')) {
    throw refused(rule, 'neither a host name nor an address');
  }
  return host;
};

const parseRule = (rule: string): EgressRule => {
  // `[v6]:port` and `name:port`; a bare IPv6 address has more than one colon and no port.
  const parts = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(rule);
  const target = parts ? (parts[1] ?? parts[2] ?? '') : rule;
  const port = parts?.[3] === undefined ? {} : { port: Number(parts[3]) };
  if (port.port !== undefined && (port.port < 1 || port.port > 65_535)) throw refused(rule, 'port');
  const [rawAddress = '', rawBits] = target.split('/');
  if (isIP(rawAddress) !== 0) {
    return { kind: 'address', range: parseRange(rule, rawAddress, rawBits), ...port };
  }
  return { kind: 'host', host: parseHost(rule, target), ...port };
};

/**
 * Reads the operator's list: rules apart by comma or space, each a CIDR, an address or a host, with or without a port:
 * `10.0.0.0/8, adfs.corp.example, 127.0.0.1:4100, [fd00::5]:8443`.
 * @throws {FoyerError} validation_failed for a rule that cannot be read, or names only what is never allowed
 */
export const parseEgressRules = (text: string): EgressRule[] =>
  text
    .split(/[\s,]+/)
    .filter((rule) => rule !== '')
    .map(parseRule);

const coversPort = (policy: EgressPolicy, rule: EgressRule, port: number): boolean =>
  rule.port === undefined ? port === 80 || policy.ports.has(port) : rule.port === port;

/** True when a host rule of the operator names this destination; it may then be http and have a private address. */
export const isHostNamed = (policy: EgressPolicy, { host, port }: Destination): boolean =>
  policy.allow.some((rule) => rule.kind === 'host' && rule.host === host && coversPort(policy, rule, port));

/** The decision at connect time: may this resolved address be connected to for this destination? */
export const isAddressAllowed = (policy: EgressPolicy, to: Destination, address: Address): boolean => {
  if (isNeverAllowed(address)) return false;
  if (to.secure && policy.ports.has(to.port) && isPublic(address)) return true;
  if (isHostNamed(policy, to)) return true;
  return policy.allow.some(
    (rule) => rule.kind === 'address' && coversPort(policy, rule, to.port) && isInRange(address, rule.range),
  );
};
