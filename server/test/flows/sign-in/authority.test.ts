import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from './broker.ts';

let broker: Broker;
const browserOf = () => broker.foyer.browser(broker.domain.host);

beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

describe('GET /auth/authority', () => {
  it('S-52 D-33 answers a fixed list of fields, and nothing of internals', async () => {
    const domain = await broker.foyer.seedDomain({
      description: 'd',
      config: { metrics: 'm' },
      internals: { default_callback_uri: 'canary-internals' },
      emailDomains: ['example.com'],
    });
    const answer = await broker.foyer.browser(domain.host).get('/auth/authority');
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toEqual({
      id: domain.id,
      name: domain.name,
      description: 'd',
      domain: domain.host,
      login_url: '/login?continue={{url}}',
      logout_url: '/auth/logout',
      config: { metrics: 'm' },
      email_domains: ['example.com'],
      version: 'v2.0.0',
      session: false,
      token_valid: false,
      production: true,
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(answer.body).not.toContain('canary');
  });

  it('R-09 is an empty 404 on an unknown host, and a 200 for a health check', async () => {
    const ask = (url: string) =>
      broker.foyer.inject({ method: 'GET', url, headers: { host: 'unknown.test' } });
    expect(await ask('/auth/authority')).toMatchObject({ statusCode: 404, body: '' });
    expect(await ask('/auth/authority?health')).toMatchObject({ statusCode: 200, body: '' });
  });

  it('S-89 takes malformed, oversized and repeated cookies for none', async () => {
    for (const cookie of [
      '__Host-foyer_session=x',
      `__Host-foyer_session=${'x'.repeat(5_000)}`,
      '=;;==;',
      'a=%ff',
    ]) {
      const answer = await broker.foyer.inject({
        method: 'GET',
        url: '/auth/authority',
        headers: { host: broker.domain.host, cookie },
      });
      expect(answer.json()).toMatchObject({ session: false });
    }
  });

  it('says that a token is not valid when it is not', async () => {
    const answer = await browserOf().get('/auth/authority', {
      headers: { authorization: 'Bearer nonsense' },
    });
    expect(answer.json()).toMatchObject({ token_valid: false });
  });

  it('T-11 answers absolute URLs on a port of its own', async () => {
    const foyer = await startBroker({ config: { publicUrl: new URL('http://localhost:3456') } });
    const answer = await foyer.foyer.browser(foyer.domain.host).get('/auth/authority');
    expect(answer.json()).toMatchObject({
      domain: foyer.domain.host,
      login_url: `http://${foyer.domain.host}:3456/login?continue={{url}}`,
      logout_url: `http://${foyer.domain.host}:3456/auth/logout`,
    });
    await foyer.close();
  });
});

describe('GET /auth/whoami', () => {
  it('is 401 without a session', async () => {
    const answer = await browserOf().get('/auth/whoami');
    expect(answer.status).toBe(401);
    expect(answer.json()).toEqual({ error: 'unauthorized' });
  });
});
