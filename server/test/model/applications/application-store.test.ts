import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientIdOf } from '#base/lib/ids.ts';
import { isSecretOf, redirectUrisOf } from '#model/applications/application.ts';
import { createApplicationCache } from '#model/applications/application-cache.ts';
import {
  createApplication,
  deleteApplication,
  findApplication,
  findClient,
  listApplications,
  retireOldApplicationSecret,
  rotateApplicationSecret,
  updateApplication,
} from '#model/applications/application-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
let domain: Domain;
let other: Domain;
beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain();
  other = await foyer.seedDomain();
});
afterAll(() => foyer.close());

const register = (name: string, redirectUri: string, where = domain) =>
  createApplication(foyer.services.db, where.id, {
    name,
    redirectUri,
    uid: clientIdOf(redirectUri),
    scopes: 'public',
    skipAuthorization: false,
  });

describe('application store', () => {
  it.each([
    ['https://portal.example.com/backoffice/oauth-resp.html', 'becb5b058b7d691317a60f0a53981e44'],
    ['https://localhost:8443/backoffice/oauth-resp.html', 'b52e653071c45353dbff4e8f47d51cdf'],
    ['http://localhost:4200/oauth-resp.html', '0de3afb200b5eb82c9bb317c870665ab'],
    ['https://Portal.Example.com/App/oauth-resp.html', 'f3aa3e9602ac9d4557b5f15ef0edd294'],
  ])('D-39 names %s as clients do', (redirectUri, uid) => {
    expect(clientIdOf(redirectUri)).toBe(uid);
  });

  it('S-43 finds a client in its own domain alone, and the same client id may exist in two domains', async () => {
    const mine = await register('a', 'https://a.test/cb');
    expect(await findClient(foyer.services.db, other.id, mine.application.uid)).toBeUndefined();
    const theirs = await register('a', 'https://a.test/cb', other);
    expect(theirs.application.uid).toBe(mine.application.uid);
    expect(await findApplication(foyer.services.db, other.id, mine.application.id)).toBeUndefined();
    await expect(deleteApplication(foyer.services.db, other.id, mine.application.id)).rejects.toThrow(
      'not_found',
    );
  });

  it('S-69 stores secrets hashed and has two live while rotating', async () => {
    const { db } = foyer.services;
    const { application, secret } = await register('secrets', 'https://secrets.test/cb');
    const client = async () => (await findClient(db, domain.id, application.uid))!;
    expect(secret).toMatch(/^[A-Za-z0-9_-]{54}$/);
    expect(isSecretOf(await client(), secret)).toBe(true);
    expect(isSecretOf(await client(), `${secret}x`)).toBe(false);
    const second = await rotateApplicationSecret(db, domain.id, application.id);
    expect(second).not.toBe(secret);
    expect(isSecretOf(await client(), secret)).toBe(true);
    expect(isSecretOf(await client(), second)).toBe(true);
    await retireOldApplicationSecret(db, domain.id, application.id);
    expect(isSecretOf(await client(), secret)).toBe(false);
    expect(isSecretOf(await client(), second)).toBe(true);
    const rows = await db.kysely.selectFrom('applications').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(second);
  });

  it('finds an imported application by its old client id, too', async () => {
    const { application } = await register('imported', 'https://Imported.test/cb');
    const old = clientIdOf('https://imported.test/cb');
    await updateApplication(foyer.services.db, domain.id, application.id, { uidAliases: [old] });
    expect((await findClient(foyer.services.db, domain.id, old))?.application.id).toBe(application.id);
  });

  it('keeps legacy switches and lists by part of a name, without wildcards', async () => {
    const { db } = foyer.services;
    const { application } = await register('100% sure', 'https://sure.test/cb\nhttps://sure.test/two');
    expect(application.legacy).toEqual({});
    expect(redirectUrisOf(application)).toEqual(['https://sure.test/cb', 'https://sure.test/two']);
    const changed = await updateApplication(db, domain.id, application.id, {
      legacy: { noPkce: true, implicit: false },
    });
    expect(changed.legacy).toEqual({ noPkce: true });
    expect((await listApplications(db, domain.id, { search: '0% S' })).total).toBe(1);
    expect((await listApplications(db, domain.id, { search: '%' })).total).toBe(1);
    expect((await listApplications(db, domain.id, { limit: 1 })).applications).toHaveLength(1);
  });

  it('S-61 forgets a changed client when it is told', async () => {
    const cache = createApplicationCache(foyer.services.db);
    const { application } = await register('cached', 'https://cached.test/cb');
    expect((await cache.byClientId(domain.id, application.uid))?.application.name).toBe('cached');
    expect(await cache.hasOrigin(domain.id, 'https://cached.test')).toBe(true);
    expect(await cache.hasOrigin(domain.id, 'https://cached.test.evil')).toBe(false);
    expect(await cache.hasOrigin(domain.id, 'null')).toBe(false);
    await deleteApplication(foyer.services.db, domain.id, application.id);
    cache.forgetAll();
    expect(await cache.byClientId(domain.id, application.uid)).toBeUndefined();
    expect(await cache.hasOrigin(domain.id, 'https://cached.test')).toBe(false);
  });
});
