import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientIdOf } from '#base/lib/ids.ts';
import { createSetupToken } from '#model/set-up/setup-tokens.ts';
import { expectRefusedBrowser, expectSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
let host: string;
let token: string;
let counter = 0;

beforeAll(async () => {
  foyer = await startFoyer();
});
beforeEach(async () => {
  host = `first-${++counter}.test`;
  token = await createSetupToken(foyer.services.db);
});
afterAll(() => foyer.close());

const fields = () => ({
  token,
  host,
  domain_name: 'Contoso',
  name: 'Ada Lovelace',
  email: 'ada@contoso.example',
  password: 'correct horse battery',
  password_again: 'correct horse battery',
});
const domainRow = () =>
  foyer.services.db.kysely.selectFrom('domains').selectAll().where('host', '=', host).executeTakeFirst();

describe('/setup', () => {
  it('S-90 makes administrator, domain and application on a host that is not known yet, and signs in', async () => {
    const browser = foyer.browser(host);
    expect((await browser.get('/login')).status).toBe(404);
    const page = await browser.get(`/setup?token=${token}`);
    expect(page.status).toBe(200);
    expect(page.body).toContain('name="host" type="text" value="foyer.test"');
    const answer = await browser.post('/setup', { form: fields() });
    expectSignedIn(answer);
    const made = await domainRow();
    expect(answer.location).toBe(foyer.url(host, `/backoffice/domains/${made?.id}/authentication`));
    const account = await browser.get('/account');
    expect(account.status).toBe(200);
    expect(account.body).toContain('Administrator of this server');
    expect(account.body).toContain('href="/backoffice/"');
    expect(made).toMatchObject({ name: 'Contoso', config: { default_app: '/backoffice/' } });
    const redirectUri = foyer.url(host, '/backoffice/oauth-resp.html');
    expect(
      await foyer.services.db.kysely
        .selectFrom('applications')
        .select(['name', 'uid', 'redirect_uri', 'skip_authorization'])
        .where('domain_id', '=', made?.id ?? '')
        .execute(),
    ).toEqual([
      {
        name: 'backoffice',
        uid: clientIdOf(redirectUri),
        redirect_uri: redirectUri,
        skip_authorization: true,
      },
    ]);
    expect(
      await foyer.services.db.kysely
        .selectFrom('audit')
        .select(['action', 'actor_kind', 'fields'])
        .where('domain_id', '=', made?.id ?? '')
        .execute(),
    ).toEqual([{ action: 'set_up', actor_kind: 'operator', fields: ['platform_admin', 'password'] }]);
  });

  it('S-90 is used up by exactly one of twenty parallel tries', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        foyer.browser(host).post('/setup', { form: { ...fields(), email: `person-${i}@contoso.example` } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([302, ...Array(19).fill(404)]);
    const domain = await domainRow();
    const people = await foyer.services.db.kysely
      .selectFrom('users')
      .select('platform_admin')
      .where('domain_id', '=', domain?.id ?? '')
      .execute();
    expect(people).toEqual([{ platform_admin: true }]);
  });

  it('S-90 is closed without a token, with a wrong, used or expired one', async () => {
    const browser = foyer.browser(host);
    for (const query of ['', '?token=', '?token=wrong', `?token=${token}x`]) {
      expectRefusedBrowser(await browser.get(`/setup${query}`), 'setup_closed');
    }
    await browser.post('/setup', { form: fields() });
    expectRefusedBrowser(await browser.get(`/setup?token=${token}`), 'setup_closed');
    expectRefusedBrowser(await browser.post('/setup', { form: fields() }), 'setup_closed');
    token = await createSetupToken(foyer.services.db);
    await foyer.services.db.kysely
      .updateTable('setup_tokens')
      .set({ expires_at: new Date(0) })
      .execute();
    expectRefusedBrowser(await browser.get(`/setup?token=${token}`), 'setup_closed');
    expectRefusedBrowser(await browser.post('/setup', { form: fields() }), 'setup_closed');
  });

  it('names the field that is wrong and keeps the link good', async () => {
    const browser = foyer.browser(host);
    for (const [change, field] of [
      [{ password: 'short', password_again: 'short' }, 'password'],
      [{ password: 'password123', password_again: 'password123' }, 'password'],
      [{ password_again: 'another one' }, 'password_again'],
      [{ email: 'nobody' }, 'email'],
      [{ host: 'https://x/' }, 'host'],
      [{ domain_name: ' ' }, 'domain_name'],
    ] as const) {
      const answer = await browser.post('/setup', { form: { ...fields(), ...change } });
      expect(answer.status).toBe(422);
      expect(answer.body).toContain(`id="${field}-problem"`);
      expect(answer.body).not.toContain('correct horse battery');
      expect(await domainRow()).toBeUndefined();
    }
    expect((await browser.post('/setup', { form: fields() })).status).toBe(302);
  });

  it('signs nobody in on another host, and says where to go on', async () => {
    const browser = foyer.browser('elsewhere.test');
    const answer = await browser.post('/setup', { form: fields() });
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toBeUndefined();
    const made = await domainRow();
    expect(answer.body).toContain(
      `href="${foyer.url(host, `/backoffice/domains/${made?.id}/authentication`)}"`,
    );
  });

  it('takes a domain that the command line has made', async () => {
    const domain = await foyer.seedDomain({ host, name: 'Made before' });
    expectSignedIn(await foyer.browser(host).post('/setup', { form: fields() }));
    expect(await domainRow()).toMatchObject({ id: domain.id, name: 'Made before' });
  });
});
