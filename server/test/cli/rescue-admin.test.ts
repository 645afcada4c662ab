import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loginUrlOf } from '#model/domains/default-source.ts';
import type { Domain } from '#model/domains/domain.ts';
import { askRunningServer, serveOperations } from '../../src/cli/control-socket.ts';
import { rescueAdmin } from '../../src/cli/operations/rescue-admin.ts';
import { digestOf, password as oldPassword } from '../flows/account/local-person.ts';
import { expectSignedIn, isSignedIn } from '../support/expectations.ts';
import { type Foyer, startFoyer } from '../support/start-foyer.ts';

let foyer: Foyer;
let domain: Domain;
beforeEach(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain({ host: 'a.test', passwordSignIn: false });
  const source = await foyer.seedSource(domain);
  await foyer.services.db.kysely
    .updateTable('domains')
    .set({ login_url: loginUrlOf(source) })
    .execute();
  await foyer.services.changes.announce({ kind: 'domain', domainId: domain.id });
});
afterEach(() => foyer.close());

const rescue = async (options: Record<string, string | boolean> = {}) => {
  const { data, words } = await rescueAdmin(foyer.services, { domain: 'a.test', ...options });
  return { ...(data as { email: string; password: string; user_id: string }), words };
};
const signIn = (email: string, password: string) =>
  foyer.browser('a.test').post('/auth/signin', { form: { email, password, continue: '/account' } });
const user = (id: string) =>
  foyer.services.db.kysely.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const loginUrl = async () =>
  (await foyer.services.db.kysely.selectFrom('domains').select('login_url').executeTakeFirst())?.login_url;

describe('foyer admin rescue', () => {
  it('makes an administrator who gets in, and gives the choice back to the sign-in page', async () => {
    const done = await rescue({ email: 'new@a.test' });
    expectSignedIn(await signIn('new@a.test', done.password));
    expect(await user(done.user_id)).toMatchObject({
      sys_admin: true,
      platform_admin: false,
      break_glass: true,
    });
    expect(await loginUrl()).toBe('/login?continue={{url}}');
    const there = await foyer.browser('a.test').get('/auth/login?continue=/app');
    expect(there.location).toBe('https://a.test/login?continue=%2Fapp');
    expect(done.words).toContain('https://a.test/login?local=1');
  });

  it('brings back one who is there, disabled or not, with a new password, and ends what was signed in', async () => {
    const id = await foyer.seedUser(domain, {
      email: 'admin@a.test',
      sys_admin: true,
      break_glass: true,
      password_digest: await digestOf(),
    });
    const browser = foyer.browser('a.test');
    expectSignedIn(
      await browser.post('/auth/signin', {
        form: { email: 'admin@a.test', password: oldPassword, continue: '/account' },
      }),
    );
    await foyer.services.db.kysely.updateTable('users').set({ disabled_at: new Date() }).execute();
    const done = await rescue();
    expect(done).toMatchObject({ email: 'admin@a.test', user_id: id });
    expect(await isSignedIn(browser)).toBe(false);
    expect((await signIn('admin@a.test', oldPassword)).status).toBe(401);
    expectSignedIn(await signIn('admin@a.test', done.password));
  });

  it('leaves the default source alone when it is told to', async () => {
    await rescue({ email: 'new@a.test', 'keep-default': true });
    expect(await loginUrl()).toContain('/auth/login?provider=oauth2');
  });

  it('is in the audit log by the operator, without the password', async () => {
    const done = await rescue({ email: 'new@a.test' });
    const rows = await foyer.services.db.kysely.selectFrom('audit').selectAll().execute();
    expect(rows).toMatchObject([
      {
        action: 'admin.rescue',
        actor_kind: 'operator',
        target: done.user_id,
        fields: ['password', 'break_glass', 'sys_admin', 'login_url'],
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain(done.password);
  });

  it('asks who, where there is no administrator, and refuses what is no address', async () => {
    await expect(rescue()).rejects.toThrow('--email is missing');
    await expect(rescue({ email: 'nobody' })).rejects.toThrow('no e-mail address');
    await expect(rescue({ domain: 'b.test', email: 'a@b.test' })).rejects.toThrow(
      'there is no domain b.test',
    );
  });
});

it('works through the socket of a server that runs on the embedded store', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'foyer-rescue-'));
  const embedded = await startFoyer({ engine: 'pglite', config: { dataFolder } });
  await embedded.seedDomain({ host: 'c.test' });
  const server = await serveOperations(embedded.services);
  expect(existsSync(join(dataFolder, 'foyer.sock'))).toBe(true);
  const result = await askRunningServer(embedded.services.config, 'admin.rescue', { email: 'x@c.test' });
  expect(result?.data).toMatchObject({ email: 'x@c.test', password: expect.stringMatching(/^[\w-]{20}$/) });
  server?.close();
  await embedded.close();
  await rm(dataFolder, { recursive: true, force: true });
});
