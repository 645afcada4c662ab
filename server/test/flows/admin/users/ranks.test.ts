import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const rowOf = (id: string) =>
  world.foyer.services.db.kysely.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
const ranksOf = async (id: string) => {
  const row = await rowOf(id);
  return row && { sysAdmin: row.sys_admin, platformAdmin: row.platform_admin, support: row.support };
};
const patch = (role: keyof World['as'], id: string, json: object) =>
  world.as[role]('PATCH', `/users/${id}`, { json });

describe('ranks (S-45)', () => {
  it('S-45 a domain administrator makes administrators of the own domain, never of the installation', async () => {
    const id = await world.foyer.seedUser(world.a);
    expect((await patch('admin', id, { sys_admin: true, support: true })).body).toMatchObject({
      sys_admin: true,
      support: true,
    });
    expect((await patch('admin', id, { platform_admin: true })).status).toBe(403);
    expect((await patch('admin', world.users.admin, { platform_admin: true })).status).toBe(403);
    const created = await world.as.admin('POST', '/users', {
      json: { email: 'p@example.test', platform_admin: true },
    });
    expect(created.status).toBe(403);
    expect(await ranksOf(id)).toEqual({ sysAdmin: true, platformAdmin: false, support: true });
    expect(await ranksOf(world.users.admin)).toMatchObject({ platformAdmin: false });
  });

  it('S-45 does nothing to somebody above: rank, password, disabling, deleting', async () => {
    const above = world.users.platform;
    const before = await rowOf(above);
    for (const json of [
      { sys_admin: false },
      { platform_admin: false },
      { disabled: true },
      { password: 'taken over by the admin' },
    ]) {
      expect({ json, status: (await patch('admin', above, json)).status }).toEqual({ json, status: 403 });
    }
    expect((await world.as.admin('DELETE', `/users/${above}?force_removal=true`)).status).toBe(403);
    expect((await world.as.support('DELETE', `/users/${world.users.admin}`)).status).toBe(403);
    const taken = { password: 'taken over by support' };
    expect((await patch('support', world.users.admin, taken)).status).toBe(403);
    expect((await patch('support', world.users.user, taken)).status).toBe(403);
    expect(await rowOf(above)).toEqual(before);
    // What a console sends back unchanged is no change of rank.
    const { body } = await world.as.admin('GET', `/users/${above}`);
    expect((await patch('admin', above, { ...body, phone: '1' })).status).toBe(200);
    expect(await ranksOf(above)).toMatchObject({ sysAdmin: true, platformAdmin: true });
  });

  it('S-45 the last administrator of the installation stays: 409', async () => {
    const last = world.users.platform;
    for (const json of [{ sys_admin: false }, { platform_admin: false }, { disabled: true }]) {
      expect({ json, status: (await patch('platform', last, json)).status }).toEqual({ json, status: 409 });
    }
    for (const query of ['', '?force_removal=true']) {
      expect((await world.as.platform('DELETE', `/users/${last}${query}`)).status).toBe(409);
    }
    expect(await rowOf(last)).toMatchObject({ platform_admin: true, disabled_at: null, deleted_at: null });
  });

  it('takes both ranks with sys_admin: false, and leaves a domain administrator when told', async () => {
    const second = await world.foyer.seedUser(world.a);
    expect((await patch('platform', second, { platform_admin: true })).body).toMatchObject({
      sys_admin: true,
      platform_admin: true,
    });
    expect((await patch('platform', second, { sys_admin: true, platform_admin: false })).status).toBe(200);
    expect(await ranksOf(second)).toEqual({ sysAdmin: true, platformAdmin: false, support: false });
    await patch('platform', second, { platform_admin: true });
    expect((await patch('platform', second, { platform_admin: true, sys_admin: false })).status).toBe(422);
    expect((await patch('platform', second, { sys_admin: false })).body).toMatchObject({
      sys_admin: false,
      platform_admin: false,
    });
    expect(await ranksOf(second)).toEqual({ sysAdmin: false, platformAdmin: false, support: false });
  });

  it('S-45 of two administrators of the installation who leave at once, one stays', async () => {
    const second = await world.foyer.seedUser(world.a, { platform_admin: true });
    const answers = await Promise.all([
      patch('platform', second, { disabled: true }),
      patch('platform', world.users.platform, { disabled: true }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const rows = await Promise.all([rowOf(second), rowOf(world.users.platform)]);
    expect(rows.filter((row) => row?.disabled_at === null)).toHaveLength(1);
    await world.foyer.services.db.kysely
      .updateTable('users')
      .set({ disabled_at: null })
      .where('id', 'in', [second, world.users.platform])
      .execute();
  });

  it('a key with fewer permissions than its owner has their rank no more', async () => {
    const key = await world.makeKey(world.a, world.users.admin, { permissions: 'user' });
    const weak = world.withKey(world.a, key);
    const id = await world.foyer.seedUser(world.a);
    expect((await weak('PATCH', `/users/${id}`, { json: { phone: '1' } })).status).toBe(403);
    const own = await weak('PATCH', `/users/${world.users.admin}`, { json: { groups: ['x'], phone: '7' } });
    expect(own.body).toMatchObject({ phone: '7', groups: [] });
  });
});
