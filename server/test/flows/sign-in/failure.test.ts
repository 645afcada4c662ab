import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Browser } from '../../support/browser.ts';
import { expectRefusedBrowser, expectSignedIn } from '../../support/expectations.ts';
import { type Broker, startBroker } from './broker.ts';

let broker: Broker;
const browserOf = () => broker.foyer.browser(broker.domain.host);
const incidentIn = ({ body }: Answer): string => /failure\?id=([2-9a-z]{8})/.exec(body)?.[1] ?? '';
const adminBrowser = async (): Promise<Browser> => {
  const browser = browserOf();
  broker.provider.next({ id: 'admin', email: 'admin@example.com' });
  expectSignedIn(await broker.signIn(browser));
  await broker.foyer.services.db.kysely
    .updateTable('users')
    .set({ sys_admin: true })
    .where('email_canonical', '=', 'admin@example.com')
    .execute();
  return browser;
};

beforeAll(async () => {
  broker = await startBroker();
});
beforeEach(() => {
  broker.provider.refuseWith = undefined;
});
afterAll(() => broker.close());

describe('a failed sign-in', () => {
  it('shows a short id and what the person can do, and nothing of the cause', async () => {
    const source = await broker.addSource(broker.domain, { settings: { client_secret: 'wrong' } });
    const answer = await broker.signIn(browserOf(), { source });
    expectRefusedBrowser(answer, 'upstream_refused');
    const incident = incidentIn(answer);
    expect(incident).toMatch(/^[2-9a-z]{8}$/);
    expect(answer.body).not.toContain('client_secret');
    const page = await browserOf().get(`/auth/failure?id=${incident}`);
    expect(page.status).toBe(200);
    expect(page.body).toContain(incident);
    expect(page.body).not.toContain('invalid_client');
  });

  it('shows an administrator of the domain the cause, who mends it, and the field', async () => {
    const source = await broker.addSource(broker.domain, { settings: { client_secret: 'wrong' } });
    const incident = incidentIn(await broker.signIn(browserOf(), { source }));
    const admin = await adminBrowser();
    const page = await admin.get(`/auth/failure?id=${incident}`);
    expect(page.body).toContain('client_secret');
    expect(page.body).toContain('invalid_client');
    expect(page.body).toContain('Who mends it');
    const trace = `/backoffice/domains/${broker.domain.id}/authentication/attempts/${incident}`;
    expect(page.body).toContain(`href="${trace}"`);
    expect((await browserOf().get(`/auth/failure?id=${incident}`)).body).not.toContain('/backoffice/');
    expect(page.body).toContain(source.id);
  });

  it('explains an error of OAuth2 in the words of the provider that the source is set to', async () => {
    const source = await broker.addSource(broker.domain, {
      settings: {
        authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
        token_url: 'https://oauth2.googleapis.com/token',
      },
    });
    const browser = browserOf();
    const { location } = await browser.get(`/auth/oauth2?id=${source.id}`);
    const state = new URL(location).searchParams.get('state');
    const back = `/auth/oauth2/callback?id=${source.id}&state=${state}&error=invalid_client`;
    const incident = incidentIn(await browser.get(back));
    const page = await (await adminBrowser()).get(`/auth/failure?id=${incident}`);
    expect(page.body).toContain('Google Cloud console');
    broker.provider.refuseWith = { error: 'invalid_client' };
    const plain = incidentIn(await broker.signIn(browserOf()));
    broker.provider.refuseWith = undefined;
    expect((await (await adminBrowser()).get(`/auth/failure?id=${plain}`)).body).not.toContain('Google');
  });

  it('S-39 is not found at another domain', async () => {
    broker.provider.refuseWith = { error: 'access_denied' };
    const incident = incidentIn(await broker.signIn(browserOf()));
    const other = await broker.foyer.seedDomain();
    const there = broker.foyer.browser(other.host);
    expectRefusedBrowser(await there.get(`/auth/failure?id=${incident}`), 'not_found');
    expectRefusedBrowser(await browserOf().get('/auth/failure?id=zzzzzzzz'), 'not_found');
    expectRefusedBrowser(await browserOf().get("/auth/failure?id='or 1=1--"), 'not_found');
  });

  it('S-13 S-143 shows what a provider wrote as inert text', async () => {
    broker.provider.refuseWith = {
      error: 'server_error',
      error_description: '<img src=x onerror=alert(1)>"\'',
    };
    const incident = incidentIn(await broker.signIn(browserOf()));
    broker.provider.refuseWith = undefined;
    const page = await (await adminBrowser()).get(`/auth/failure?id=${incident}`);
    expect(page.body).not.toContain('<img');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('answers JSON to those who ask for it', async () => {
    const answer = await browserOf().get('/auth/oauth2?id=unknown', {
      headers: { accept: 'application/json' },
    });
    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({
      error: 'source_not_found',
      request_id: expect.any(String),
      incident: expect.stringMatching(/^[2-9a-z]{8}$/),
    });
  });

  it('says nothing of the parameters of PlaceOS’ old failure page', async () => {
    const page = await browserOf().get('/auth/failure?message=canary&strategy=oauth2');
    expect(page.status).toBe(200);
    expect(page.body).not.toContain('canary');
  });
});
