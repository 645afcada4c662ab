import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchWords } from '#base/db/listing.ts';
import type { SourceId } from '#base/lib/ids.ts';
import { plainName } from '../../../src/flows/admin/assign.ts';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  for (let i = 1; i <= 5; i++) {
    // Fixed ids: the search looks at ids as well, and a random one can hold any digit.
    const id = `oauth_strat-seeded${'abcde'[i - 1]}` as SourceId;
    await world.foyer.seedSource(world.a, { id, name: `Source ${i} of five`, settings: {} });
  }
  await world.foyer.seedSource(world.b, { name: 'Foreign source', settings: {} });
});
afterAll(() => world.foyer.close());

describe('lists (contract 3.1, D-49)', () => {
  it('gives pages whose Link leads to the next one, and none at the end', async () => {
    const first = await world.as.admin('GET', '/oauth_auths?q=source%20five&limit=2&_poll=1');
    expect(first.body).toHaveLength(2);
    expect(first.headers['x-total-count']).toBe('5');
    expect(first.headers['content-range']).toBe('oauth_strat 0-2/5');
    expect(first.headers.link).toBe(
      '</api/engine/v2/oauth_auths/?q=source%20five&_poll=1&offset=2&limit=2>; rel="next"',
    );
    const next = String(first.headers.link).slice(1).split('>')[0] ?? '';
    const second = await world.as.admin('GET', next);
    expect(second.headers['content-range']).toBe('oauth_strat 2-4/5');
    const third = await world.as.admin('GET', '/oauth_auths?limit=2&offset=4');
    expect(third.headers['content-range']).toBe('oauth_strat 4-5/5');
    expect(third.headers.link).toBeUndefined();
    const names = [...first.body, ...second.body, ...third.body].map((each: { name: string }) => each.name);
    expect(names).toEqual([1, 2, 3, 4, 5].map((i) => `Source ${i} of five`));
  });

  it('encodes what would break the client that splits the header', async () => {
    const { headers } = await world.as.admin('GET', '/oauth_auths?q=source%2C%3B%3E%20+x&limit=1');
    expect(headers.link).toMatch(/^<[^,;>]+>; rel="next"$/);
    expect(headers.link).not.toContain('+');
  });

  it('answers no rows and no Link for limit 0, and beyond the end', async () => {
    const none = await world.as.admin('GET', '/oauth_auths?limit=0');
    expect(none).toMatchObject({ status: 200, body: [] });
    expect(none.headers['x-total-count']).toBe('5');
    expect(none.headers.link).toBeUndefined();
    const beyond = await world.as.admin('GET', '/oauth_auths?offset=50');
    expect(beyond.body).toEqual([]);
    expect(beyond.headers['content-range']).toBe('oauth_strat 50-50/5');
  });

  it.each(['limit=x', 'limit=-1', 'offset=-5', 'offset=1.5', 'limit=1&limit=2', 'limit=1e3'])(
    'refuses %s, naming the parameter',
    async (query) => {
      const { status, body } = await world.as.admin('GET', `/oauth_auths?${query}`);
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { error: expect.any(String), parameter: query.split('=')[0], restriction: expect.any(String) },
      });
    },
  );

  it('S-131 clamps what is too large', async () => {
    expect((await world.as.admin('GET', '/oauth_auths?limit=999999999')).status).toBe(200);
    expect((await world.as.admin('GET', '/oauth_auths?offset=999999999')).headers['content-range']).toBe(
      'oauth_strat 1000000-1000000/5',
    );
  });

  it.each([
    ['', 5],
    ['*', 5],
    ['...', 5],
    ['and', 5],
    ['source', 5],
    ['sourc', 5],
    ['sourc 9', 0],
    ['SOURCE', 5],
    ['ource', 0],
    ['3', 1],
    ['3 4', 2],
    ['name:3', 1],
    ['zzz fiv', 5],
    ['foreign', 0],
    ['%', 5],
    ['fiv[', 5],
    ['fi[ve', 0],
  ])('searches %j and finds %i', async (q, count) => {
    const { headers } = await world.as.admin('GET', `/oauth_auths?q=${encodeURIComponent(q)}`);
    expect(headers['x-total-count']).toBe(String(count));
  });

  it('finds by id', async () => {
    const [first] = (await world.as.admin('GET', '/oauth_auths?limit=1')).body;
    const { body } = await world.as.admin('GET', `/oauth_auths?q=${encodeURIComponent(first.id)}`);
    expect(body.map((each: { id: string }) => each.id)).toContain(first.id);
  });

  it('reads at most sixteen words of 512 characters, and an address as one word', () => {
    expect(searchWords('a '.repeat(100))).toHaveLength(16);
    expect(searchWords('x'.repeat(1000))[0]).toHaveLength(512);
    expect(searchWords('mail jane.doe@corp.example or x')).toEqual(['mail', 'jane.doe@corp.example', 'x']);
  });

  it('S-45 narrows to one domain, and does not know a foreign one', async () => {
    const own = await world.as.admin('GET', `/oauth_auths?authority_id=${world.a.id}`);
    expect(own.headers['x-total-count']).toBe('5');
    expect((await world.as.admin('GET', `/oauth_auths?authority_id=${world.b.id}`)).status).toBe(404);
    const all = await world.as.platform('GET', '/oauth_auths');
    expect(all.headers['x-total-count']).toBe('6');
    const one = await world.as.platform('GET', `/oauth_auths?authority_id=${world.b.id}`);
    expect(one.body.map((each: { name: string }) => each.name)).toEqual(['Foreign source']);
  });
});

describe('requests and refusals (contract 3.1)', () => {
  const path = (): string => `/domains/${world.a.id}`;

  it('takes collections with and without a slash at the end', async () => {
    expect((await world.as.admin('GET', '/oauth_auths/')).status).toBe(200);
    expect((await world.anonymous(world.a)('GET', '/api/engine/v2')).status).toBe(200);
    expect(await world.anonymous(world.a)('GET', '/api/engine/v2/')).toMatchObject({ status: 200, text: '' });
    expect((await world.as.admin('HEAD', '/oauth_auths')).status).toBe(200);
  });

  it('serves and takes only JSON', async () => {
    const get = (accept: string) => world.as.admin('GET', '/oauth_auths', { headers: { accept } });
    for (const accept of [
      '*/*',
      'application/json',
      'application/json, text/plain, */*',
      'text/html, */*;q=0.8',
    ]) {
      expect((await get(accept)).status).toBe(200);
    }
    expect(await get('text/html')).toMatchObject({ status: 406, body: { accepts: ['application/json'] } });
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await world.as.admin('PATCH', path(), { raw: '{}', headers: { 'content-type': type } });
      expect(answer).toMatchObject({ status: 415, body: { accepts: ['application/json'] } });
    }
    const charset = { 'content-type': 'application/json; charset=utf-8' };
    expect((await world.as.admin('PATCH', path(), { raw: '{}', headers: charset })).status).toBe(200);
  });

  it.each([
    ['{', 400],
    ['', 400],
    ['[]', 400],
    ['null', 400],
    ['"x"', 400],
    [`${'['.repeat(40)}${']'.repeat(40)}`, 400],
    [`{"config":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`, 400],
    ['{"description":"\\u0000"}', 400],
    ['{"description":"\\ud800"}', 400],
    [`{"description":"${'x'.repeat(300_000)}"}`, 413],
  ] as [string, number][])('S-131 refuses the body %j', async (raw, status) => {
    expect((await world.as.admin('PATCH', path(), { raw })).status).toBe(status);
  });

  it('S-132 changes nothing by __proto__ and constructor, now or later', async () => {
    const raw = `{"__proto__":{"sys_admin":true,"name":"proto"},"constructor":{"prototype":{"name":"x"}},"description":"d"}`;
    expect((await world.as.admin('PATCH', path(), { raw })).body).toMatchObject({
      name: 'Alpha',
      description: 'd',
    });
    expect(({} as { sys_admin?: boolean }).sys_admin).toBeUndefined();
    expect((await world.as.user('GET', '/domains')).status).toBe(403);
    const nested = await world.as.admin('PATCH', path(), {
      raw: '{"config":{"__proto__":{"x":1},"kept":1}}',
    });
    expect(nested.body.config).toEqual({ kept: 1 });
  });

  it('S-132 ignores unknown and read-only members', async () => {
    const before = (await world.as.admin('GET', path())).body;
    const { status, body } = await world.as.admin('PATCH', `${path()}?version=17`, {
      json: { id: 'x', created_at: 1, updated_at: 1, version: 9, type: 't', nonsense: {}, host: 'evil.test' },
    });
    expect({ status, body }).toEqual({ status: 200, body: before });
  });

  it('says 404 for what is not there, with and without a credential, S-108 the proxy included', async () => {
    for (const call of [world.as.admin, world.anonymous(world.a)]) {
      for (const unknown of ['/proxy?url=http://127.0.0.1/', '/nonsense', '/admin_consent/x']) {
        expect((await call('GET', unknown)).status).toBe(404);
      }
    }
    const missing = await world.as.admin('GET', '/api_keys/nobody');
    expect(missing).toMatchObject({ status: 404, body: { error: 'Key not present: nobody' } });
  });

  it('repeats a well-formed request id and makes one otherwise (S-141)', async () => {
    const given = await world.as.admin('GET', '/version', { headers: { 'x-request-id': 'abc-12345678' } });
    expect(given.headers['x-request-id']).toBe('abc-12345678');
    const odd = await world.as.admin('GET', '/version', { headers: { 'x-request-id': 'a b"c' } });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('makes names plain, whatever the markup', () => {
    expect(plainName('a <b>b</b> c')).toBe('a b c');
    expect(plainName('<<b>script>x')).not.toMatch(/<[a-z]/i);
    expect(plainName('<img src=x onerror=alert(1)')).not.toContain('<');
    expect(plainName('1 < 2 & 3 > 2')).toBe('1 < 2 & 3 > 2');
  });
});

describe('platform (contract 3.2)', () => {
  it('answers what Backoffice asks for', async () => {
    const version = await world.as.user('GET', '/version');
    expect(Object.keys(version.body).sort()).toEqual([
      'build_time',
      'commit',
      'platform_version',
      'service',
      'version',
    ]);
    expect(typeof (await world.as.user('GET', '/platform')).body.changelog).toBe('string');
    expect((await world.as.user('GET', '/cluster/versions')).body).toHaveLength(1);
    const scopes = (await world.as.user('GET', '/scopes')).body;
    expect(scopes[0]).toBe('public');
    expect(scopes).toContain('o_auth_authentications.write');
    for (const path of [
      'systems?q=',
      'zones?q=',
      'modules?q=',
      'drivers?update_available=true&limit=1',
      'repositories',
      'repositories/interfaces',
      'triggers',
      'brokers',
      'edges',
      'cluster?include_status=true',
      'schema',
      'storages',
      'settings?parent_id=x',
    ]) {
      const { status, body, headers } = await world.as.user('GET', `/${path}`);
      expect({ path, status, body, total: headers['x-total-count'] }).toEqual({
        path,
        status: 200,
        body: [],
        total: '0',
      });
    }
    expect((await world.as.user('GET', '/systems/sys-x')).status).toBe(404);
  });

  it('accepts reindex, backfill and signal without effect', async () => {
    for (const path of ['/reindex?backfill=true', '/backfill', '/signal?channel=x']) {
      expect(await world.as.admin('POST', path)).toMatchObject({ status: 200, text: '' });
    }
    expect((await world.as.user('POST', '/reindex')).status).toBe(403);
  });

  it('answers an empty list of tenants to administrators', async () => {
    expect((await world.as.admin('GET', '/api/staff/v1/tenants')).body).toEqual([]);
    expect((await world.as.user('GET', '/api/staff/v1/tenants')).status).toBe(403);
    expect((await world.anonymous(world.a)('GET', '/api/staff/v1/tenants')).status).toBe(401);
  });
});
