import { describe, expect, it } from 'vitest';
import { resolveReturnUrl } from '#base/lib/return-url.ts';

const origin = 'https://portal.example.com';
const resolve = (raw: unknown): string =>
  resolveReturnUrl(raw, { origin, allowed: ['https://apps.example.com', 'https://other.test/exact?x=1'] });

const kept: [string, string][] = [
  ['/', '/'],
  ['/backoffice/', '/backoffice/'],
  ['/backoffice/#/domains', '/backoffice/#/domains'],
  ['/app?x=1&y=2#z', '/app?x=1&y=2#z'],
  ['/a b', '/a%20b'],
  ['/a?q=a b', '/a?q=a%20b'],
  ['/ünï', '/%C3%BCn%C3%AF'],
  ['/a/../b', '/b'],
  ['/a/%2e%2e/b', '/b'],
  ['/%2f%2fevil.test', '/%2f%2fevil.test'],
  ['/%5cevil.test', '/%5cevil.test'],
  ['/%0d%0aSet-Cookie:x', '/%0d%0aSet-Cookie:x'],
  ['/@evil.test', '/@evil.test'],
  ['/evil.test', '/evil.test'],
  ['/a?next=https://evil.test', '/a?next=https://evil.test'],
  ['/a#//evil.test', '/a#//evil.test'],
  ['https://portal.example.com', '/'],
  ['https://portal.example.com/', '/'],
  ['https://portal.example.com/app/#/x?y=1', '/app/#/x?y=1'],
  ['HTTPS://PORTAL.EXAMPLE.COM/App', '/App'],
  ['https://portal.example.com:443/app', '/app'],
  ['https://apps.example.com/anything', 'https://apps.example.com/anything'],
  ['https://apps.example.com', 'https://apps.example.com/'],
  ['https://other.test/exact?x=1', 'https://other.test/exact?x=1'],
];

const refused: unknown[] = [
  undefined,
  null,
  42,
  {},
  [],
  ['/a'],
  '',
  ' ',
  'a',
  'backoffice/',
  './a',
  '../a',
  '?a=1',
  '#a',
  '//evil.test',
  '///evil.test',
  '////evil.test',
  '//evil.test/%2f..',
  '/\\evil.test',
  '\\\\evil.test',
  '\\/evil.test',
  '/\\/evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/\r/evil.test',
  '\t//evil.test',
  '\n//evil.test',
  ' //evil.test',
  ' /app',
  '/app ',
  '\u00a0/app',
  '\ufeff//evil.test',
  '\u3000//evil.test',
  '/\u2028evil',
  '/\u0000',
  '/a\u007f',
  '/a\u0085b',
  '/.//evil.test',
  '/..//evil.test',
  '/././/evil.test',
  '/a/..//evil.test',
  '/%2e//evil.test',
  '/%2e%2e//evil.test',
  'https:evil.test',
  'https:/evil.test',
  'https:///evil.test',
  'https://evil.test',
  'https://evil.test/app',
  'https://evil.test#https://portal.example.com',
  'https://evil.test?https://portal.example.com',
  'https://evil.test\\@portal.example.com',
  'https://portal.example.com@evil.test',
  'https://portal.example.com:x@evil.test',
  'https://user@portal.example.com/app',
  'https://user:pw@portal.example.com/app',
  'https://portal.example.com.evil.test',
  'https://portal.example.com.',
  'https://notportal.example.com',
  'https://sub.portal.example.com/app',
  'https://example.com/app',
  'https://portal.example.com:8443/app',
  'https://portal.example.com//evil.test',
  'https://portal.example.com/.//evil.test',
  'http://portal.example.com/app',
  'https://apps.example.com.evil.test',
  'https://apps.example.com:444/x',
  'http://apps.example.com/x',
  'https://other.test/exact',
  'https://other.test/exact?x=1#y',
  'https://other.test/exact?x=2',
  'https://evil.test/%0d%0a',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'ftp://portal.example.com/',
  'blob:https://portal.example.com/x',
  'view-source:https://portal.example.com',
  'about:blank',
  'mailto:a@b',
  'http:portal.example.com',
  'http:',
  'https://',
  'https://[::1]/',
  'https://[::ffff:7f00:1]/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://evil。test/',
  '／／evil.test',
  '〱evil.test',
  `/${'a'.repeat(3000)}`,
];

describe('resolveReturnUrl', () => {
  it.each(kept)('S-14 keeps %j', (raw, expected) => {
    expect(resolve(raw)).toBe(expected);
  });

  it.each(refused.map((raw) => [raw]))('S-14 sends %j home', (raw) => {
    expect(resolve(raw)).toBe('/');
  });

  it('S-14 never answers anything that a browser would take for another host', () => {
    for (const raw of [...kept.map(([raw]) => raw), ...refused]) {
      const to = new URL(resolve(raw), origin);
      expect([origin, 'https://apps.example.com', 'https://other.test']).toContain(to.origin);
    }
  });
});
