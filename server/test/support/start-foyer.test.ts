import { afterEach, describe, expect, it } from 'vitest';
import { type Foyer, startFoyer } from './start-foyer.ts';

const open: Foyer[] = [];
const start: typeof startFoyer = async (options) => {
  const foyer = await startFoyer(options);
  open.push(foyer);
  return foyer;
};
afterEach(async () => {
  for (const foyer of open.splice(0).reverse()) await foyer.close();
});

describe('startFoyer', () => {
  it('gives each test an empty store', async () => {
    for (const _ of [1, 2]) {
      const foyer = await startFoyer();
      expect(await foyer.services.db.kysely.selectFrom('domains').selectAll().execute()).toEqual([]);
      const domain = await foyer.seedDomain({ host: 'one.test' });
      await foyer.seedSource(domain, { settings: { client_id: 'c', client_secret: 's' } });
      await foyer.seedUser(domain);
      await foyer.close();
    }
  });

  it('gives two nodes on one store', async () => {
    const first = await start();
    const second = await start({ sameStoreAs: first });
    const domain = await first.seedDomain();
    expect(await second.services.domains.byHost(domain.host)).toMatchObject({ id: domain.id });
  });

  it('seals the secrets of a seeded source', async () => {
    const foyer = await start();
    const domain = await foyer.seedDomain();
    const source = await foyer.seedSource(domain, { settings: { client_id: 'c', client_secret: 'canary' } });
    const row = await foyer.services.db.kysely.selectFrom('sources').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('canary');
    expect(source.secretsSet).toEqual(['client_secret']);
  });
});
