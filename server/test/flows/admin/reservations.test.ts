/** The id of a source before there is one, and the same id again after a reload of the console. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const reserve = (more: object = {}) =>
  world.as.admin('POST', '/sources/reservations', {
    json: { authority_id: world.a.id, kind: 'oauth2', ...more },
  });

describe('a reservation', () => {
  it('tells id and addresses, and the same ones again', async () => {
    const first = await reserve();
    expect(first).toMatchObject({
      status: 200,
      body: {
        id: expect.stringMatching(/^oauth_strat-/),
        callback_url: expect.stringContaining('/auth/oauth2/'),
      },
    });
    const { id, reservation } = first.body;
    expect(first.body.callback_url).toContain(id);
    expect((await reserve({ id, reservation })).body).toEqual(first.body);
    expect((await reserve()).body.id).not.toBe(id);
  });

  it('of another id, kind or domain is refused', async () => {
    const { id, reservation } = (await reserve()).body;
    const other = (await reserve()).body;
    for (const wrong of [
      { id: other.id, reservation },
      { id, reservation, kind: 'saml' },
    ]) {
      expect(await reserve(wrong)).toMatchObject({
        status: 422,
        body: { failures: [{ field: 'reservation' }] },
      });
    }
  });
});
