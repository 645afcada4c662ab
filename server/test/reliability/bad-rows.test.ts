import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAdmin } from '../support/snapshot.ts';
import { Visitor } from './node-client.ts';
import { beginSignIn, finishSignIn, whoAmI } from './steps.ts';
import { addSource, callEngine, createWorld, makeStore, type Node, startMs, type World } from './world.ts';

let world: World;
let node: Node;
/** Source id by what was done to its row. */
const broken = new Map<string, string>();

const damages: Readonly<Record<string, string>> = {
  'settings that are no object': `settings = '"nonsense"'`,
  'settings of wrong types': `settings = settings || '{"token_url": 7, "info_mappings": [1], "scope": null}'`,
  'a secret that nothing opens': `secrets = '{"client_secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'`,
};

beforeAll(async () => {
  world = await createWorld(await makeStore('postgres'));
  node = await world.startNode();
  for (const name of Object.keys(damages)) broken.set(name, await addSource(node.client, { ...world, name }));
  await node.process.stop();
  await withAdmin(world.store.databaseUrl as string, async (client) => {
    for (const [name, sourceId] of broken) {
      await client.query(`update sources set ${damages[name]}, version = version + 1 where id = $1`, [
        sourceId,
      ]);
    }
  });
  node = await world.startNode();
}, startMs);
afterAll(async () => {
  await world?.close();
});

describe('a row that cannot be read', () => {
  for (const name of Object.keys(damages)) {
    it(`R-16 R-18 ${name}: that source fails with a code, again and again, and the process lives`, async () => {
      for (let times = 0; times < 3; times++) {
        const path = `/auth/oauth2?id=${broken.get(name)}`;
        const answer = await new Visitor().get(node.client, path, { accept: 'application/json' });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.json().error).toMatch(/^(secret_unreadable|source_misconfigured)$/);
        expect(answer.headers['set-cookie'] ?? []).toEqual([]);
      }
      expect((await node.client.ask('/readyz')).status).toBe(200);
    });
  }

  it('R-18 the other sources of the domain sign people in', async () => {
    const flow = await beginSignIn(world, node.client, world.newPerson());
    await finishSignIn(node.client, flow);
    expect(await whoAmI(node.client, flow.visitor)).toBeDefined();
  });

  it('R-18 the sign-in page and the list of sources are there, and the source can be mended', async () => {
    expect((await new Visitor().get(node.client, '/login?continue=/app')).status).toBe(200);
    const list = await callEngine(node.client, world.apiKey, '/oauth_auths?limit=100');
    expect(list.json<unknown[]>()).toHaveLength(broken.size + 1);
    const sourceId = broken.get('a secret that nothing opens');
    const { client_id } = (await callEngine(node.client, world.apiKey, `/oauth_auths/${sourceId}`)).json();
    expect(client_id).toEqual(expect.any(String));
    await callEngine(node.client, world.apiKey, `/oauth_auths/${sourceId}`, {
      method: 'PATCH',
      json: { client_secret: 'entered anew' },
    });
    const answer = await new Visitor().get(node.client, `/auth/oauth2?id=${sourceId}`);
    expect(answer.status).toBe(302);
  });
});
