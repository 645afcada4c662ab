import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientIdOf } from '#base/lib/ids.ts';
import { isSecretOf } from '#model/applications/application.ts';
import { findClient } from '#model/applications/application-store.ts';
import { openWorld, type World } from '../engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

let n = 0;
const fresh = () => `https://app-${++n}.test/oauth-resp.html`;
const post = (json: object, role: keyof World['as'] = 'admin') =>
  world.as[role]('POST', '/oauth_apps', { json });
const make = async (more: object = {}) => {
  const redirect = fresh();
  const { status, body } = await post({
    owner_id: world.a.id,
    name: `App ${n}`,
    redirect_uri: redirect,
    ...more,
  });
  expect(status).toBe(201);
  return body;
};
const patch = (id: number, json: object, role: keyof World['as'] = 'admin') =>
  world.as[role]('PATCH', `/oauth_apps/${id}`, { json });
const auditOf = (id: number) =>
  world.foyer.services.db.kysely
    .selectFrom('audit')
    .selectAll()
    .where('application_id', '=', String(id))
    .orderBy('at')
    .execute();

describe('applications (contract 3.5, 6.5)', () => {
  it('takes exactly what the Backoffice form sends, blank scopes become the default', async () => {
    const { status, body } = await post({
      owner_id: world.a.id,
      name: 'backoffice',
      scopes: '',
      redirect_uri: 'https://portal.example.com/backoffice/oauth-resp.html',
      skip_authorization: true,
      preserve_client_id: false,
      updated_at: 0,
      version: 0,
    });
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        id: expect.any(Number),
        uid: 'becb5b058b7d691317a60f0a53981e44',
        secret: expect.stringMatching(/^[A-Za-z0-9_-]{54}$/),
        secret_set: true,
        name: 'backoffice',
        owner_id: world.a.id,
        redirect_uri: 'https://portal.example.com/backoffice/oauth-resp.html',
        scopes: 'public',
        confidential: false,
        skip_authorization: true,
        subsystems: [],
        legacy: { implicit: false, password: false, no_pkce: false, query_secrets: false },
        created_at: expect.any(Number),
        updated_at: expect.any(Number),
      },
    });
  });

  it.each([
    ['https://localhost:8443/backoffice/oauth-resp.html', 'b52e653071c45353dbff4e8f47d51cdf'],
    ['http://localhost:4200/oauth-resp.html', '0de3afb200b5eb82c9bb317c870665ab'],
    ['https://Portal.Example.com/App/oauth-resp.html', 'f3aa3e9602ac9d4557b5f15ef0edd294'],
  ])('D-39 names %s as clients do', async (redirect, uid) => {
    const { body } = await post({
      owner_id: world.a.id,
      name: redirect,
      redirect_uri: redirect,
      uid: 'mine',
    });
    expect(body).toMatchObject({ uid, redirect_uri: redirect });
  });

  it('S-69 S-94 shows the secret once; sending anything back keeps it', async () => {
    const made = await make({ secret: 'chosen by the caller' });
    expect(made.secret).not.toBe('chosen by the caller');
    for (const secret of ['', 'masked', undefined]) {
      const { status, body } = await patch(made.id, { ...made, secret, name: made.name });
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('secret');
    }
    const read = await world.as.admin('GET', `/oauth_apps/${made.id}`);
    const list = await world.as.admin('GET', '/oauth_apps');
    const { kysely } = world.foyer.services.db;
    const stored = JSON.stringify([
      await kysely.selectFrom('applications').selectAll().execute(),
      await kysely.selectFrom('audit').selectAll().execute(),
    ]);
    for (const text of [read.text, list.text, stored]) expect(text).not.toContain(made.secret);
    const client = await findClient(world.foyer.services.db, world.a.id, made.uid);
    expect(client && isSecretOf(client, made.secret)).toBe(true);
  });

  it('S-69 rotates with two live secrets, then ends the old one', async () => {
    const made = await make();
    const lives = async (secret: string) => {
      const client = await findClient(world.foyer.services.db, world.a.id, made.uid);
      return client !== undefined && isSecretOf(client, secret);
    };
    const rotated = await world.as.admin('POST', `/oauth_apps/${made.id}/secret`);
    expect(rotated).toMatchObject({ status: 201, body: { id: made.id, uid: made.uid } });
    expect(rotated.headers['cache-control']).toBe('no-store');
    const { secret } = rotated.body;
    expect([await lives(made.secret), await lives(secret)]).toEqual([true, true]);
    expect((await world.as.admin('DELETE', `/oauth_apps/${made.id}/secret`)).status).toBe(202);
    expect([await lives(made.secret), await lives(secret)]).toEqual([false, true]);
    for (const method of ['POST', 'DELETE']) {
      expect((await world.as.support(method, `/oauth_apps/${made.id}/secret`)).status).toBe(403);
      expect((await world.as.other(method, `/oauth_apps/${made.id}/secret`)).status).toBe(404);
    }
    expect((await auditOf(made.id)).map(({ action }) => action)).toEqual([
      'application.create',
      'application.secret_rotate',
      'application.secret_retire',
    ]);
  });

  it('D-39 moves the client id with the redirect URI, unless it is to be preserved', async () => {
    const made = await make();
    const [second, third] = [fresh(), fresh()];
    const moved = await patch(made.id, { ...made, redirect_uri: second, preserve_client_id: false });
    expect(moved.body.uid).toBe(clientIdOf(second));
    const kept = await patch(made.id, { ...made, redirect_uri: third, preserve_client_id: true });
    expect(kept.body).toMatchObject({ uid: clientIdOf(second), redirect_uri: third });
    // Nothing moves when the URI does not.
    expect((await patch(made.id, { redirect_uri: third, name: made.name })).body.uid).toBe(
      clientIdOf(second),
    );
    const { applications } = world.foyer.services;
    expect(await applications.byClientId(world.a.id, made.uid)).toBeUndefined();
    expect((await applications.byClientId(world.a.id, clientIdOf(second)))?.application.redirectUri).toBe(
      third,
    );
  });

  it('S-61 tells the caches of a change and of the end', async () => {
    const made = await make();
    const { applications } = world.foyer.services;
    const known = async () => (await applications.byClientId(world.a.id, made.uid))?.application;
    expect((await known())?.skipAuthorization).toBe(false);
    await patch(made.id, { skip_authorization: true });
    expect((await known())?.skipAuthorization).toBe(true);
    expect((await world.as.admin('DELETE', `/oauth_apps/${made.id}`)).status).toBe(202);
    expect(await known()).toBeUndefined();
    expect((await world.as.admin('GET', `/oauth_apps/${made.id}`)).status).toBe(404);
  });

  it('S-61 ends an application’s tokens with it', async () => {
    const { token, familyId } = await world.makeToken(world.a, world.users.user);
    const byToken = world.withToken(world.a, token);
    expect((await byToken('GET', '/users/current')).status).toBe(200);
    const { application_id: id } = await world.foyer.services.db.kysely
      .selectFrom('token_families')
      .select('application_id')
      .where('id', '=', familyId)
      .executeTakeFirstOrThrow();
    expect((await world.as.admin('DELETE', `/oauth_apps/${id}`)).status).toBe(202);
    expect((await byToken('GET', '/users/current')).status).toBe(401);
  });

  it.each([
    [{}, ['name', 'owner_id', 'redirect_uri']],
    [{ owner_id: null, name: 'x', redirect_uri: 'https://x.test/' }, ['owner_id']],
    [{ owner_id: 'A', name: '', redirect_uri: ' ' }, ['name', 'redirect_uri']],
    [{ owner_id: 'A', name: '<b></b>', redirect_uri: 'https://x.test/' }, ['name']],
    [{ owner_id: 'A', name: 'x', redirect_uri: 'https://x.test/', scopes: 'a"b' }, ['scopes']],
    ...[
      '/relative',
      'x.test',
      'https://x.test/#fragment',
      'https:x.test/',
      'https://user:pw@x.test/',
      'https://x.test/ javascript:alert(1)',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://x.test\\@y.test/',
      'https://exämple.test/',
      'urn:ietf:wg:oauth:2.0:oob',
    ].map((redirect_uri): [object, string[]] => [
      { owner_id: 'A', name: 'x', redirect_uri },
      ['redirect_uri'],
    ]),
  ])('S-54 refuses %j', async (json, fields) => {
    const owner = (json as { owner_id?: string }).owner_id === 'A' ? { owner_id: world.a.id } : {};
    const { status, body } = await post({ ...json, ...owner });
    expect({ status, fields: body.failures.map(({ field }: { field: string }) => field).sort() }).toEqual({
      status: 422,
      fields,
    });
  });

  it('keeps several redirect URIs, and those of native apps', async () => {
    const made = await make({ redirect_uri: ' https://multi.test/a \n com.example.app:/cb ' });
    expect(made).toMatchObject({
      redirect_uri: 'https://multi.test/a com.example.app:/cb',
      uid: clientIdOf('https://multi.test/a'),
    });
  });

  it('takes a name and a redirect URI once in a domain, under parallel tries', async () => {
    const redirect = fresh();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        post({ owner_id: world.a.id, name: `Parallel ${i}`, redirect_uri: redirect }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(5).fill(422)]);
    expect(answers.find(({ status }) => status === 422)?.body.failures).toEqual([
      { field: 'redirect_uri', reason: 'should be unique' },
    ]);
    const made = await make();
    const taken = await post({ owner_id: world.a.id, name: made.name, redirect_uri: fresh() });
    expect(taken.body.failures).toEqual([{ field: 'name', reason: 'should be unique' }]);
    // S-43: another domain may have the same.
    const there = await post(
      { owner_id: world.b.id, name: made.name, redirect_uri: made.redirect_uri },
      'other',
    );
    expect({ status: there.status, uid: there.body.uid }).toEqual({ status: 201, uid: made.uid });
  });

  it('S-45 does not know applications of other domains', async () => {
    const { body: theirs } = await post(
      { owner_id: world.b.id, name: 'Theirs', redirect_uri: fresh() },
      'other',
    );
    expect((await post({ owner_id: world.b.id, name: 'x', redirect_uri: fresh() })).status).toBe(404);
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      const options = method.startsWith('P') ? { json: { name: 'taken over' } } : {};
      expect((await world.as.admin(method, `/oauth_apps/${theirs.id}`, options)).status).toBe(404);
    }
    expect((await world.as.admin('GET', `/oauth_apps?authority_id=${world.b.id}`)).status).toBe(404);
    const list = await world.as.admin('GET', '/oauth_apps?limit=1000');
    expect(new Set(list.body.map((each: { owner_id: string }) => each.owner_id))).toEqual(
      new Set([world.a.id]),
    );
    expect((await world.as.other('GET', `/oauth_apps/${theirs.id}`)).body.name).toBe('Theirs');
    expect((await world.as.platform('GET', `/oauth_apps/${theirs.id}`)).status).toBe(200);
    // The owner cannot be changed afterwards.
    await patch(theirs.id, { owner_id: world.a.id, name: 'Theirs' }, 'platform');
    expect((await world.as.other('GET', `/oauth_apps/${theirs.id}`)).body.owner_id).toBe(world.b.id);
    for (const id of ['x', '1.5', '-1', '99999999999999999999', '0x1']) {
      expect((await world.as.admin('GET', `/oauth_apps/${id}`)).status).toBe(404);
    }
  });

  it('shows people without a role the applications that are open to all, without switches', async () => {
    const closed = await make({ subsystems: ['staff'] });
    const open = await make();
    const idsOf = async (role: keyof World['as']) =>
      (await world.as[role]('GET', '/oauth_apps?limit=1000')).body.map((each: { id: number }) => each.id);
    expect(await idsOf('support')).toEqual(expect.arrayContaining([closed.id, open.id]));
    const seen = await idsOf('user');
    expect(seen).toContain(open.id);
    expect(seen).not.toContain(closed.id);
    const { body, headers } = await world.as.user('GET', `/oauth_apps?q=${open.uid}`);
    expect(body).toHaveLength(1);
    expect(body[0]).not.toHaveProperty('legacy');
    expect(headers['content-range']).toBe('oauth_applications 0-1/1');
    expect((await world.as.user('GET', `/oauth_apps/${open.id}`)).status).toBe(403);
    expect((await world.as.support('GET', `/oauth_apps/${open.id}`)).status).toBe(403);
    expect((await post({ owner_id: world.a.id, name: 'x', redirect_uri: fresh() }, 'support')).status).toBe(
      403,
    );
  });

  it('S-137 audits legacy switches when they are turned on, one at a time, and forgets none', async () => {
    const made = await make({ legacy: { no_pkce: true } });
    await patch(made.id, { legacy: { implicit: true } });
    const { body } = await world.as.admin('GET', `/oauth_apps/${made.id}`);
    expect(body.legacy).toEqual({ implicit: true, password: false, no_pkce: true, query_secrets: false });
    await patch(made.id, { ...body, legacy: { ...body.legacy, no_pkce: false } });
    await patch(made.id, body.legacy);
    const rows = await auditOf(made.id);
    expect(rows.map(({ action, fields, detail }) => [action, fields, detail])).toEqual([
      ['application.create', expect.arrayContaining(['legacy']), { legacy_on: ['noPkce'] }],
      ['application.update', ['legacy'], { legacy_on: ['implicit'] }],
      ['application.update', ['legacy'], { legacy_on: [] }],
    ]);
  });

  it('R-14 answers 412 to a change of what somebody else has changed', async () => {
    const made = await make();
    const { headers } = await world.as.admin('GET', `/oauth_apps/${made.id}`);
    const change = (name: string) =>
      world.as.admin('PATCH', `/oauth_apps/${made.id}`, {
        json: { name },
        headers: { 'if-match': headers.etag ?? '' },
      });
    expect((await change('first one')).status).toBe(200);
    expect((await change('second one')).status).toBe(412);
  });
});
