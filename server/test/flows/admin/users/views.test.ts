import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const publicKeys = [
  'id',
  'name',
  'email',
  'email_digest',
  'authority_id',
  'groups',
  'deleted',
  'locatable',
  'login_count',
  'work_preferences',
  'work_overrides',
  'created_at',
];
const adminKeys = [
  ...publicKeys,
  'sys_admin',
  'support',
  'ui_theme',
  'disabled',
  'break_glass',
  'password_set',
  'updated_at',
];
const keysOf = (body: object): string[] => Object.keys(body).sort();

describe('views of a user (contract 6.6)', () => {
  it.each([
    ['user', publicKeys],
    ['support', publicKeys],
    ['admin', adminKeys],
    ['platform', [...adminKeys, 'platform_admin']],
  ] as const)('shows %s exactly these members, absent ones left out', async (role, keys) => {
    const { status, body } = await world.as[role]('GET', `/users/${world.users.user}`);
    expect({ status, keys: keysOf(body) }).toEqual({ status: 200, keys: [...keys].sort() });
    const listed = await world.as[role]('GET', '/users?q=User');
    expect(keysOf(listed.body.find((each: { id: string }) => each.id === world.users.user))).toEqual(
      [...keys].sort(),
    );
  });

  it('has the types of the contract, and times in whole seconds', async () => {
    const { services } = world.foyer;
    const id = await world.foyer.seedUser(world.a, {
      email: 'Ann.Other@Example.test',
      first_name: 'Ann',
      staff_id: 's-1',
      misc: 'm',
      card_number: 'c-1',
      login_name: 'ann',
      groups: ['g'],
      last_login: new Date(1_700_000_000_999),
      password_digest: '$argon2id$canary',
      signed_out_at: services.clock.now(),
    });
    const { body, text } = await world.as.admin('GET', `/users/${id}`);
    expect(body).toEqual({
      id,
      name: 'Seeded Person',
      email: 'Ann.Other@Example.test',
      email_digest: createHash('md5').update('ann.other@example.test').digest('hex'),
      authority_id: world.a.id,
      first_name: 'Ann',
      staff_id: 's-1',
      groups: ['g'],
      deleted: false,
      locatable: false,
      login_count: 0,
      last_login: 1_700_000_000,
      work_preferences: [],
      work_overrides: {},
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
      sys_admin: false,
      support: false,
      misc: 'm',
      login_name: 'ann',
      card_number: 'c-1',
      ui_theme: 'light',
      disabled: false,
      break_glass: false,
      password_set: true,
    });
    expect(Number.isInteger(body.created_at)).toBe(true);
    expect(text).not.toContain('canary');
  });

  it('answers /users/current in the admin metadata view, whatever the role', async () => {
    const { status, body } = await world.as.user('GET', '/users/current');
    expect(status).toBe(200);
    expect(keysOf(body)).toEqual([...adminKeys, 'associated_metadata', 'subsystem_access'].sort());
    expect(body).toMatchObject({ id: world.users.user, sys_admin: false, subsystem_access: [] });
  });

  it('says sys_admin for both ranks of administrator', async () => {
    for (const role of ['admin', 'platform'] as const) {
      const { body } = await world.as[role]('GET', '/users/current');
      expect(body).toMatchObject({ sys_admin: true, support: false });
    }
    const hidden = await world.foyer.seedUser(world.a, { platform_admin: true });
    const { body } = await world.as.admin('GET', `/users/${hidden}`);
    expect(body.sys_admin).toBe(true);
    expect(body).not.toHaveProperty('platform_admin');
  });

  it('adds metadata by name when asked', async () => {
    const put = await world.as.user('PUT', `/metadata/${world.users.user}`, {
      json: { name: 'desk', description: '', details: { floor: 2 } },
    });
    expect(put.status).toBe(200);
    for (const path of [`/users/${world.users.user}?include_metadata=true`]) {
      const { body } = await world.as.user('GET', path);
      expect(body.associated_metadata).toMatchObject({ desk: { name: 'desk', details: { floor: 2 } } });
    }
    const list = await world.as.admin('GET', '/users?include_metadata=true');
    const row = list.body.find((each: { id: string }) => each.id === world.users.user);
    expect(row.associated_metadata.desk.details).toEqual({ floor: 2 });
    const named = await world.as.user('GET', `/users/${world.users.user}/metadata?name=desk`);
    expect(Object.keys(named.body)).toEqual(['desk']);
    expect((await world.as.user('GET', `/users/${world.users.user}/metadata?name=none`)).body).toEqual({});
  });
});
