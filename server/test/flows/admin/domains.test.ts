import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

describe('domains (contract 3.3, 6.1)', () => {
  it('S-45 lists every domain for the platform, only their own for others', async () => {
    const all = await world.as.platform('GET', '/domains?q=');
    expect(all.body.map((each: { name: string }) => each.name)).toEqual(['Alpha', 'Beta']);
    expect(all.headers['x-total-count']).toBe('2');
    expect(all.headers['content-range']).toBe('authority 0-2/2');
    for (const role of ['admin', 'support'] as const) {
      const own = await world.as[role]('GET', '/domains');
      expect(own.body.map((each: { id: string }) => each.id)).toEqual([world.a.id]);
    }
    expect(await world.as.user('GET', '/domains')).toMatchObject({ status: 403, text: '' });
  });

  it('6.1 answers exactly these fields', async () => {
    const { body, status } = await world.as.platform('GET', `/domains/${world.a.id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: world.a.id,
      name: 'Alpha',
      description: '',
      domain: 'a.test',
      login_url: '/login?continue={{url}}',
      logout_url: '/auth/logout',
      email_domains: [],
      config: {},
      internals: {},
      password_sign_in: true,
      session_idle_seconds: expect.any(Number),
      session_absolute_seconds: expect.any(Number),
      legacy: {},
      warning_emails: [],
      warning_webhook_url: '',
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
    });
  });

  it('S-52 keeps internals from everybody but the platform, and T-1 keeps them when others save', async () => {
    await world.as.platform('PATCH', `/domains/${world.a.id}`, {
      json: { internals: { 'oauth-strategy': 'canary-internal' } },
    });
    for (const role of ['admin', 'support'] as const) {
      for (const path of ['/domains', `/domains/${world.a.id}`]) {
        const { text } = await world.as[role]('GET', path);
        expect(text).not.toContain('canary-internal');
        expect(text).not.toContain('internals');
      }
    }
    const saved = await world.as.admin('PATCH', `/domains/${world.a.id}?version=0`, {
      json: { name: 'Alpha', internals: {}, config: { backoffice: { extend: 1 } } },
    });
    expect(saved.status).toBe(200);
    const { body } = await world.as.platform('GET', `/domains/${world.a.id}`);
    expect(body.internals).toEqual({ 'oauth-strategy': 'canary-internal' });
    expect(body.config).toEqual({ backoffice: { extend: 1 } });
    await world.as.platform('PATCH', `/domains/${world.a.id}`, { json: { internals: {}, config: {} } });
  });

  it('creates from what Backoffice sends, with defaults for blank URLs, and reduces a URL to its host', async () => {
    const { status, body } = await world.as.platform('POST', '/domains', {
      json: {
        updated_at: 0,
        version: 0,
        config: {},
        internals: {},
        name: 'New <b>one</b><img src=x onerror=alert(1)>',
        domain: 'https://New.Test:8443/path',
        login_url: '',
        logout_url: '',
        description: '',
        type: 'nonsense',
      },
    });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        name: 'New one',
        domain: 'new.test',
        login_url: '/login?continue={{url}}',
        logout_url: '/auth/logout',
        config: {},
      },
    });
    const again = await world.as.platform('POST', '/domains', { json: { name: 'x', domain: 'NEW.test' } });
    expect(again).toMatchObject({
      status: 422,
      body: { error: 'validation failed', failures: [{ field: 'domain', reason: 'should be unique' }] },
    });
    expect((await world.as.platform('DELETE', `/domains/${body.id}`)).status).toBe(202);
  });

  it('3.1 says what is missing: nulls alone, before blanks', async () => {
    const post = (json: unknown) => world.as.platform('POST', '/domains', { json });
    expect((await post({ name: null, domain: '' })).body.failures).toEqual([
      { field: 'name', reason: 'should not be nil' },
    ]);
    expect((await post({ name: '', domain: 'x.test' })).body.failures).toEqual([
      { field: 'name', reason: 'is required' },
    ]);
    expect((await post({ name: 'x', domain: 'no spaces' })).status).toBe(422);
    expect((await post([])).status).toBe(400);
    expect((await post({ name: 7, domain: 'x.test' })).status).toBe(422);
  });

  it.each([
    '//evil.test/x',
    'https://evil.test/{{url}}',
    'https://a.test.evil.test/',
    'https://user@a.test/',
    'https://a.test@evil.test/',
    'javascript:alert(1)',
    '/\\evil.test',
    '/a\tb',
    '/{{url}}',
    '/x?y={{url',
    'login',
    'https:a.test',
  ])('S-15 refuses the login URL %s', async (url) => {
    const answer = await world.as.admin('PATCH', `/domains/${world.a.id}`, { json: { login_url: url } });
    expect(answer.status).toBe(422);
    expect(answer.body.failures[0].field).toBe('login_url');
  });

  it.each([
    '/auth/login?provider=oauth2&id=oauth_strat-x&continue={{url}}',
    'https://a.test:8443/login?continue={{url}}',
  ])('S-15 takes the login URL %s', async (url) => {
    const answer = await world.as.admin('PATCH', `/domains/${world.a.id}`, { json: { login_url: url } });
    expect(answer).toMatchObject({ status: 200, body: { login_url: url } });
  });

  it('never stores a blank login URL', async () => {
    const answer = await world.as.admin('PATCH', `/domains/${world.a.id}`, { json: { login_url: '' } });
    expect(answer.body.login_url).toBe('/login?continue={{url}}');
  });

  it('S-45 lets only the platform move a domain to another host, add or delete one', async () => {
    const move = await world.as.admin('PUT', `/domains/${world.a.id}`, { json: { domain: 'other.test' } });
    expect(move).toMatchObject({ status: 422, body: { failures: [{ field: 'domain' }] } });
    expect(
      (await world.as.admin('PUT', `/domains/${world.a.id}`, { json: { domain: 'A.test' } })).status,
    ).toBe(200);
    const added = await world.as.admin('POST', '/domains', { json: { name: 'x', domain: 'x.test' } });
    expect(added).toMatchObject({ status: 403, text: '' });
    expect((await world.as.admin('DELETE', `/domains/${world.a.id}`)).status).toBe(403);
  });

  it('S-137 writes who changed which fields, and no values', async () => {
    await world.as.admin('PATCH', `/domains/${world.a.id}`, {
      json: { description: 'secret words', legacy: { embedded_apps: true } },
    });
    const rows = await world.foyer.services.db.kysely
      .selectFrom('audit')
      .selectAll()
      .where('domain_id', '=', world.a.id)
      .where('action', '=', 'domain.update')
      .orderBy('at', 'desc')
      .execute();
    expect(rows[0]).toMatchObject({
      actor_kind: 'api_key',
      target: world.a.id,
      fields: ['description', 'legacy'],
      detail: { legacy_on: ['embeddedApps'] },
      request_id: expect.any(String),
    });
    expect(JSON.stringify(rows)).not.toContain('secret words');
  });

  it('is seen by the next request on this domain', async () => {
    await world.foyer.services.domains.byHost('b.test');
    await world.as.platform('PATCH', `/domains/${world.b.id}`, { json: { domain: 'moved.test' } });
    expect(await world.foyer.services.domains.byHost('b.test')).toBeUndefined();
    expect(await world.foyer.services.domains.byHost('moved.test')).toMatchObject({ id: world.b.id });
    await world.as.platform('PATCH', `/domains/${world.b.id}`, { json: { domain: 'b.test' } });
  });

  it('R-14 refuses a save over a version that the client has not seen', async () => {
    const read = await world.as.admin('GET', `/domains/${world.a.id}`);
    const ifMatch = { 'if-match': String(read.headers.etag) };
    const path = `/domains/${world.a.id}`;
    const first = await world.as.admin('PATCH', path, { json: { description: 'one' }, headers: ifMatch });
    expect(first.status).toBe(200);
    const second = await world.as.admin('PATCH', path, { json: { description: 'two' }, headers: ifMatch });
    expect(second.status).toBe(412);
    expect((await world.as.admin('GET', path)).body.description).toBe('one');
  });

  it('keeps the session length that PlaceOS writes among the internals', async () => {
    const { body } = await world.as.platform('PATCH', `/domains/${world.b.id}`, {
      json: { internals: { session_timeout: '30', unknown: { kept: [1] } } },
    });
    expect(body).toMatchObject({
      session_absolute_seconds: 1800,
      session_idle_seconds: 1800,
      internals: { session_timeout: '30', unknown: { kept: [1] } },
    });
  });
});

describe('look-up of a domain by e-mail (S-50, D-44)', () => {
  it('answers a quoted host to anyone, with or without the slash that ts-client forgets', async () => {
    await world.as.platform('PATCH', `/domains/${world.a.id}`, { json: { email_domains: ['Corp.Example'] } });
    const anyone = world.anonymous(world.b);
    for (const path of ['/api/engine/v2/domains/lookup/', '/api/engine/v2domains/lookup/']) {
      const { status, text, headers } = await anyone('GET', `${path}someone@CORP.example`);
      expect({ status, text }).toEqual({ status: 200, text: '"a.test"' });
      expect(headers['content-type']).toContain('application/json');
    }
  });

  it.each(['x@unknown.example', 'corp.example', 'x@', "x@corp.example'--", 'x@{corp.example}', 'x@%25'])(
    'answers 404 for %s',
    async (email) => {
      const path = `/domains/lookup/${encodeURIComponent(email)}`;
      const { status, body } = await world.anonymous(world.a)('GET', path);
      expect({ status, error: body.error }).toEqual({ status: 404, error: 'No matching domain found' });
    },
  );

  it('keeps an e-mail domain to one domain', async () => {
    const answer = await world.as.other('PATCH', `/domains/${world.b.id}`, {
      json: { email_domains: ['corp.example'] },
    });
    expect(answer.body.failures).toEqual([{ field: 'email_domains', reason: 'should be unique' }]);
  });

  it('is limited for each address', async () => {
    const ask = async (ip: string) =>
      (await world.anonymous(world.a)('GET', '/domains/lookup/x@nowhere.example', { ip })).status;
    const statuses: number[] = [];
    for (let i = 0; i < 61; i++) statuses.push(await ask('203.0.113.7'));
    expect(statuses.slice(0, 60)).toEqual(Array(60).fill(404));
    expect(statuses[60]).toBe(429);
    expect(await ask('203.0.113.8')).toBe(404);
  });
});

describe('deleting a domain (S-51)', () => {
  it('refuses to delete the last administrator of the installation', async () => {
    const answer = await world.as.platform('DELETE', `/domains/${world.a.id}`);
    expect(answer.status).toBe(409);
    expect((await world.as.platform('GET', '/domains')).body).toHaveLength(2);
  });

  it('ends every credential of it at once; the same host later inherits nothing', async () => {
    const { foyer } = world;
    const doomed = await foyer.seedDomain({ host: 'doomed.test' });
    const userId = await foyer.seedUser(doomed, { sys_admin: true });
    const key = world.withKey(doomed, await world.makeKey(doomed, userId));
    const { token } = await world.makeToken(doomed, userId);
    await foyer.seedSource(doomed);
    expect((await key('GET', '/api_keys/inspect')).status).toBe(200);
    expect((await world.withToken(doomed, token)('GET', '/api_keys/inspect')).status).toBe(200);
    expect((await world.as.platform('DELETE', `/domains/${doomed.id}`)).status).toBe(202);
    expect((await key('GET', '/api_keys/inspect')).status).toBe(404);
    const again = await foyer.seedDomain({ host: 'doomed.test' });
    expect((await key('GET', '/api_keys/inspect')).status).toBe(401);
    expect((await world.withToken(again, token)('GET', '/api_keys/inspect')).status).toBe(401);
    const left = await foyer.services.db.kysely
      .selectFrom('data_keys')
      .select('domain_id')
      .where('domain_id', '=', doomed.id)
      .execute();
    expect(left).toEqual([]);
  });
});
