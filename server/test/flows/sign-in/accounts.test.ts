import type { Insertable } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findSource, replaceSource } from '#model/sources/source-store.ts';
import type { UserTable } from '#model/tables.ts';
import type { Answer } from '../../support/browser.ts';
import { expectRefusedBrowser, expectSignedIn, isSignedIn } from '../../support/expectations.ts';
import { type Broker, startBroker } from './broker.ts';

let broker: Broker;
let n = 0;
let email: string;
const { now } = Date;

beforeAll(async () => {
  broker = await startBroker({ config: { signInStartsPerMinute: 0 } });
});
beforeEach(() => {
  n += 1;
  email = `person${n}@example.com`;
});
afterAll(() => broker.close());

const users = () =>
  broker.foyer.services.db.kysely.selectFrom('users').selectAll().where('domain_id', '=', broker.domain.id);
const userOf = async (address: string) =>
  users().where('email_canonical', '=', address.toLowerCase()).executeTakeFirst();
const identitiesOf = (userId: string) =>
  broker.foyer.services.db.kysely
    .selectFrom('identities')
    .selectAll()
    .where('domain_id', '=', broker.domain.id)
    .where('user_id', '=', userId)
    .execute();
const signInAs = async (profile: unknown, settings: Record<string, unknown> = {}): Promise<Answer> => {
  const source = await broker.addSource(broker.domain, { settings });
  broker.provider.next(profile);
  return broker.signIn(broker.foyer.browser(broker.domain.host), { source });
};
const existing = (fields: Partial<Insertable<UserTable>> = {}): Promise<string> =>
  broker.foyer.seedUser(broker.domain, { email, email_verified: true, ...fields });

describe('finding the person', () => {
  const cells = [true, false].flatMap((trusted) =>
    [true, false].flatMap((upstream) =>
      [true, false].flatMap((verified) =>
        [true, false].map((active) => ({ trusted, upstream, verified, active })),
      ),
    ),
  );
  it.each(cells)(
    'S-29 D-07 links only when all four hold: %j',
    async ({ trusted, upstream, verified, active }) => {
      const id = await existing({
        email_verified: verified,
        ...(!active && { disabled_at: new Date(now()) }),
      });
      const answer = await signInAs(
        { id: `x${n}`, email, email_verified: upstream },
        { trusted_email_domains: trusted ? ['example.com'] : ['example.org'] },
      );
      if (trusted && upstream && verified && active) expectSignedIn(answer);
      else expectRefusedBrowser(answer, 'account_exists');
      expect(await identitiesOf(id)).toHaveLength(trusted && upstream && verified && active ? 1 : 0);
      expect(await users().where('email_canonical', '=', email).execute()).toHaveLength(1);
    },
  );

  it.each([
    ['the text "true"', 'true'],
    ['1', 1],
    ['nothing', undefined],
  ])('S-29 takes %s for no verification', async (_what, emailVerified) => {
    await existing();
    const settings = { trusted_email_domains: ['example.com'] };
    expectRefusedBrowser(
      await signInAs({ id: `x${n}`, email, email_verified: emailVerified }, settings),
      'account_exists',
    );
  });

  it('S-29 does not call an account verified because a source that nobody trusts says so', async () => {
    expectSignedIn(await signInAs({ id: `evil${n}`, email, email_verified: true }));
    expect(await userOf(email)).toMatchObject({ email_verified: false });
    const settings = { trusted_email_domains: ['example.com'] };
    expectRefusedBrowser(
      await signInAs({ id: `x${n}`, email, email_verified: true }, settings),
      'account_exists',
    );
  });

  it('S-29 lets the labelled legacy switch take an active account over by e-mail, and no other', async () => {
    const id = await existing({ email_verified: false });
    expectSignedIn(await signInAs({ id: `x${n}`, email }, { link_by_email: true }));
    expect(await identitiesOf(id)).toHaveLength(1);
    n += 1;
    email = `person${n}@example.com`;
    await existing({ deleted_at: new Date(now()) });
    expectRefusedBrowser(await signInAs({ id: `x${n}`, email }, { link_by_email: true }), 'account_exists');
  });

  it('S-29 does not give an account to a second person of the same source', async () => {
    const source = await broker.addSource(broker.domain, { settings: { link_by_email: true } });
    const browser = () => broker.foyer.browser(broker.domain.host);
    broker.provider.next({ id: `first${n}`, email });
    expectSignedIn(await broker.signIn(browser(), { source }));
    broker.provider.next({ id: `second${n}`, email });
    expectRefusedBrowser(await broker.signIn(browser(), { source }), 'account_exists');
  });

  it('S-31 D-08 refuses a disabled and a deleted person, and does not revive them', async () => {
    for (const field of ['disabled_at', 'deleted_at'] as const) {
      n += 1;
      email = `person${n}@example.com`;
      broker.provider.next({ id: `x${n}`, email });
      const browser = broker.foyer.browser(broker.domain.host);
      expectSignedIn(await broker.signIn(browser));
      await broker.foyer.services.db.kysely
        .updateTable('users')
        .set({ [field]: new Date(now()) })
        .where('email_canonical', '=', email)
        .execute();
      expect(await isSignedIn(browser)).toBe(false);
      expectRefusedBrowser(await broker.signIn(browser), 'account_disabled');
      expect((await userOf(email))?.[field]).not.toBeNull();
    }
  });

  it('S-32 D-11 never sets ids, roles, passwords or unmapped groups from claims', async () => {
    const hostile = {
      id: `x${n}`,
      email,
      authority_id: 'authority-evil',
      sys_admin: true,
      platform_admin: true,
      support: true,
      password: 'evil',
      password_digest: 'evil',
      deleted: true,
      groups: ['admins'],
    };
    const mapped = Object.fromEntries(Object.keys(hostile).map((key) => [key, key]));
    expectSignedIn(await signInAs(hostile, { info_mappings: { ...mapped, uid: 'id', groups: 'absent' } }));
    expect(await userOf(email)).toMatchObject({
      domain_id: broker.domain.id,
      sys_admin: false,
      platform_admin: false,
      support: false,
      password_digest: null,
      deleted_at: null,
      groups: [],
    });
  });

  it('S-32 takes groups through an explicit mapping', async () => {
    const settings = { info_mappings: { uid: 'id', email: 'email', groups: 'memberships' } };
    expectSignedIn(await signInAs({ id: `x${n}`, email, memberships: ['a', 'b'] }, settings));
    expect(await userOf(email)).toMatchObject({ groups: ['a', 'b'] });
  });

  it('S-33 D-03 links nothing when a callback comes to a signed-in browser: its own person is signed in', async () => {
    const browser = broker.foyer.browser(broker.domain.host);
    broker.provider.next({ id: `first${n}`, email, given: 'First' });
    const first = expectSignedIn(await broker.signIn(browser));
    const firstId = (await browser.get('/auth/whoami')).json<{ id: string }>().id;
    broker.provider.next({ id: `second${n}`, email: `second-${email}`, given: 'Second' });
    const second = expectSignedIn(await broker.signIn(browser));
    const who = (await browser.get('/auth/whoami')).json<{ id: string; name: string }>();
    expect(who).toMatchObject({ name: 'Second' });
    expect(who.id).not.toBe(firstId);
    expect(second).not.toBe(first);
    expect(await identitiesOf(firstId)).toHaveLength(1);
  });

  it('S-35 keeps the old address when the new one is taken, writes it down, and signs in', async () => {
    await broker.foyer.seedUser(broker.domain, {
      email: `taken-${email}`,
      login_name: `taken${n}`,
      staff_id: `s${n}`,
    });
    const source = await broker.addSource(broker.domain);
    const signIn = async (profile: object): Promise<void> => {
      broker.provider.next(profile);
      expectSignedIn(await broker.signIn(broker.foyer.browser(broker.domain.host), { source }));
    };
    await signIn({ id: `x${n}`, email, login: `mine${n}`, given: 'Old' });
    await signIn({
      id: `x${n}`,
      email: `taken-${email}`,
      login: `taken${n}`,
      staff: `s${n}`,
      given: 'New',
      family: 'Name',
    });
    expect(await userOf(email)).toMatchObject({
      login_name: `mine${n}`,
      staff_id: null,
      name: 'New Name',
      login_count: 2,
    });
    expect((await broker.audit()).at(-1)).toMatchObject({
      outcome: 'ok',
      detail: { kept: ['email', 'login_name', 'staff_id'] },
    });
    await signIn({ id: `x${n}`, email: `New-${email}` });
    expect(await userOf(`new-${email}`)).toMatchObject({ email: `New-${email}`, login_count: 3 });
  });

  it('S-36 makes one account and twenty sessions of twenty parallel first sign-ins', async () => {
    const source = await broker.addSource(broker.domain);
    broker.provider.next({ id: `x${n}`, email: `Person${n}@Example.com ` });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => broker.signIn(broker.foyer.browser(broker.domain.host), { source })),
    );
    for (const answer of answers) expectSignedIn(answer);
    const found = await users().where('email_canonical', '=', email).execute();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ login_count: 20 });
    expect(await identitiesOf(found[0]?.id ?? '')).toHaveLength(1);
    const sessions = await broker.foyer.services.db.kysely
      .selectFrom('sessions')
      .select('user_id')
      .where('user_id', '=', found[0]?.id ?? '')
      .execute();
    expect(sessions).toHaveLength(20);
  });

  it('S-36 makes one account of twenty parallel first sign-ins without an e-mail address', async () => {
    const source = await broker.addSource(broker.domain);
    const before = (await users().execute()).length;
    broker.provider.next({ id: `x${n}` });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => broker.signIn(broker.foyer.browser(broker.domain.host), { source })),
    );
    for (const answer of answers) expectSignedIn(answer);
    expect((await users().execute()).length).toBe(before + 1);
  });

  it('S-36 takes look-alike addresses for different people, other letter case for the same', async () => {
    const seen = new Set<string | undefined>();
    const addresses = [
      `admin${n}@ex.test`,
      `adm\u0131n${n}@ex.test`,
      `\uff41dmin${n}@ex.test`,
      `admin${n}\u0301@ex.test`,
      `admin${n}@ex.test.`,
    ];
    for (const [i, address] of addresses.entries()) {
      expectSignedIn(await signInAs({ id: `x${n}-${i}`, email: address }));
      seen.add((await users().where('email', '=', address).executeTakeFirst())?.id);
    }
    expect(seen.size).toBe(addresses.length);
    expectRefusedBrowser(
      await signInAs({ id: `x${n}-case`, email: ` ADMIN${n}@EX.TEST ` }),
      'account_exists',
    );
  });

  it('S-37 makes no account when provisioning is off, and lets those in who have one', async () => {
    const source = await broker.addSource(broker.domain, { settings: { provisioning: false } });
    broker.provider.next({ id: `x${n}`, email });
    const browser = broker.foyer.browser(broker.domain.host);
    expectRefusedBrowser(await broker.signIn(browser, { source }), 'not_provisioned');
    expect(await userOf(email)).toBeUndefined();
  });

  it('S-37 honours a source that may not be linked', async () => {
    await existing();
    const settings = { linking: false, link_by_email: true, trusted_email_domains: ['example.com'] };
    expectRefusedBrowser(
      await signInAs({ id: `x${n}`, email, email_verified: true }, settings),
      'account_exists',
    );
  });

  it('D-06 binds a source to the first key that its subject came from', async () => {
    const source = await broker.addSource(broker.domain, {
      settings: { info_mappings: { uid: 'employee,id', email: 'email' } },
    });
    const signIn = async (profile: object): Promise<Answer> => {
      broker.provider.next(profile);
      return broker.signIn(broker.foyer.browser(broker.domain.host), { source });
    };
    expectSignedIn(await signIn({ employee: `e${n}`, id: `i${n}` }));
    const row = await broker.foyer.services.db.kysely
      .selectFrom('sources')
      .select('settings')
      .where('id', '=', source.id)
      .executeTakeFirstOrThrow();
    expect(row.settings).toMatchObject({ uid_key: 'employee' });
    expectRefusedBrowser(await signIn({ id: `e${n}` }), 'bad_profile');
    expect(await broker.audit()).toContainEqual(
      expect.objectContaining({ action: 'source.bind_uid', source_id: source.id, fields: ['uid_key'] }),
    );
  });

  it('D-06 stays bound when an administrator saves, and binds anew when other keys are mapped', async () => {
    const { db, changes } = broker.foyer.services;
    const infoMappings = { uid: 'employee,id', email: 'email' };
    const source = await broker.addSource(broker.domain, { settings: { info_mappings: infoMappings } });
    const signIn = async (profile: object): Promise<Answer> => {
      broker.provider.next(profile);
      return broker.signIn(broker.foyer.browser(broker.domain.host), { source });
    };
    const stored = async () => {
      const found = await findSource(db, broker.domain.id, 'oauth2', source.id);
      if (!found) throw new Error('the source is gone');
      return found;
    };
    const before = await stored();
    expectSignedIn(await signIn({ employee: `f${n}`, id: `j${n}` }));
    const bound = await stored();
    expect([bound.version, bound.settings.uid_key]).toEqual([before.version, 'employee']);
    // Read before the first sign-in, written after it.
    const save = async (uid: string): Promise<void> => {
      const { version, name, enabled, secrets, secretNotes } = await stored();
      const settings = { ...before.settings, info_mappings: { ...infoMappings, uid } };
      await replaceSource(
        db,
        broker.domain.id,
        source.id,
        version,
        { name, enabled, settings, secrets, secretNotes },
        { actor: { kind: 'system' }, cause: 'edit', digest: `d${version}` },
      );
      await changes.announce({ kind: 'source', domainId: broker.domain.id, id: source.id });
    };
    await save('employee,id');
    expectRefusedBrowser(await signIn({ id: `f${n}` }), 'bad_profile');
    await save('id, login');
    expectSignedIn(await signIn({ id: `k${n}`, login: `l${n}` }));
    expect((await stored()).settings.uid_key).toBe('id');
    expectRefusedBrowser(await signIn({ login: `l${n}` }), 'bad_profile');
  });
});
