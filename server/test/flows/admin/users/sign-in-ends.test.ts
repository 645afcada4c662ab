import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomToken, sha256 } from '#base/lib/ids.ts';
import { openWorld, type World } from '../engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const { oldPassword, newPassword } = { oldPassword: 'the old password 1', newPassword: 'the new password 2' };

const seedSession = async (userId: string): Promise<string> => {
  const publicId = randomToken(8);
  const later = new Date(Date.now() + 3_600_000);
  await world.foyer.services.db.kysely
    .insertInto('sessions')
    .values({
      domain_id: world.a.id,
      id_hash: sha256(randomToken()),
      public_id: publicId,
      user_id: userId,
      provider: 'internal',
      idle_expires_at: later,
      expires_at: later,
      ip: '192.0.2.1',
      user_agent: 'Browser',
    })
    .execute();
  return publicId;
};
const sessionsOf = async (userId: string): Promise<string[]> => {
  const { kysely } = world.foyer.services.db;
  const rows = await kysely
    .selectFrom('sessions')
    .select('public_id')
    .where('user_id', '=', userId)
    .execute();
  return rows.map((row) => row.public_id);
};
/** A person with a password, a session, a token and a key. */
const seedPerson = async () => {
  const digest = await world.foyer.services.passwords.digest(oldPassword);
  const id = await world.foyer.seedUser(world.a, { password_digest: digest });
  const session = await seedSession(id);
  const { token } = await world.makeToken(world.a, id);
  const byToken = world.withToken(world.a, token);
  const byKey = world.withKey(world.a, await world.makeKey(world.a, id));
  expect((await byToken('GET', '/users/current')).status).toBe(200);
  return { id, session, byToken, byKey };
};
const signsIn = async (id: string, password: string): Promise<boolean> => {
  const { db, passwords } = world.foyer.services;
  const row = await db.kysely.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  return passwords.verify(password, row.password_digest ?? undefined);
};

describe('passwords through the API (S-86)', () => {
  it('S-86 asks whoever is no administrator for the present one, and ends the other sessions', async () => {
    const { id, byToken, byKey } = await seedPerson();
    const change = (json: object) => byKey('PATCH', `/users/${id}`, { json });
    expect((await change({ password: newPassword })).body.failures).toEqual([
      { field: 'current_password', reason: 'is required' },
    ]);
    expect((await change({ password: newPassword, current_password: 'wrong one' })).body.failures).toEqual([
      { field: 'current_password', reason: 'is wrong' },
    ]);
    expect(await signsIn(id, oldPassword)).toBe(true);
    expect((await sessionsOf(id)).length).toBe(1);
    expect((await change({ password: newPassword, current_password: oldPassword })).status).toBe(200);
    expect(await signsIn(id, newPassword)).toBe(true);
    expect(await sessionsOf(id)).toEqual([]);
    expect((await byToken('GET', '/users/current')).status).toBe(401);
  });

  it('S-134 slows guessing of the present password down', async () => {
    const { id, byKey } = await seedPerson();
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) {
      const json = { password: newPassword, current_password: `guess ${i}` };
      statuses.push((await byKey('PATCH', `/users/${id}`, { json })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(422), 429]);
  });

  it('S-86 checks the present one of an administrator who says it', async () => {
    const digest = await world.foyer.services.passwords.digest(oldPassword);
    const id = await world.foyer.seedUser(world.a, { password_digest: digest, sys_admin: true });
    const own = world.withKey(world.a, await world.makeKey(world.a, id));
    const change = (current_password: string) =>
      own('PATCH', `/users/${id}`, { json: { password: newPassword, current_password } });
    expect((await change('wrong one')).body.failures).toEqual([
      { field: 'current_password', reason: 'is wrong' },
    ]);
    expect(await signsIn(id, oldPassword)).toBe(true);
    expect((await change(oldPassword)).status).toBe(200);
    expect(await signsIn(id, newPassword)).toBe(true);
  });

  it('an administrator resets without it; a blank one keeps, null ends, the last way to sign in stays', async () => {
    const { id } = await seedPerson();
    const reset = (json: object) => world.as.admin('PATCH', `/users/${id}`, { json });
    expect((await reset({ password: 'short' })).body.failures[0].field).toBe('password');
    expect((await reset({ password: '' })).status).toBe(200);
    expect(await signsIn(id, oldPassword)).toBe(true);
    expect((await reset({ password: newPassword })).status).toBe(200);
    expect(await signsIn(id, newPassword)).toBe(true);
    expect(await sessionsOf(id)).toEqual([]);
    // S-38
    expect((await reset({ password: null })).status).toBe(409);
    const source = await world.foyer.seedSource(world.a);
    await world.foyer.services.db.kysely
      .insertInto('identities')
      .values({ domain_id: world.a.id, source_id: source.id, issuer: 'i', subject: id, user_id: id })
      .execute();
    expect((await reset({ password: null })).status).toBe(200);
    expect(await signsIn(id, newPassword)).toBe(false);
  });

  it('S-95 keeps passwords out of answers and audit rows', async () => {
    const { id } = await seedPerson();
    const { text } = await world.as.admin('PATCH', `/users/${id}`, { json: { password: 'canary-canary-1' } });
    const audit = await world.foyer.services.db.kysely.selectFrom('audit').selectAll().execute();
    for (const each of [text, JSON.stringify(audit)]) {
      expect(each).not.toContain('canary');
      expect(each).not.toContain('argon2');
    }
  });
});

describe('disabling, deleting and reviving', () => {
  it('S-31 S-88 disabling ends sessions, tokens and keys at once, and reviving does not enable', async () => {
    const { id, byToken, byKey } = await seedPerson();
    const { body } = await world.as.admin('PATCH', `/users/${id}`, { json: { disabled: true } });
    expect(body.disabled).toBe(true);
    expect(await sessionsOf(id)).toEqual([]);
    for (const call of [byToken, byKey]) expect((await call('GET', '/users/current')).status).toBe(401);
    await world.as.admin('POST', `/users/${id}/revive`);
    expect((await world.as.admin('GET', `/users/${id}`)).body.disabled).toBe(true);
    await world.as.admin('PATCH', `/users/${id}`, { json: { disabled: false } });
    expect((await byKey('GET', '/users/current')).status).toBe(200);
    expect((await byToken('GET', '/users/current')).status).toBe(401);
  });

  it('deletes for good, with everything of the person, and writes one audit row', async () => {
    const { id, byToken, byKey } = await seedPerson();
    await byKey('PUT', `/metadata/${id}`, { json: { name: 'x', description: '', details: {} } });
    const answer = await world.as.support('DELETE', `/users/${id}`);
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 202, text: '' });
    for (const call of [byToken, byKey]) expect((await call('GET', '/users/current')).status).toBe(401);
    const { kysely } = world.foyer.services.db;
    for (const table of ['sessions', 'token_families', 'api_keys'] as const) {
      expect(await kysely.selectFrom(table).select('user_id').where('user_id', '=', id).execute()).toEqual(
        [],
      );
    }
    const documents = kysely.selectFrom('metadata').select('name').where('parent_id', '=', id);
    expect(await documents.execute()).toEqual([]);
    expect((await world.as.admin('GET', `/users/${id}`)).status).toBe(404);
    const audit = kysely.selectFrom('audit').select('action').where('target', '=', id);
    expect((await audit.execute()).map(({ action }) => action)).toContain('user.delete');
  });

  it('S-31 only marks where the domain says so, and revives', async () => {
    const { services } = world.foyer;
    await services.db.kysely
      .updateTable('domains')
      .set({ internals: JSON.stringify({ soft_delete: true }) })
      .where('id', '=', world.a.id)
      .execute();
    await services.changes.announce({ kind: 'domain', domainId: world.a.id });
    const { id, byToken, byKey } = await seedPerson();
    expect((await world.as.admin('DELETE', `/users/${id}`)).status).toBe(202);
    expect((await world.as.admin('GET', `/users/${id}`)).body.deleted).toBe(true);
    expect(await sessionsOf(id)).toEqual([]);
    for (const call of [byToken, byKey]) expect((await call('GET', '/users/current')).status).toBe(401);
    const revived = await world.as.support('POST', `/users/${id}/revive`);
    expect({ status: revived.status, text: revived.text }).toEqual({ status: 200, text: '' });
    expect((await byKey('GET', '/users/current')).status).toBe(200);
    expect((await byToken('GET', '/users/current')).status).toBe(401);
    expect((await world.as.admin('DELETE', `/users/${id}?force_removal=true`)).status).toBe(202);
    expect((await world.as.admin('GET', `/users/${id}`)).status).toBe(404);
  });
});

describe('sessions of a user (S-88)', () => {
  it('S-88 lists and ends them, by the person and by administrators', async () => {
    const { id, session, byKey, byToken } = await seedPerson();
    const second = await seedSession(id);
    const { status, body } = await byKey('GET', `/users/${id}/sessions`);
    expect(status).toBe(200);
    expect(body.map((each: { id: string }) => each.id).sort()).toEqual([session, second].sort());
    expect(body[0]).toEqual({
      id: expect.any(String),
      provider: 'internal',
      authenticated_at: expect.any(Number),
      created_at: expect.any(Number),
      last_seen_at: expect.any(Number),
      expires_at: expect.any(Number),
      ip: '192.0.2.1',
      user_agent: 'Browser',
      current: false,
    });
    expect((await byKey('DELETE', `/users/${id}/sessions/${second}`)).status).toBe(202);
    expect((await byKey('DELETE', `/users/${id}/sessions/${second}`)).status).toBe(404);
    expect(await sessionsOf(id)).toEqual([session]);
    for (const role of ['user', 'support'] as const) {
      expect((await world.as[role]('GET', `/users/${id}/sessions`)).status).toBe(403);
      expect((await world.as[role]('DELETE', `/users/${id}/sessions`)).status).toBe(403);
    }
    expect((await world.as.admin('DELETE', `/users/${id}/sessions`)).status).toBe(202);
    expect(await sessionsOf(id)).toEqual([]);
    expect((await byToken('GET', '/users/current')).status).toBe(401);
  });

  it('S-88 does not end another user’s session through one’s own path', async () => {
    const mine = await seedPerson();
    const theirs = await seedPerson();
    expect((await mine.byKey('DELETE', `/users/${mine.id}/sessions/${theirs.session}`)).status).toBe(404);
    expect(await sessionsOf(theirs.id)).toEqual([theirs.session]);
  });
});
