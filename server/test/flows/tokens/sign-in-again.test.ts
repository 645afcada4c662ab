import { pickAccount } from '@foyer/testkit/entra/pick-account.ts';
import { startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { expect, it } from 'vitest';
import type { SourceId, UserId } from '#base/lib/ids.ts';
import { expectSignedIn } from '../../support/expectations.ts';
import { startFoyer } from '../../support/start-foyer.ts';
import { createTestClock } from '../../support/test-clock.ts';

it('R-15 a sign-in gives the keeper its tokens, and a later one brings refused tokens back to life', async () => {
  const clock = createTestClock();
  const entra = await startEntra({ clock, strictRotation: true });
  const foyer = await startFoyer({ config: { egressAllow: new URL(entra.url).host }, overrides: { clock } });
  try {
    const domain = await foyer.seedDomain();
    const id = 'oauth_strat-0123456789' as SourceId;
    const app = entra.addApp({ redirect_uris: [foyer.url(domain.host, `/auth/oauth2/callback?id=${id}`)] });
    entra.addPerson({ email: 'alice@contoso.example' });
    await foyer.seedSource(domain, {
      id,
      settings: {
        client_id: app.client_id,
        client_secret: app.client_secret,
        site: entra.url,
        scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
        token_method: 'POST',
        auth_scheme: 'Request Body',
        token_url: `${entra.url}/${entra.tenantId}/oauth2/v2.0/token`,
        authorize_url: `${entra.url}/${entra.tenantId}/oauth2/v2.0/authorize`,
        raw_info_url: `${entra.url}/v1.0/me`,
        info_mappings: { email: 'mail,userPrincipalName', uid: 'id', access_token: 'token' },
      },
    });
    const signIn = async (): Promise<void> => {
      const browser = foyer.browser(domain.host);
      const { location } = await browser.get(`/auth/oauth2?id=${id}`);
      expectSignedIn(await browser.get(await pickAccount(location, 'alice@contoso.example')));
    };
    const { db, keeper } = foyer.services;
    const state = async () =>
      (await db.kysely.selectFrom('upstream_grants').select(['state', 'refusal']).execute())[0];

    await signIn();
    const [user] = await db.kysely.selectFrom('users').select('id').execute();
    const owner = { userId: user?.id as UserId };
    const first = await keeper.getToken(domain.id, owner);
    clock.advance(7_200_000);
    const second = await keeper.getToken(domain.id, owner);
    expect(second.token).not.toBe(first.token);

    clock.advance(7_200_000);
    entra.revokeSessions('alice@contoso.example');
    await expect(keeper.getToken(domain.id, owner)).rejects.toMatchObject({ code: 'needs_consent' });
    expect(await state()).toMatchObject({ state: 'needs_consent', refusal: { codes: [50173] } });

    await signIn();
    expect(await state()).toEqual({ state: 'live', refusal: null });
    const third = await keeper.getToken(domain.id, owner);
    clock.advance(7_200_000);
    expect((await keeper.getToken(domain.id, owner)).token).not.toBe(third.token);
  } finally {
    await foyer.close();
    await entra.close();
  }
});
