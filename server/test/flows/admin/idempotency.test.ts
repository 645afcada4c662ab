import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const source = () => ({ name: 'S', authority_id: world.a.id, client_id: '', site: '', scope: '' });
const post = (key: string, json: object, path = '/oauth_auths', role: 'admin' | 'platform' = 'admin') =>
  world.as[role]('POST', path, { json, headers: { 'idempotency-key': key } });

describe('R-14 Idempotency-Key', () => {
  it('makes one of ten equal requests at once, and answers all ten alike', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('ten', source())));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect((await world.as.admin('GET', '/oauth_auths')).headers['x-total-count']).toBe('1');
  });

  it('refuses the same key with another body', async () => {
    const answer = await post('ten', { ...source(), name: 'other' });
    expect(answer).toMatchObject({ status: 422, body: { failures: [{ field: 'Idempotency-Key' }] } });
  });

  it('shows a key that is shown once to its maker again, and stores it sealed', async () => {
    const json = { name: 'k', user_id: world.users.user };
    const first = await post('key', json, '/api_keys');
    const second = await post('key', json, '/api_keys');
    expect(second.body.x_api_key).toBe(first.body.x_api_key);
    expect(second.headers['idempotent-replayed']).toBe('true');
    const rows = await world.foyer.services.db.kysely.selectFrom('idempotency_keys').selectAll().execute();
    const secret = first.body.x_api_key.split('.')[1];
    for (const { answer_sealed } of rows) {
      expect(Buffer.from(answer_sealed ?? '').toString('latin1')).not.toContain(secret);
    }
  });

  it('belongs to its caller', async () => {
    const mine = await post('shared', source());
    const theirs = await post('shared', source(), '/oauth_auths', 'platform');
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it('may be used again after a refusal, because nothing was done', async () => {
    expect((await post('refused', { name: '' })).status).toBe(422);
    expect((await post('refused', source())).status).toBe(201);
  });

  it('means nothing on requests that may be repeated anyway', async () => {
    const headers = { 'idempotency-key': 'get' };
    expect((await world.as.admin('GET', '/oauth_auths', { headers })).status).toBe(200);
    expect((await world.as.admin('GET', '/ldap_auths', { headers })).status).toBe(200);
  });

  it('forgets after a day', async () => {
    const { kysely } = world.foyer.services.db;
    const first = await post('day', source());
    await kysely
      .updateTable('idempotency_keys')
      .set({ expires_at: new Date(0) })
      .execute();
    const later = await post('day', source());
    expect(later.body.id).not.toBe(first.body.id);
  });
});
