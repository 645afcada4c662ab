import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

describe('OpenAPI', () => {
  it('describes every route, its rule of access and its refusals', async () => {
    const { body } = await world.anonymous(world.a)('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const get = body.paths['/api/engine/v2/oauth_auths'].get;
    expect(get.description).toContain('o_auth_authentications');
    expect(get.parameters.map((each: { name: string }) => each.name)).toEqual([
      'q',
      'limit',
      'offset',
      'authority_id',
    ]);
    const post = body.paths['/api/engine/v2/oauth_auths'].post;
    expect(Object.keys(post.responses).sort()).toEqual(['201', '401', '403', '404', '422']);
    expect(post.requestBody.content['application/json'].schema.properties).toHaveProperty('client_secret');
    const answer = post.responses['201'].content['application/json'].schema.properties;
    expect(answer).not.toHaveProperty('client_secret');
    expect(answer).toHaveProperty('client_secret_set');
  });

  it('S-142 is readable at /docs, without script or foreign origin', async () => {
    const { status, text, headers } = await world.anonymous(world.a)('GET', '/docs');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/html');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).toContain('/api/engine/v2/api_keys/inspect');
    expect(text).not.toMatch(/<script|https?:\/\/(?!www\.w3)/);
  });
});
