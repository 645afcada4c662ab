/** A secret ends at Microsoft while people sign in: the second slot carries them over. */
import { pickAccount } from '@foyer/testkit/entra/pick-account.ts';
import { type Entra, startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { testCa, testServerTls } from '@foyer/testkit/tls/tls.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEgress } from '#base/lib/egress/egress.ts';
import { promoteSecret } from '#flows/admin/sources/promote-secret.ts';
import { changeSource } from '#flows/admin/sources/save-source.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Source } from '#model/sources/source.ts';
import type { Answer } from '../../support/browser.ts';
import { expectRefusedBrowser, expectSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { createTestClock } from '../../support/test-clock.ts';

const oldSecret = 'Zk8Q~the-old-secret-value';
const newSecret = 'Wq7Q~the-new-secret-value';
let entra: Entra;
let foyer: Foyer;
let domain: Domain;

beforeAll(async () => {
  entra = await startEntra({ tls: testServerTls });
  const at = { address: '127.0.0.1', port: Number(new URL(entra.url).port) };
  const hostMap = { 'login.microsoftonline.com:443': at, 'graph.microsoft.com:443': at };
  const egress = createEgress({ clock: createTestClock(), allow: [], ca: testCa, hostMap });
  foyer = await startFoyer({ overrides: { egress } });
  domain = await foyer.seedDomain();
});
afterAll(async () => {
  await foyer.close();
  await entra.close();
});

/** A Microsoft source whose app has an expired secret, or a valid one, and the new one beside it. */
const addSource = async (
  clientId: string,
  { expired, ...more }: { expired: boolean; next_client_secret?: string },
): Promise<Source> => {
  const base = `https://login.microsoftonline.com/${entra.tenantId}/oauth2/v2.0`;
  const source = await foyer.seedSource(domain, {
    settings: {
      client_id: clientId,
      client_secret: oldSecret,
      site: 'https://login.microsoftonline.com',
      scope: 'openid offline_access user.read.all',
      token_url: `${base}/token`,
      authorize_url: `${base}/authorize`,
      raw_info_url: 'https://graph.microsoft.com/v1.0/me',
      info_mappings: { uid: 'id', email: 'mail,userPrincipalName' },
      // Bound before, so that the source is not opened anew after the first sign-in.
      uid_key: 'id',
      ...more,
    },
  });
  entra.addPerson({ email: personOf(source) });
  entra.addApp({
    client_id: clientId,
    client_secret: oldSecret,
    ...(expired && { secret_expires_at: '2020-01-01T00:00:00Z' }),
    more_secrets: [{ value: newSecret }],
    redirect_uris: [foyer.url(domain.host, `/auth/oauth2/callback?id=${source.id}`)],
  });
  return source;
};

/** One for each source: nobody else has the address. */
const personOf = (source: Source): string =>
  `${source.id.slice(-10).replaceAll(/\W/g, '-').toLowerCase()}@contoso.example`;

const signIn = async (source: Source): Promise<Answer> => {
  const browser = foyer.browser(domain.host);
  const started = await browser.get(`/auth/oauth2?id=${source.id}`);
  return browser.get(await pickAccount(started.location, personOf(source), { via: entra.url }));
};
const secretsSentBy = async (act: () => Promise<unknown>): Promise<unknown[]> => {
  const before = entra.requests.all('token').length;
  await act();
  return entra.requests
    .all('token')
    .slice(before)
    .map(({ body }) => (body as Record<string, unknown> | undefined)?.client_secret);
};

const saver = { actor: { kind: 'system' }, userId: undefined } as const;
const deps = () => ({ ...foyer.services, validateSource: () => [] });
const target = ({ id }: Source) => ({ scope: domain.id, id, ifMatch: undefined });

describe('a secret that has ended', () => {
  it('fails everybody without a second one', async () => {
    const source = await addSource('00000000-0000-4000-8000-000000000001', { expired: true });
    expectRefusedBrowser(await signIn(source), 'upstream_refused');
  });

  it('is not noticed by anybody with a second one, which is sent at once from then on', async () => {
    const source = await addSource('00000000-0000-4000-8000-000000000002', {
      expired: true,
      next_client_secret: newSecret,
    });
    const first = await secretsSentBy(async () => expectSignedIn(await signIn(source)));
    expect(first).toHaveLength(2);
    // The word that the source was just added may still arrive, and it is then opened anew.
    let later: unknown[] = [];
    for (let tries = 0; tries < 5 && later.length !== 1; tries++) {
      later = await secretsSentBy(async () => expectSignedIn(await signIn(source)));
    }
    expect(later).toEqual([newSecret]);
    const refreshed = await secretsSentBy(async () => {
      const { issuer, subject } = await foyer.services.db.kysely
        .selectFrom('identities')
        .select(['issuer', 'subject'])
        .where('source_id', '=', source.id)
        .executeTakeFirstOrThrow();
      const owner = { sourceId: source.id, issuer, subject };
      const { keeper } = foyer.services;
      const { token: refusedToken } = await keeper.getToken(domain.id, owner);
      expect((await keeper.getToken(domain.id, owner, { refusedToken })).token).not.toBe(refusedToken);
    });
    expect(refreshed, 'renewing begins with it as well').toHaveLength(1);
  });

  it('tells in the flight recorder which one was sent, and neither of them', async () => {
    const source = await addSource('00000000-0000-4000-8000-000000000003', {
      expired: true,
      next_client_secret: newSecret,
    });
    expectSignedIn(await signIn(source));
    await foyer.services.recorder.flush();
    const [attempt] = await foyer.services.db.kysely
      .selectFrom('sign_in_attempts')
      .selectAll()
      .where('source_id', '=', source.id)
      .execute();
    expect(attempt?.outcome).toBe('ok');
    expect(attempt?.steps).toContainEqual(
      expect.objectContaining({ name: 'token', detail: expect.objectContaining({ secret: 'second' }) }),
    );
    expect(JSON.stringify(attempt)).not.toMatch(/the-(old|new)-secret/);
  });
});

describe('a rotation', () => {
  it('has no failed sign-in from the first secret to the second', async () => {
    const clientId = '00000000-0000-4000-8000-000000000004';
    const source = await addSource(clientId, { expired: false });
    const steps = [
      () => changeSource(deps(), saver, { ...target(source), fields: { next_client_secret: newSecret } }),
      // The administrator takes the old one away at Microsoft.
      async () => {
        const app = entra.addApp({
          client_id: clientId,
          client_secret: newSecret,
          redirect_uris: [foyer.url(domain.host, `/auth/oauth2/callback?id=${source.id}`)],
        });
        expect(app.more_secrets).toEqual([]);
      },
      () => promoteSecret(deps(), saver, target(source)),
    ];
    expectSignedIn(await signIn(source));
    for (const step of steps) {
      const browser = foyer.browser(domain.host);
      const underWay = (await browser.get(`/auth/oauth2?id=${source.id}`)).location;
      await step();
      expectSignedIn(await browser.get(await pickAccount(underWay, personOf(source), { via: entra.url })));
      expectSignedIn(await signIn(source));
    }
    expect(await secretsSentBy(async () => expectSignedIn(await signIn(source)))).toHaveLength(1);
    const denied = await foyer.services.db.kysely
      .selectFrom('audit')
      .select('reason')
      .where('source_id', '=', source.id)
      .where('outcome', '=', 'denied')
      .execute();
    expect(denied).toEqual([]);
  });
});
