/** Against npm `emulate`: Microsoft and Google as somebody else understands them. Happy paths only. */
import { createServer } from 'node:net';
import { createEmulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedSource, openSource, redirectUri, start } from './open-source.ts';

type Emulator = Awaited<ReturnType<typeof createEmulator>>;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const tenantId = '11111111-1111-4111-8111-111111111111';
const client = {
  client_id: 'foyer',
  client_secret: 'foyer-secret',
  name: 'Foyer',
  redirect_uris: [redirectUri],
};
let microsoft: Emulator;
let google: Emulator;

beforeAll(async () => {
  microsoft = await createEmulator({
    service: 'microsoft',
    port: await freePort(),
    seed: {
      microsoft: {
        users: [{ email: 'alice@contoso.test', name: 'Alice Adams', tenant_id: tenantId }],
        oauth_clients: [client],
      },
    },
  });
  google = await createEmulator({
    service: 'google',
    port: await freePort(),
    seed: {
      google: {
        users: [{ email: 'alice@contoso.test', name: 'Alice Adams', hd: 'contoso.test' }],
        oauth_clients: [client],
      },
    },
  });
});
afterAll(async () => {
  await microsoft?.close();
  await google?.close();
});

const unescapeHtml = (text: string): string =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&#x27;|&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** Presses the button of the person, whose form is the one with the e-mail address in it. */
const pick = async (authorizeUrl: string, email: string): Promise<string> => {
  const page = await (await fetch(authorizeUrl)).text();
  const form =
    [...page.matchAll(/<form[\s\S]*?<\/form>/g)].map(([text]) => text).find((text) => text.includes(email)) ??
    '';
  const action = unescapeHtml(/action="([^"]*)"/.exec(form)?.[1] ?? '');
  const fields = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) fields.set(name, unescapeHtml(/value="([^"]*)"/.exec(input)?.[1] ?? ''));
  }
  const answer = await fetch(new URL(action, authorizeUrl), {
    method: 'POST',
    body: fields,
    redirect: 'manual',
  });
  return answer.headers.get('location') ?? '';
};

const open = (emulator: Emulator, settings: Record<string, unknown>): OpenedSource => {
  const { port } = new URL(emulator.url);
  return openSource(
    { client_id: client.client_id, client_secret: client.client_secret, site: emulator.url, ...settings },
    { allow: `localhost:${port}, 127.0.0.1:${port}` },
  );
};

describe('emulated Microsoft', () => {
  it('signs in with the documented mapping', async () => {
    const opened = open(microsoft, {
      authorize_url: '/oauth2/v2.0/authorize',
      token_url: '/oauth2/v2.0/token',
      raw_info_url: '/v1.0/me',
      scope: 'openid profile email offline_access User.Read',
      info_mappings: {
        email: 'mail,userPrincipalName',
        first_name: 'givenName',
        last_name: 'surname',
        uid: 'id',
      },
    });
    const attempt = await start(opened);
    const identity = await attempt.finish(await pick(attempt.url, 'alice@contoso.test'));
    expect(identity).toMatchObject({
      issuer: expect.stringContaining(microsoft.url),
      subject: identity.rawClaims?.oid ?? identity.rawProfile.id,
      fields: { email: 'alice@contoso.test', first_name: 'Alice', last_name: 'Adams' },
    });
    const renewed = await opened.source.refresh?.(identity.tokens?.refreshToken ?? '');
    expect(renewed?.accessToken).toEqual(expect.any(String));
  });
});

describe('emulated Google', () => {
  it('signs in, with the verified address and the hosted domain', async () => {
    const opened = open(google, {
      authorize_url: '/o/oauth2/v2/auth',
      token_url: '/oauth2/token',
      raw_info_url: '/oauth2/v2/userinfo',
      scope: 'openid email profile',
      authorize_params: { access_type: 'offline', prompt: 'consent' },
      info_mappings: {
        email: 'email',
        first_name: 'given_name',
        last_name: 'family_name',
        uid: 'sub',
        image: 'picture',
      },
      ensure_matching: { hd: ['contoso.test'] },
    });
    const attempt = await start(opened);
    expect(new URL(attempt.url).searchParams.get('access_type')).toBe('offline');
    const identity = await attempt.finish(await pick(attempt.url, 'alice@contoso.test'));
    expect(identity).toMatchObject({
      issuer: google.url,
      fields: { email: 'alice@contoso.test', first_name: 'Alice', last_name: 'Adams' },
      emailVerified: true,
    });
  });
});
