/** An administrator changes a source while people are at its provider. */
import { type Provider, startProvider } from '@foyer/testkit/oauth2/start-provider.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rollBackSource } from '#flows/admin/sources/roll-back-source.ts';
import { changeSource, removeSource } from '#flows/admin/sources/save-source.ts';
import type { Source } from '#model/sources/source.ts';
import { expectRefusedBrowser, expectSignedIn } from '../../support/expectations.ts';
import { type Broker, settingsFor, startBroker } from './broker.ts';

let broker: Broker;
let second: Provider;
beforeAll(async () => {
  second = await startProvider({ clientSecret: 'second-secret' });
  broker = await startBroker({ allow: [second.address] });
});
afterAll(async () => {
  await broker.close();
  await second.close();
});

const saver = { actor: { kind: 'system' }, userId: undefined } as const;
const deps = () => ({ ...broker.foyer.services, validateSource: () => [] });
const target = ({ id }: Source) => ({ scope: broker.domain.id, id, ifMatch: undefined });
const edit = (source: Source, fields: Record<string, unknown>) =>
  changeSource(deps(), saver, { ...target(source), fields });
const move = (source: Source) => edit(source, { ...settingsFor(second), client_secret: 'second-secret' });

const counts = () => [broker.provider.count('token'), second.count('token')];
const grants = (source: Source) =>
  broker.foyer.services.db.kysely
    .selectFrom('upstream_grants')
    .select('subject')
    .where('source_id', '=', source.id)
    .execute();

describe('a sign-in under way', () => {
  it('S-21 ends at the provider where it began when the source moves to another, and the next one goes there', async () => {
    const source = await broker.addSource(broker.domain);
    broker.provider.next({ id: 'u1', email: 'u1@x.test' });
    second.next({ id: 'u2', email: 'u2@x.test' });
    const browser = broker.foyer.browser(broker.domain.host);
    const callback = await broker.begin(browser, { source });
    await move(source);
    const [atFirst = 0, atSecond = 0] = counts();
    expectSignedIn(await broker.callBack(browser, callback));
    expect(counts()).toEqual([atFirst + 1, atSecond]);
    expect(await grants(source), 'S-48: nobody could renew them').toEqual([]);
    expectSignedIn(await broker.signIn(broker.foyer.browser(broker.domain.host), { source }));
    expect(counts()).toEqual([atFirst + 1, atSecond + 1]);
    expect(await grants(source)).toEqual([{ subject: 'u2' }]);
  });

  it('S-21 sends the secret that it began with', async () => {
    const source = await broker.addSource(broker.domain);
    broker.provider.next({ id: 'u3', email: 'u3@x.test' });
    const under = broker.foyer.browser(broker.domain.host);
    const after = broker.foyer.browser(broker.domain.host);
    const callback = await broker.begin(under, { source });
    await edit(source, { client_secret: 'a-wrong-secret' });
    expectSignedIn(await broker.callBack(under, callback));
    expect(await grants(source), 'of the same host').toEqual([{ subject: 'u3' }]);
    expectRefusedBrowser(await broker.signIn(after, { source }), 'upstream_refused');
  });

  it('S-21 ends as it began when the source is rolled back meanwhile', async () => {
    const source = await broker.addSource(broker.domain);
    await move(source);
    second.next({ id: 'u4', email: 'u4@x.test' });
    const browser = broker.foyer.browser(broker.domain.host);
    const callback = await broker.begin(browser, { source });
    const hits = second.count('token');
    await rollBackSource(deps(), saver, { ...target(source), version: 1 });
    expectSignedIn(await broker.callBack(browser, callback));
    expect(second.count('token')).toBe(hits + 1);
    broker.provider.next({ id: 'u5', email: 'u5@x.test' });
    expectSignedIn(await broker.signIn(broker.foyer.browser(broker.domain.host), { source }));
    expect(second.count('token')).toBe(hits + 1);
  });

  it('D-06 keeps to the user id that the source was bound to meanwhile', async () => {
    const source = await broker.addSource(broker.domain, {
      settings: { info_mappings: { uid: 'employee,id', email: 'email' } },
    });
    const browser = broker.foyer.browser(broker.domain.host);
    broker.provider.next({ id: 'late', email: 'late@x.test' });
    const callback = await broker.begin(browser, { source });
    broker.provider.next({ employee: 'e1', id: 'i1', email: 'e1@x.test' });
    expectSignedIn(await broker.signIn(broker.foyer.browser(broker.domain.host), { source }));
    await edit(source, { name: 'Renamed' });
    expectRefusedBrowser(await broker.callBack(browser, callback), 'bad_profile');
  });

  it('S-19 ends when the source is disabled or deleted meanwhile, whatever its revision says', async () => {
    for (const end of [
      (source: Source) => edit(source, { enabled: false }),
      (source: Source) => removeSource(deps(), saver.actor, target(source)),
    ]) {
      const source = await broker.addSource(broker.domain);
      broker.provider.next({ id: 'u6', email: 'u6@x.test' });
      const browser = broker.foyer.browser(broker.domain.host);
      const callback = await broker.begin(browser, { source });
      await end(source);
      const hits = counts();
      expectRefusedBrowser(await broker.callBack(browser, callback), 'source_not_found');
      expect(counts()).toEqual(hits);
    }
  });

  it('ends with the current settings when its revision is not known', async () => {
    const source = await broker.addSource(broker.domain);
    broker.provider.next({ id: 'u7', email: 'u7@x.test' });
    const browser = broker.foyer.browser(broker.domain.host);
    const callback = await broker.begin(browser, { source });
    await edit(source, { name: 'Renamed' });
    const { kysely } = broker.foyer.services.db;
    await kysely.deleteFrom('source_revisions').where('source_id', '=', source.id).execute();
    expectSignedIn(await broker.callBack(browser, callback));
  });
});
