/** Where an administrator of the provider lands after consenting for everybody, or refusing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openWorld, type World } from '../admin/engine-world.ts';

let world: World;
let reserved: { id: string; callback_url: string; consent_state: string };
beforeAll(async () => {
  world = await openWorld();
  const json = { authority_id: world.a.id, kind: 'oauth2' };
  reserved = (await world.as.admin('POST', '/sources/reservations', { json })).body;
});
afterAll(() => world.foyer.close());

const land = (params: Record<string, string>, { id = reserved.id, host = 'a.test', language = 'en' } = {}) =>
  world.foyer.inject({
    method: 'GET',
    url: `/auth/oauth2/callback?${new URLSearchParams({ id, ...params })}`,
    headers: { host, 'accept-language': language },
  });
const given = { admin_consent: 'True', tenant: '6babcaad-604b-40ac-a9d7-9fd97c0b779f' };
const rows = async () => {
  const { kysely } = world.foyer.services.db;
  await world.foyer.services.recorder.flush();
  const audit = await kysely.selectFrom('audit').selectAll().where('action', '=', 'sign_in').execute();
  const attempts = await kysely.selectFrom('sign_in_attempts').selectAll().execute();
  return audit.length + attempts.length;
};

describe('the end of an administrator’s consent', () => {
  it('says that it was given, for a source that is only reserved, and tells the console', async () => {
    const page = await land({ ...given, state: reserved.consent_state });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<h1>Consent was given</h1>');
    expect(page.body).toContain('You can close this window.');
    expect(page.body).toMatch(/<script src="\/auth\/assets\/consent\.js\?v=/);
    expect(page.headers['set-cookie']).toBeUndefined();
    const german = await land({ ...given, state: reserved.consent_state }, { language: 'de-AT,en;q=0.5' });
    expect(german.body).toContain('<html lang="de">');
    expect(german.body).toContain('Die Zustimmung wurde erteilt');
  });

  it('knows a stored source by the same state', async () => {
    const source = await world.foyer.seedSource(world.a, { name: 'Entra', enabled: false });
    const { body }: Answer = await world.as.admin('GET', `/sources/${source.id}`);
    const page = await land({ ...given, state: body.consent_state }, { id: source.id });
    expect(page.body).toContain('<h1>Consent was given</h1>');
  });

  it('gives the catalogue’s advice when it was refused, and nothing of the provider’s own words', async () => {
    const refused = {
      error: 'permission_denied',
      error_description: '<img src=x onerror=alert(1)> the admin canceled the request',
    };
    const page = await land({ ...refused, state: reserved.consent_state });
    expect(page.body).toContain('<h1>Consent was not given</h1>');
    expect(page.body).toContain('Consent for everybody was not given');
    expect(page.body).toContain('Global Administrator');
    expect(page.body).not.toContain('canceled the request');
    expect(page.body).not.toContain('<script');
    const german = await land({ ...refused, state: reserved.consent_state }, { language: 'de' });
    expect(german.body).toContain('Die Zustimmung für alle wurde nicht erteilt');
  });

  it('tells whoever has not got the link nothing, and changes nothing', async () => {
    const before = await rows();
    const { consent_state: state } = reserved;
    const pages = await Promise.all([
      land(given),
      land({ ...given, state: 'consent-made-up' }),
      land({ error: 'access_denied', state: 'consent-made-up' }),
      land({ ...given, state }, { id: 'oauth_strat-another' }),
      land({ ...given, state }, { host: 'b.test' }),
      land({ tenant: given.tenant, state }),
      land({ ...given, admin_consent: 'False', state }),
    ]);
    for (const page of pages) {
      expect(page.statusCode).toBe(200);
      // The same for a source that exists and one that does not.
      expect(page.body).toBe(pages[0]?.body);
      expect(page.body).toContain('Nothing was changed here');
      expect(page.body).not.toContain('<script');
      expect(page.headers['set-cookie']).toBeUndefined();
    }
    expect(await rows()).toBe(before);
  });

  it('leaves every other callback to the sign-in', async () => {
    const page = await land({ ...given, code: 'c', state: 's'.repeat(32) });
    expect(page.statusCode).toBe(404);
    expect((await land({ ...given, code: 'c' })).statusCode).toBe(404);
  });
});
