import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stylesheetPath } from '#base/http/assets.ts';
import type { Domain } from '#model/domains/domain.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
let domain: Domain;

beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain();
});
afterAll(() => foyer.close());

describe("Foyer's own pages", () => {
  it('have a stylesheet that browsers keep for a year, on hosts of no domain, too', async () => {
    const answer = await foyer.inject({ url: stylesheetPath, headers: { host: 'unknown.test' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    const old = await foyer.inject({
      url: '/auth/assets/foyer.css?v=old',
      headers: { host: 'unknown.test' },
    });
    expect(old.headers['cache-control']).toBe('public, max-age=300');
  });

  it('S-144 load nothing from elsewhere and show neither stack nor SQL', async () => {
    const broken = foyer.services.db.run;
    foyer.services.db.run = () => Promise.reject(new Error('select secret from users; at file.ts:1:1'));
    const answer = await foyer
      .browser(domain.host)
      .get('/login')
      .finally(() => {
        foyer.services.db.run = broken;
      });
    expect(answer.status).toBe(500);
    expect(answer.body).toContain('Something went wrong on our side.');
    expect(answer.body).not.toMatch(/select|file\.ts|secret/);
    const { body } = await foyer.browser(domain.host).get('/login');
    expect(body.match(/(?:src|href|action)="https?:/g)).toBeNull();
  });

  it('S-141 takes a request id from the caller only if it cannot forge a line', async () => {
    const idFor = async (given: string) =>
      (await foyer.inject({ url: '/healthz', headers: { 'x-request-id': given } })).headers['x-request-id'];
    expect(await idFor('abcdefgh-1234')).toBe('abcdefgh-1234');
    for (const bad of [
      'short',
      'a'.repeat(65),
      'abc def ghi',
      'abcdefgh\u2028',
      'abc_defghi',
      '<script>xx',
    ]) {
      expect(await idFor(bad)).not.toBe(bad);
    }
  });

  it('answers the icon that browsers ask for unasked', async () => {
    const answer = await foyer.inject({ url: '/favicon.ico' });
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'image/svg+xml' } });
  });

  it('S-39 an unknown host is a page with 404', async () => {
    const answer = await foyer.inject({
      url: '/login',
      headers: { host: 'unknown.test', accept: 'text/html' },
    });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toContain('domain_not_found');
  });
});
