import { afterAll, beforeAll, expect, it } from 'vitest';
import { listenForMetrics, type Metrics, observeRequests } from '#base/http/metrics.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
beforeAll(async () => {
  foyer = await startFoyer({ config: { metricsPort: 1 } });
});
afterAll(() => foyer.close());

it('R-09 counts sign-ins by provider and outcome, on a port of its own that serves nothing else', async () => {
  const domain = await foyer.seedDomain();
  const refused = await foyer.inject({
    method: 'POST',
    url: '/auth/signin',
    headers: { host: domain.host, origin: foyer.url(domain.host), 'content-type': 'application/json' },
    body: { email: 'nobody@example.test', password: 'wrong password' },
  });
  expect(refused.statusCode).toBe(401);
  const server = await listenForMetrics(foyer.services.metrics as Metrics, 0, '127.0.0.1');
  const { port } = server.address() as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await answer.text()).toContain(
    'foyer_sign_ins_total{provider="internal",outcome="bad_credentials"} 1',
  );
  expect((await fetch(`http://127.0.0.1:${port}/auth/authority`)).status).toBe(404);
  server.close();
});

it('names routes by their pattern, never by ids or queries', async () => {
  const other = await startFoyer({ sameStoreAs: foyer, config: { metricsPort: 1 } });
  const { default: Fastify } = await import('fastify');
  const app = Fastify();
  const metrics = other.services.metrics as Metrics;
  observeRequests(app, metrics);
  app.get('/things/:id', async () => ({}));
  await app.inject('/things/secret-id?code=secret-code');
  const text = await metrics.registry.metrics();
  expect(text).toContain('route="/things/:id"');
  expect(text).not.toContain('secret');
  await app.close();
  await other.close();
});
