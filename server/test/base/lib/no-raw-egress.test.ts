import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../src', import.meta.url));

const rawEgress: readonly (readonly [string, RegExp])[] = [
  ['fetch', /(?<![.\w#$])fetch\s*\(|\bglobalThis\s*(?:\.|\?\.)\s*fetch\b|\bglobalThis\s*\[\s*['"`]fetch/],
  ['fetch passed on', /[=:(,]\s*fetch\s*[,;)}\n]/],
  ['http', /\bhttps?\s*\.\s*(?:request|get|Agent)\b/],
  [
    'net',
    /\bnet\s*\.\s*(?:connect|createConnection|Socket)\b|\btls\s*\.\s*(?:connect|TLSSocket)\b|\bhttp2\s*\.\s*connect\b/,
  ],
  ['WebSocket', /\bnew\s+(?:WebSocket|EventSource|XMLHttpRequest)\b/],
  ['undici', /(?:from|import|require)\s*\(?\s*['"`](?:[^'"`]*\/)?undici(?:\/[^'"`]*|\.ts)?['"`]/],
  [
    'another client',
    /(?:from|import|require)\s*\(?\s*['"`](?:axios|got|node-fetch|ky|request|superagent|ws|node:dgram)['"`]/,
  ],
  [
    'named import',
    /import\s*\{[^}]*\b(?:request|get|connect|createConnection|Socket|TLSSocket|Agent)\b[^}]*\}\s*from\s*['"`](?:node:)?(?:https?|http2|net|tls)['"`]/,
  ],
];

// A type that is named in an import opens no connection.
const withoutComments = (source: string): string =>
  source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
    .replace(/import\s+type\s[^;]*;/g, '')
    .replace(/\btype\s+\w+(?=\s*[,}])/g, '');

/** What in a source file would open a connection past the egress. */
const findRawEgress = (source: string): string[] => {
  const code = withoutComments(source);
  return rawEgress.filter(([, pattern]) => pattern.test(code)).map(([name]) => name);
};

/** Files that connect to no other machine; each with the only call that it may make. */
const local: ReadonlyMap<string, RegExp> = new Map([
  // A Unix socket in the data folder, by which the command line reaches the running server.
  ['cli/control-socket.ts', /\bcreateConnection\(\{ path, /g],
]);

const readSource = (file: string): string => {
  const source = readFileSync(`${root}/${file}`, 'utf8');
  const allowed = local.get(file);
  if (allowed === undefined) return source;
  const calls = source.match(/\b(?:createConnection|connect)\s*\(/g) ?? [];
  if (calls.length !== source.match(allowed)?.length) return source;
  return source.replace(/\bcreateConnection\b/g, '');
};

describe('raw egress', () => {
  it('S-101 no file outside of base/lib/egress opens a connection to another server', () => {
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.[cm]?[jt]sx?$/.test(file),
    );
    expect(files).toContain('base/lib/egress/connect.ts');
    const found = files
      .filter((file) => !file.startsWith('base/lib/egress/'))
      .map((file) => ({ file, found: findRawEgress(readSource(file)) }))
      .filter((entry) => entry.found.length > 0);
    expect(found).toEqual([]);
  });

  it('S-101 the check finds the egress itself, so it would find another', () => {
    expect(findRawEgress(readFileSync(`${root}/base/lib/egress/connect.ts`, 'utf8'))).toContain(
      'named import',
    );
    expect(findRawEgress(readFileSync(`${root}/base/lib/egress/origin.ts`, 'utf8'))).toContain('undici');
  });

  it.each([
    'const a = await fetch(url);',
    'return globalThis.fetch(url)',
    'open({ client, fetch })',
    'const get = fetch;',
    "http.request('http://x')",
    'https.get(url)',
    'net.connect(80)',
    'net.createConnection({ port })',
    'new net.Socket()',
    'tls.connect({ host })',
    'http2.connect(url)',
    "import { Pool } from 'undici';",
    "const u = await import('undici')",
    "require('undici')",
    "import { Pool } from '#base/lib/egress/undici.ts';",
    "import { connect } from 'node:net';",
    "import {\n  createServer,\n  request,\n} from 'node:http';",
    "import { type Server, Agent as A } from 'https';",
    'new WebSocket(url)',
    "import axios from 'axios';",
  ])('S-101 the check finds %j', (source) => {
    expect(findRawEgress(source)).not.toEqual([]);
  });

  it.each([
    'await tools.egress.request({ url })',
    'this.fetch(url); deps.fetch(url); prefetch(url); fetchToken(url);',
    '// never fetch(url) here',
    '/* net.connect(80) */',
    "import { createServer } from 'node:http';",
    "import { type Socket, isIP } from 'node:net';",
    "import type { Agent } from 'node:http';",
    'reply.request.raw; internet.connect();',
    "const help = 'https://undici.example'",
  ])('S-101 the check passes %j', (source) => {
    expect(findRawEgress(source)).toEqual([]);
  });
});
