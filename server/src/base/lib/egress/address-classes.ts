/**
 * Which IP addresses are public, and which ones nobody may ever connect to.
 * An address counts as public only when its class is known to be: everything unusual is not.
 */
import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type AddressRange = readonly [Address, number];

const range = (cidr: string): AddressRange => ipaddr.parseCIDR(cidr);

/** No rule of the operator opens these (S-102): they hand out machine credentials, or are no one machine. */
const neverRanges: readonly AddressRange[] = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  // Metadata services of clouds that are not on a link-local address.
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
].map(range);

const globalUnicast = range('2000::/3');

/** IPv6 forms that carry an IPv4 address, and at which of their 16 bytes it begins. */
const carriers: readonly (readonly [AddressRange, number])[] = [
  [range('::/96'), 12],
  [range('::ffff:0:0/96'), 12],
  [range('::ffff:0:0:0/96'), 12],
  [range('64:ff9b::/32'), 12],
  [range('2002::/16'), 2],
];

export const isInRange = (address: Address, [network, bits]: AddressRange): boolean =>
  address.kind() === network.kind() && address.match(network, bits);

const carriedIpv4 = (address: Address): Address | undefined => {
  if (address.kind() === 'ipv4') return undefined;
  const carrier = carriers.find(([carrierRange]) => isInRange(address, carrierRange));
  if (carrier === undefined) return undefined;
  return ipaddr.fromByteArray(address.toByteArray().slice(carrier[1], carrier[1] + 4));
};

/** True for link-local, metadata, multicast and unspecified addresses, also inside IPv6 (mapped, NAT64, 6to4). */
export const isNeverAllowed = (address: Address): boolean => {
  const carried = carriedIpv4(address);
  if (carried !== undefined && isNeverAllowed(carried)) return true;
  return neverRanges.some((neverRange) => isInRange(address, neverRange));
};

/**
 * True only for globally routed unicast addresses. Loopback, private, CGNAT, unique local, v4-mapped, NAT64, 6to4,
 * Teredo, documentation and reserved ranges are not (S-101).
 */
export const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' &&
  !isNeverAllowed(address) &&
  (address.kind() === 'ipv4' || isInRange(address, globalUnicast));
