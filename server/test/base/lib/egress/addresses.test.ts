import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { isNeverAllowed, isPublic } from '#base/lib/egress/address-classes.ts';
import { isAddressAllowed, parseEgressRules } from '#base/lib/egress/egress-rules.ts';
import { refusalOf } from './loopback.ts';

const notPublic = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.254',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.254',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.1.1.1',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '100.100.100.200',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::808:808',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2001:10::1',
  '2002:7f00:1::',
  '2002:808:808::',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
];
const publicAddresses = [
  '1.1.1.1',
  '8.8.8.8',
  '20.190.160.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450::1',
];

describe('address classes', () => {
  it.each(notPublic)('S-101 does not take %s for a public address', (address) => {
    expect(isPublic(ipaddr.parse(address))).toBe(false);
  });

  it.each(publicAddresses)('S-101 takes %s for a public address', (address) => {
    expect(isPublic(ipaddr.parse(address))).toBe(true);
    expect(isNeverAllowed(ipaddr.parse(address))).toBe(false);
  });
});

describe('rules of the operator', () => {
  const policy = (rules: string) => ({ allow: parseEgressRules(rules), ports: new Set([443, 8443]) });
  const may = (rules: string, address: string, port = 443, host = 'idp.corp.example') =>
    isAddressAllowed(policy(rules), { host, port, secure: true }, ipaddr.parse(address));

  it('S-102 reads ranges, addresses and hosts, with and without a port', () => {
    expect(
      parseEgressRules(
        ' 10.0.0.0/8, ADFS.Corp.Example\n127.0.0.1:4100 [fd00::5]:8443,fd00::/8 kc.corp.example.:8080',
      ),
    ).toEqual([
      { kind: 'address', range: [ipaddr.parse('10.0.0.0'), 8] },
      { kind: 'host', host: 'adfs.corp.example' },
      { kind: 'address', range: [ipaddr.parse('127.0.0.1'), 32], port: 4100 },
      { kind: 'address', range: [ipaddr.parse('fd00::5'), 128], port: 8443 },
      { kind: 'address', range: [ipaddr.parse('fd00::'), 8] },
      { kind: 'host', host: 'kc.corp.example', port: 8080 },
    ]);
    expect(parseEgressRules('')).toEqual([]);
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/x',
    '0x7f.1',
    '127.1',
    '010.0.0.1',
    'host:0',
    'host:70000',
    'a b@c',
    'https://a',
    'a..b',
    '169.254.169.254',
    '169.254.0.0/16',
    'fe80::/10',
    '[fe80::1]:80',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '0.0.0.0',
  ])('S-102 refuses the rule %s', async (rule) => {
    expect((await refusalOf(() => parseEgressRules(rule))).code).toBe('validation_failed');
  });

  it('S-102 opens a private range for the usual ports only', () => {
    expect(may('10.0.0.0/8', '10.1.2.3')).toBe(true);
    expect(may('10.0.0.0/8', '10.1.2.3', 80)).toBe(true);
    expect(may('10.0.0.0/8', '10.1.2.3', 22)).toBe(false);
    expect(may('10.0.0.0/8', '11.1.2.3', 80)).toBe(false);
    expect(may('10.0.0.0/8', '192.168.0.1')).toBe(false);
    expect(may('', '10.1.2.3')).toBe(false);
  });

  it('S-102 opens one port of one address', () => {
    expect(may('127.0.0.1:4100', '127.0.0.1', 4100)).toBe(true);
    expect(may('127.0.0.1:4100', '127.0.0.1', 4101)).toBe(false);
    expect(may('127.0.0.1:4100', '127.0.0.2', 4100)).toBe(false);
    expect(may('127.0.0.1:4100', '127.0.0.1', 443)).toBe(false);
  });

  it('S-102 opens whatever address a named host has, and no other host', () => {
    expect(may('idp.corp.example', '10.1.2.3')).toBe(true);
    expect(may('idp.corp.example:9000', '10.1.2.3', 9000)).toBe(true);
    expect(may('idp.corp.example', '10.1.2.3', 9000)).toBe(false);
    expect(may('idp.corp.example', '10.1.2.3', 443, 'evil.idp.corp.example')).toBe(false);
  });

  it.each([
    '169.254.169.254',
    '169.254.1.1',
    'fe80::1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd20:ce::254',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff02::1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '::169.254.169.254',
  ])('S-102 never opens %s, whatever the operator writes', (address) => {
    expect(may('0.0.0.0/0, ::/0, idp.corp.example', address)).toBe(false);
  });
});
