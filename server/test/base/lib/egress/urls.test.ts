import { describe, expect, it } from 'vitest';
import { json, openEgress, refusalOf, serveHttp } from './loopback.ts';

// `PORT` is the canary's. None of these may reach it, neither when saved nor when used.
const hostile = [
  // notations of 127.0.0.1
  'https://127.0.0.1:PORT/',
  'http://127.0.0.1:PORT/',
  'https://127.1:PORT/',
  'https://127.0.1:PORT/',
  'https://0x7f000001:PORT/',
  'https://0x7f.0x0.0x0.0x1:PORT/',
  'https://0x7f.1:PORT/',
  'https://2130706433:PORT/',
  'https://017700000001:PORT/',
  'https://0177.0.0.1:PORT/',
  'https://0177.0x0.0.1:PORT/',
  'https://127.0.0.1.:PORT/',
  'https://127.000.000.001:PORT/',
  'https://127.127.127.127:PORT/',
  'https://%31%32%37.0.0.1:PORT/',
  'https://１２７.０.０.１:PORT/',
  'https://①②⑦.0.0.1:PORT/',
  'https://127。0。0。1:PORT/',
  'https://0:PORT/',
  'https://0.0.0.0:PORT/',
  'https://0x0:PORT/',
  'HTTPS://127.0.0.1:PORT/',
  // IPv6, and IPv4 inside it
  'https://[::1]:PORT/',
  'https://[::]:PORT/',
  'https://[::ffff:7f00:1]:PORT/',
  'https://[::ffff:127.0.0.1]:PORT/',
  'https://[0:0:0:0:0:ffff:127.0.0.1]:PORT/',
  'https://[::127.0.0.1]:PORT/',
  'https://[::ffff:0:127.0.0.1]:PORT/',
  'https://[64:ff9b::127.0.0.1]:PORT/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:7f00:1::]/',
  'https://[fe80::1]/',
  'https://[fe80::1%25lo]:PORT/',
  'https://[fd00::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  // names of loopback
  'https://localhost:PORT/',
  'https://localhost/',
  'https://localhost./',
  'https://LOCALHOST:PORT/',
  'https://a.localhost/',
  'https://ｌocalhost/',
  // private, link-local, metadata, CGNAT, unspecified, multicast, reserved
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://192.168.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[fd00:ec2::254]/',
  'https://100.64.0.1/',
  'https://100.100.100.200/',
  'https://168.63.129.16/',
  'https://0.1.2.3/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://198.18.0.1/',
  // schemes
  'http://public.example/',
  'http://public.example:443/',
  'file:///etc/passwd',
  'file://127.0.0.1/etc/passwd',
  'gopher://127.0.0.1:PORT/_x',
  'unix:/run/x.sock',
  'data:application/json,{}',
  'ftp://127.0.0.1:PORT/',
  'ws://127.0.0.1:PORT/',
  'wss://127.0.0.1:PORT/',
  'javascript:alert(1)',
  'blob:https://127.0.0.1:PORT/x',
  'http+unix://x/',
  'ldap://127.0.0.1:PORT/',
  'view-source:http://127.0.0.1:PORT/',
  // userinfo
  'https://user@public.example/',
  'https://user:secret@public.example/',
  'https://public.example@127.0.0.1:PORT/',
  'https://:@127.0.0.1:PORT/',
  // ports
  'https://public.example:PORT/',
  'https://public.example:22/',
  'https://public.example:80/',
  'https://public.example:0/',
  'https://public.example:65536/',
  'https://8.8.8.8:22/',
  // not absolute, or read differently by different readers
  'http:127.0.0.1:PORT/t',
  'https:127.0.0.1:PORT/t',
  'https:/127.0.0.1:PORT/t',
  'https:///127.0.0.1:PORT/t',
  '//127.0.0.1:PORT/t',
  '/t',
  't',
  '',
  ' ',
  'https://',
  'https:',
  'https://.',
  'https://..',
  'https://a..example/',
  'https://public.example\\@127.0.0.1:PORT/',
  'https:\\\\127.0.0.1:PORT\\',
  'https://127.0.0.1:PORT\\@public.example/',
  'ht\ntps://127.0.0.1:PORT/',
  'https://127.0.0.1\t:PORT/',
  '\u0000https://127.0.0.1:PORT/',
  'https://public.example/\r\nhost: x',
  'https://exa mple/',
  'https://[::1/',
  'https://256.1.1.1/',
  'https://1.2.3.4.5/',
  'https://foo.0x7f/',
  `https://${'a'.repeat(300)}.example/`,
  `https://public.example/${'a'.repeat(9000)}`,
];

describe('URLs of administrators and providers', () => {
  it(`S-103 refuses ${hostile.length} hostile URLs when saved and when used, with no connection to the canary`, async () => {
    expect(hostile.length).toBeGreaterThanOrEqual(60);
    const canary = await serveHttp(json);
    const lookedUp: string[] = [];
    const egress = openEgress({
      resolve: async (host) => {
        lookedUp.push(host);
        return ['127.0.0.1'];
      },
    });
    for (const template of hostile) {
      const url = template.replace('PORT', String(canary.port));
      const atSave = await refusalOf(() => egress.checkUrl(url)).catch(() => undefined);
      expect({ url, code: atSave?.code }).toEqual({
        url,
        code: expect.stringMatching(/^(?:egress_denied|validation_failed)$/),
      });
      const atUse = await refusalOf(() => egress.request({ url, method: 'GET' })).catch(() => undefined);
      expect({ url, code: atUse?.code }).toEqual({ url, code: 'egress_denied' });
      expect(atUse?.message).not.toContain('127.');
    }
    expect(lookedUp).toEqual([]);
    expect(canary.connections()).toBe(0);
  });

  it('S-103 the canary would notice: the same URL is answered once the operator allows it', async () => {
    const canary = await serveHttp(json);
    const egress = openEgress({ allow: canary.rule });
    const response = await egress.request({ url: canary.url, method: 'GET' });
    expect(response.json()).toEqual({ ok: true });
    expect(canary.connections()).toBe(1);
  });

  it.each([
    [
      'https://login.microsoftonline.com/t/oauth2/v2.0/token',
      'https://login.microsoftonline.com/t/oauth2/v2.0/token',
    ],
    ['HTTPS://Login.Example:443/a/../b?c=d', 'https://login.example/b?c=d'],
    ['https://idp.example.:8443/', 'https://idp.example:8443/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700::1111]/', 'https://[2606:4700::1111]/'],
    ['  https://idp.example/t  ', 'https://idp.example/t'],
  ])('S-103 parses %s once, into what is stored', (rawUrl, stored) => {
    expect(openEgress().checkUrl(rawUrl).href).toBe(stored);
  });

  it('S-103 says in coarse words why', async () => {
    const egress = openEgress();
    expect(await refusalOf(() => egress.checkUrl('nonsense'))).toMatchObject({
      code: 'validation_failed',
      evidence: { reason: 'malformed' },
    });
    expect(await refusalOf(() => egress.checkUrl('https://10.0.0.1/'))).toMatchObject({
      code: 'egress_denied',
      detail: 'url not allowed: address',
    });
  });

  it('S-102 http and other ports are for hosts that the operator named', async () => {
    const egress = openEgress({ allow: 'adfs.corp.example, kc.corp.example:8080, 10.0.0.0/8' });
    for (const url of [
      'http://adfs.corp.example/',
      'https://adfs.corp.example:8443/',
      'http://kc.corp.example:8080/',
      'http://10.1.1.1/',
    ]) {
      expect(egress.checkUrl(url).href).toBe(url);
    }
    for (const url of [
      'http://kc.corp.example/',
      'http://adfs.corp.example:8080/',
      'http://10.1.1.1:8080/',
      'http://other.example/',
    ]) {
      expect((await refusalOf(() => egress.checkUrl(url))).code).toBe('egress_denied');
    }
  });
});
