/** An issuer that an administrator sets is asked for its discovery document before it is stored. */
import { expect, it, onTestFinished } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../../upstream/identity/oauth2/fake-provider.ts';
import { openWorld, type World } from './engine-world.ts';

const discovery = '/.well-known/openid-configuration';

const open = async (): Promise<{ provider: FakeProvider; world: World; source: Record<string, unknown> }> => {
  const provider = await startFakeProvider();
  const world = await openWorld({ config: { egressAllow: provider.rule } });
  onTestFinished(() => world.foyer.close());
  const source = {
    name: 'OIDC',
    authority_id: world.a.id,
    client_id: 'c',
    client_secret: 's',
    site: provider.url,
    scope: 'openid',
    issuer: provider.url,
  };
  return { provider, world, source };
};

it('S-11 stores an issuer whose document names it, and asks again only when it changes', async () => {
  const { provider, world, source } = await open();
  const made = await world.as.admin('POST', '/oauth_auths', { json: source });
  expect(made).toMatchObject({ status: 201, body: { issuer: provider.url } });
  expect(provider.count(discovery)).toBe(1);
  provider.replies[discovery] = { status: 503, body: '' };
  const path = `/oauth_auths/${made.body.id}`;
  const renamed = await world.as.admin('PATCH', path, {
    json: { ...made.body, name: 'New', client_secret: '' },
  });
  expect(renamed).toMatchObject({ status: 200, body: { name: 'New' } });
  expect(provider.count(discovery)).toBe(1);
  expect((await world.as.admin('PATCH', path, { json: { issuer: '' } })).status).toBe(200);
  expect(provider.count(discovery)).toBe(1);
});

it('S-11 S-107 refuses an issuer with a reason at its field: another one, none, one that cannot be reached', async () => {
  const { provider, world, source } = await open();
  const post = () => world.as.admin('POST', '/oauth_auths', { json: source });
  for (const [reply, reason] of [
    [{ body: { issuer: 'https://other.example', jwks_uri: 'https://other.example/k' } }, 'another issuer'],
    [{ status: 404, body: 'not here' }, 'no discovery document'],
    [{ type: 'text/html', body: '<p>hello' }, 'no discovery document'],
    [{ status: 500, body: 'stack trace of an inner host' }, 'could not be fetched'],
  ] as const) {
    provider.replies[discovery] = reply;
    const { status, body, text } = await post();
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { failures: [{ field: 'issuer', reason: expect.stringContaining(reason) }] },
    });
    expect(text).not.toContain('inner host');
  }
});
