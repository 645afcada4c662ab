import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loginUrlOf } from '#model/domains/default-source.ts';
import { digestOf } from '../../account/local-person.ts';
import { openWorld, type World } from '../engine-world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.foyer.close());

const long = 'a long enough passphrase';
const row = (id: string) =>
  world.foyer.services.db.kysely
    .selectFrom('users')
    .select(['break_glass', 'sys_admin'])
    .where('id', '=', id)
    .executeTakeFirst();
const change = (id: string, json: Record<string, unknown>, as: keyof World['as'] = 'admin') =>
  world.as[as]('PATCH', `/users/${id}`, { json });
const seedAdmin = async (fields = {}) =>
  world.foyer.seedUser(world.a, {
    sys_admin: true,
    break_glass: true,
    password_digest: await digestOf(),
    ...fields,
  });
/** Without passwords for all, and with a default source. */
const closeDomain = async (): Promise<void> => {
  const source = await world.foyer.seedSource(world.a);
  const { status } = await world.as.platform('PATCH', `/domains/${world.a.id}`, {
    json: { password_sign_in: false, login_url: loginUrlOf(source) },
  });
  expect(status).toBe(200);
};

describe('the flag of a break-glass account', () => {
  it('is set on an administrator with a password, shown to administrators, and audited', async () => {
    const { admin } = world.users;
    const answer = await change(admin, { password: long, break_glass: true }, 'platform');
    expect(answer).toMatchObject({ status: 200, body: { break_glass: true, password_set: true } });
    expect((await world.as.user('GET', `/users/${admin}`)).text).not.toContain('break_glass');
    const audited = await world.foyer.services.db.kysely
      .selectFrom('audit')
      .select(['action', 'fields'])
      .where('target', '=', admin)
      .execute();
    expect(audited).toEqual([{ action: 'user.update', fields: ['password', 'breakGlass'] }]);
  });

  it.each([
    ['who has no password', {}, 'admin'],
    ['who is no administrator', { password: long }, 'user'],
    ['who stops being one', { password: long, sys_admin: false }, 'admin'],
  ] as const)('is refused for somebody %s', async (_who, json, user) => {
    const id = world.users[user];
    const answer = await change(id, { ...json, break_glass: true }, 'platform');
    expect(answer.status).toBe(422);
    expect(answer.body.failures).toEqual([
      { field: 'break_glass', reason: 'is for administrators with a local password' },
    ]);
    expect(await row(id)).toMatchObject({ break_glass: false });
  });

  it('comes with a new person only under the same rule', async () => {
    const json = { name: 'New', email: 'new@a.test', break_glass: true, sys_admin: true };
    expect((await world.as.admin('POST', '/users', { json })).status).toBe(422);
    const made = await world.as.admin('POST', '/users', { json: { ...json, password: long } });
    expect(made).toMatchObject({ status: 201, body: { break_glass: true } });
  });

  it('S-45 is not set by people themselves, nor on those who rank above', async () => {
    const id = await world.foyer.seedUser(world.a, { password_digest: await digestOf() });
    expect((await change(id, { break_glass: true }, 'support')).status).toBe(200);
    expect(await row(id)).toMatchObject({ break_glass: false });
    expect((await change(world.users.platform, { break_glass: true }, 'admin')).status).toBe(403);
  });

  it('goes with the rank', async () => {
    const id = await seedAdmin();
    expect((await change(id, { sys_admin: false })).body).toMatchObject({ break_glass: false });
    expect(await row(id)).toEqual({ break_glass: false, sys_admin: false });
  });

  it('goes with the password', async () => {
    const id = await seedAdmin();
    const source = await world.foyer.seedSource(world.a);
    await world.foyer.services.db.kysely
      .insertInto('identities')
      .values({ domain_id: world.a.id, source_id: source.id, issuer: '', subject: 's', user_id: id })
      .execute();
    expect((await change(id, { password: null })).body).toMatchObject({
      break_glass: false,
      password_set: false,
    });
  });
});

describe('the last break-glass account of a domain with a default source', () => {
  it.each([
    ['deleted', (id: string) => world.as.admin('DELETE', `/users/${id}`)],
    ['disabled', (id: string) => change(id, { disabled: true })],
    ['demoted', (id: string) => change(id, { sys_admin: false })],
    ['unflagged', (id: string) => change(id, { break_glass: false })],
  ])('is not %s', async (_what, act) => {
    const id = await seedAdmin();
    await closeDomain();
    const answer = await act(id);
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body.error).toContain('the last administrator who could get in');
    expect(await row(id)).toEqual({ break_glass: true, sys_admin: true });
    await seedAdmin();
    expect((await act(id)).status).toBeLessThan(300);
  });

  it('may go where people choose how to sign in', async () => {
    const id = await seedAdmin();
    expect((await world.as.admin('DELETE', `/users/${id}`)).status).toBe(202);
  });

  it('is one of two that are demoted at once', async () => {
    const ids = [await seedAdmin(), await seedAdmin()];
    await closeDomain();
    const answers = await Promise.all(ids.map((id) => change(id, { sys_admin: false })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('keeps a domain from ending its passwords when nobody else could get in', async () => {
    await seedAdmin({ break_glass: false });
    const source = await world.foyer.seedSource(world.a);
    const answer = await world.as.admin('PATCH', `/domains/${world.a.id}`, {
      json: { login_url: loginUrlOf(source), password_sign_in: false },
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});
