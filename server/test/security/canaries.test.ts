import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPglite } from '#base/db/pglite.ts';
import type { Tables } from '#model/tables.ts';
import { eventually } from '../reliability/eventually.ts';
import type { TestEngine } from '../support/test-store.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import { exerciseEverything } from './exercise.ts';
import type { RecordedAnswer } from './recording-client.ts';
import { openSecuredWorld, type SecuredWorld } from './secured-world.ts';

describe('the search itself', () => {
  it('finds a secret in every form, at every offset, and cut', () => {
    const canaries = createCanaries();
    const secret = canaries.plant('it', 'a secret/with+odd&characters "quoted" 1234567890');
    const long = canaries.plant('a long one', `1.A${'x1y2z3'.repeat(40)}`);
    expect(canaries.find('nothing to see')).toEqual([]);
    for (const before of ['', 'x', 'xy', 'xyz']) {
      for (const hidden of [
        secret,
        Buffer.from(before + secret).toString('base64'),
        Buffer.from(`${before}${secret}after`).toString('base64url'),
        Buffer.from(secret).toString('hex'),
        encodeURIComponent(secret),
        new URLSearchParams({ v: secret }).toString(),
        JSON.stringify({ v: secret }),
      ]) {
        expect(canaries.find(`${before} ${hidden} after`).length, hidden).toBeGreaterThan(0);
      }
      expect(canaries.find(before + long.slice(0, 100))).toEqual(['a long one (plain)']);
    }
    canaries.plantBytes('bytes', Buffer.from('8f01ee02ad03bc04', 'hex'));
    expect(canaries.find(Buffer.from('00008f01ee02ad03bc0400', 'hex'))).toEqual(['bytes (plain)']);
  });
});

const describeEngine = (engine: TestEngine) =>
  describe(`after everything was done on ${engine}`, () => {
    let world: SecuredWorld;
    const canaries: Canaries = createCanaries();
    let metrics = '';

    beforeAll(async () => {
      world = await openSecuredWorld(engine);
      await exerciseEverything({ world, canaries });
      metrics = await (await fetch(`http://127.0.0.1:${world.metricsPort}/metrics`)).text();
      expect(await world.process.stop()).toEqual({ code: 0, signal: null });
      await eventually(
        10_000,
        async () => world.process.output(),
        (output) => output.includes('Foyer has stopped'),
      );
    }, 90_000);
    afterAll(() => world?.close());

    it('S-95 S-90 no answer carries a secret, but those that hand it out once', () => {
      expect(canaries.names.length).toBeGreaterThan(40);
      const leaks = world.client.answers.flatMap((recorded) =>
        canaries.find(visiblePartOf(recorded)).map((name) => `${recorded.what}: ${name}`),
      );
      expect(leaks).toEqual([]);
      expect(world.client.answers.length).toBeGreaterThan(100);
    });

    it('S-95 S-26 the tokens of the provider reach nobody but who asks for them as their owner', () => {
      const upstream = world.client.answers.filter(({ answer }) =>
        canaries.find(answer.text).some((name) => /^(provider's|resource token)/.test(name)),
      );
      expect(new Set(upstream.map(({ what }) => what.replace(/user-[^/]+/, ':id')))).toEqual(
        new Set(['POST /api/engine/v2/users/:id/resource_token']),
      );
    });

    it('S-95 S-140 the log has none, at the finest level', () => {
      const log = world.process.output();
      expect(log).toContain('"refused"');
      // The link for the first administrator is printed, once, for the one who started the server.
      const withoutLink = log.replace(/\/setup\?token=[\w-]+/, '');
      expect(canaries.find(withoutLink)).toEqual([]);
    });

    it('S-140 the log has JSON lines only, with the listed members, and no address of a request', () => {
      const lines = world.process
        .output()
        .split('\n')
        .filter((line) => line !== '' && !/^Welcome to Foyer|^ {2}http:.*\/setup\?token=/.test(line));
      expect(lines.length).toBeGreaterThan(50);
      const members = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))));
      const listed = ['level', 'time', 'reqId', 'msg', 'err', 'code', 'detail', 'task', 'done'];
      const atStart = ['address', 'store', 'folder', 'applied', 'signal'];
      expect([...members].filter((name) => ![...listed, ...atStart].includes(name))).toEqual([]);
      expect(lines.filter((line) => /\?id=|code=|state=|"cookie"|"authorization"/i.test(line))).toEqual([]);
    });

    it('S-95 the metrics have none', () => {
      expect(metrics).toContain('foyer_request_duration_seconds');
      expect(canaries.find(metrics)).toEqual([]);
    });

    it('S-95 S-99 the store has none: neither rows, audit included, nor files', async () => {
      const { databaseUrl, folder } = world.store;
      if (databaseUrl) {
        const { stdout } = await promisify(execFile)('pg_dump', [databaseUrl], { maxBuffer: 1e9 });
        expect(stdout).toContain('COPY public.audit');
        expect(canaries.find(stdout)).toEqual([]);
        return;
      }
      const store = join(folder, 'store');
      let bytes = 0;
      for (const name of readdirSync(store, { recursive: true, withFileTypes: true })) {
        if (!name.isFile()) continue;
        const content = readFileSync(join(name.parentPath, name.name));
        bytes += content.length;
        expect({ file: name.name, found: canaries.find(content) }).toEqual({ file: name.name, found: [] });
      }
      expect(bytes).toBeGreaterThan(10_000_000);
      // Long values may stand compressed in those files.
      const db = await openPglite<Tables>({ folder: store });
      const audit = await db.kysely.selectFrom('audit').selectAll().execute();
      const people = await db.kysely.selectFrom('users').selectAll().execute();
      const sources = await db.kysely.selectFrom('sources').selectAll().execute();
      const attempts = await db.kysely.selectFrom('sign_in_attempts').selectAll().execute();
      await db.close();
      expect(audit.length).toBeGreaterThan(20);
      expect(attempts.length).toBeGreaterThan(2);
      expect(canaries.find(JSON.stringify([audit, people, sources, attempts]))).toEqual([]);
    });
  });

/** An answer without what it hands out by design. */
const visiblePartOf = ({ answer, hands }: RecordedAnswer): string => {
  const { 'set-cookie': cookies = [], location = '', ...headers } = answer.headers;
  // A cookie that is set is for its browser; whatever else stands in the line is looked at.
  const attributes = cookies.map((line) => line.replace(/^([^=]+)=[^;]*/, '$1'));
  const parts = [JSON.stringify(headers), attributes.join('\n')];
  if (hands !== 'a code in the location') parts.push(location);
  if (hands !== 'a secret in the body') parts.push(answer.text);
  return parts.join('\n');
};

describeEngine('pglite');
describeEngine('postgres');
