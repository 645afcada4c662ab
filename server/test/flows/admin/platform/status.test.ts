import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { version } from '#base/lib/version.ts';
import { addSigningKey } from '#model/keys/signing-keys.ts';
import { openWorld, type World } from '../engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

it('shows the installation to its administrators, and to nobody else', async () => {
  const { db, keyring, keks } = world.foyer.services;
  await keyring.seal({ domainId: world.a.id, table: 't', column: 'c', rowId: 'r' }, 'x');
  const next = await addSigningKey(db, keyring, new Date(Date.now() + 3_600_000));
  const { status, body } = await world.as.platform('GET', '/platform/status');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    version,
    node: process.version,
    store: db.engine,
    store_version: expect.stringMatching(/^\d+/),
    ready: true,
    public_url: 'https://foyer.test',
    domains: 2,
    users: 5,
    mail: false,
    administrators: [{ id: world.users.platform, name: 'Platform Admin', authority_id: world.a.id }],
  });
  if (db.engine === 'pglite') expect(body.durable).toBe(false);
  const files = readdirSync(new URL('../../../../migrations', import.meta.url)).sort();
  expect(body.migrations.map((name: string) => name.replace(/\.sql$/, ''))).toEqual(
    files.map((name) => name.replace(/\.sql$/, '')),
  );
  expect(body.signing_keys).toEqual([
    { kid: next, alg: 'RS256', state: 'next', active_from: expect.any(Number) },
    { kid: expect.any(String), alg: 'RS256', state: 'active', active_from: expect.any(Number) },
  ]);
  expect(body.key_encryption_keys[0]).toEqual({
    id: keks[0]?.id,
    sealing: true,
    data_keys: expect.toSatisfy((n: number) => n >= 2),
  });
  for (const role of ['admin', 'support', 'user'] as const) {
    expect((await world.as[role]('GET', '/platform/status')).status).toBe(403);
  }
});

it('S-94 shows no key', async () => {
  const { text } = await world.as.platform('GET', '/platform/status');
  for (const { key } of world.foyer.services.keks) {
    expect(text).not.toContain(key.toString('base64').slice(0, 20));
  }
  expect(text).not.toMatch(/private|wrapped|"d":/);
});
