import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '#entra/directory.ts';
import { pickAccount, signInAtMicrosoft } from '#entra/pick-account.ts';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import { callback, claimsOf, EntraClient, type Params } from './entra-client.ts';

let entra: Entra;
let app: App;
let client: EntraClient;
const alice = 'alice@contoso.example';

beforeAll(async () => {
  entra = await startEntra();
});
beforeEach(() => {
  entra.reset();
  app = entra.addApp({ redirect_uris: [callback], name: 'Foyer <test>' });
  client = new EntraClient(entra, app);
  entra.addPerson({ email: alice, display_name: 'Alice Adams' });
  entra.addPerson({ email: 'bob@contoso.example', display_name: 'Bob "B" Brown' });
});
afterAll(() => entra.close());

async function open(changes: Params): Promise<{ status: number; text: string; location: string | null }> {
  const response = await fetch(client.authorizeUrl(changes), { redirect: 'manual' });
  return { status: response.status, text: await response.text(), location: response.headers.get('location') };
}

describe('the page', () => {
  test('has one button per person and a Cancel button, works without JavaScript, and escapes names', async () => {
    const { status, text } = await open({});
    expect(status).toBe(200);
    expect(text).toContain('<title>Pick an account</title>');
    expect(text.match(/<button[^>]*name="account"/g)).toHaveLength(2);
    expect(text).toMatch(/<span>Alice Adams<\/span> <small>alice@contoso\.example<\/small>/);
    expect(text).toContain('>Cancel</button>');
    expect(text).not.toContain('<script');
    expect(text).toContain('Foyer &#60;test&#62;');
    expect(text).toContain('prefers-color-scheme: dark');
  });

  test('answers with code, state and session_state, and without iss', async () => {
    const answer = await client.signIn(alice);
    expect([...answer.keys()]).toEqual(['id', 'code', 'state', 'session_state']);
    expect(answer.get('state')).toBe('state-1');
    expect(answer.get('code')?.length).toBeGreaterThan(500);
  });

  test('Cancel gives access_denied with the subcode cancel', async () => {
    const answer = await client.signIn(null);
    expect(Object.fromEntries(answer)).toEqual({
      id: 'oauth_strat-1',
      error: 'access_denied',
      error_subcode: 'cancel',
      state: 'state-1',
    });
  });

  test('takes a POST as well', async () => {
    const [address = '', body = ''] = client.authorizeUrl().split('?');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(address, { method: 'POST', body, headers });
    expect(await response.text()).toContain('Pick an account');
  });
});

describe('what stays at Microsoft as a page', () => {
  test.each<[string, Params, string]>([
    ['an unknown client', { client_id: '11111111-1111-4111-8111-111111111111' }, 'AADSTS700016'],
    ['a client id that is no GUID', { client_id: 'foyer' }, 'AADSTS700038'],
    ['no client id', { client_id: undefined }, 'AADSTS900144'],
    ['another redirect URI', { redirect_uri: 'https://foyer.example/other' }, 'AADSTS50011'],
    ['a redirect URI without its query', { redirect_uri: callback.split('?')[0] }, 'AADSTS50011'],
    ['a redirect URI with one more parameter', { redirect_uri: `${callback}&x=1` }, 'AADSTS50011'],
  ])('%s', async (_, changes, code) => {
    const { status, text, location } = await open(changes);
    expect([status, location]).toEqual([400, null]);
    expect(text).toContain(code);
  });

  test('a redirect URI in other case', async () => {
    const { text } = await open({ redirect_uri: callback.replace('/auth/', '/Auth/') });
    expect(text).toContain('AADSTS50011');
  });

  test('an unknown tenant', async () => {
    const response = await fetch(client.authorizeUrl().replace(entra.tenantId, 'nowhere.example'));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('AADSTS90002');
  });

  test('a single-tenant app at /common', async () => {
    const response = await fetch(client.authorizeUrl().replace(entra.tenantId, 'common'));
    expect(await response.text()).toContain('AADSTS50194');
  });

  test('a person who does not exist, is disabled, not assigned or of another tenant', async () => {
    await expect(client.signIn('nobody@contoso.example')).rejects.toThrow('AADSTS50034');
    entra.addPerson({ email: 'gone@contoso.example', disabled: true });
    await expect(client.signIn('gone@contoso.example')).rejects.toThrow('AADSTS50057');
    entra.addTenant({ name: 'Fabrikam' });
    entra.addPerson({ email: 'fay@fabrikam.example', tenant: 'fabrikam.example' });
    await expect(client.signIn('fay@fabrikam.example')).rejects.toThrow('AADSTS50020');
    const closed = new EntraClient(
      entra,
      entra.addApp({ redirect_uris: [callback], assignment_required: true }),
    );
    await expect(closed.signIn(alice)).rejects.toThrow('AADSTS50105');
  });

  test('a page that was not ours', async () => {
    const response = await fetch(`${entra.url}/${entra.tenantId}/login`, {
      method: 'POST',
      body: new URLSearchParams({ ctx: 'made-up', account: 'x' }),
    });
    expect(response.status).toBe(400);
  });
});

describe('what the app is told by redirect', () => {
  test.each<[string, Params, string, string]>([
    ['no response type', { response_type: undefined }, 'invalid_request', 'AADSTS900144'],
    ['no scope', { scope: undefined }, 'invalid_request', 'AADSTS900144'],
    ['implicit access tokens', { response_type: 'token' }, 'unsupported_response_type', 'AADSTS700051'],
    ['implicit ID tokens', { response_type: 'id_token' }, 'unsupported_response_type', 'AADSTS700054'],
    ['an unknown permission', { scope: 'openid frobnicate' }, 'invalid_client', 'AADSTS650053'],
    ['an unknown API', { scope: 'api://nothing/read' }, 'invalid_resource', 'AADSTS500011'],
    ['a short PKCE challenge', { code_challenge: 'abc' }, 'invalid_request', 'AADSTS501491'],
    ['an unknown prompt', { prompt: 'maybe' }, 'invalid_request', 'AADSTS90023'],
    ['prompt=none and nobody signed in', { prompt: 'none' }, 'login_required', 'AADSTS50058'],
  ])('%s', async (_, changes, error, code) => {
    const { status, location } = await open(changes);
    expect(status).toBe(302);
    const answer = new URL(location ?? '');
    const params = new URLSearchParams(answer.hash.slice(1) || answer.search);
    expect(params.get('error')).toBe(error);
    expect(params.get('error_description')).toMatch(new RegExp(`^${code}: .*\\r\\nTrace ID: `, 's'));
    expect(params.get('state')).toBe('state-1');
  });
});

describe('response modes', () => {
  test('fragment', async () => {
    const url = await pickAccount(client.authorizeUrl({ response_mode: 'fragment' }), alice);
    expect(url.startsWith(`${callback}#code=`)).toBe(true);
  });

  test('form_post', async () => {
    const answer = await signInAtMicrosoft(client.authorizeUrl({ response_mode: 'form_post' }), alice);
    expect(answer.url).toBe(callback);
    expect(Object.keys(answer.form ?? {})).toEqual(['code', 'state', 'session_state']);
  });

  test('an ID token from the authorize endpoint, where the app may', async () => {
    const hybrid = new EntraClient(
      entra,
      entra.addApp({ redirect_uris: [callback], implicit_id_token: true }),
    );
    const url = hybrid.authorizeUrl({ response_type: 'code id_token', response_mode: 'form_post' });
    const { form } = await signInAtMicrosoft(url, alice);
    expect(claimsOf(form?.id_token)).toMatchObject({ aud: hybrid.app.client_id, nonce: 'nonce-1' });
  });
});

describe('prompt, hint and consent', () => {
  test('prompt=none works in a browser that is signed in, for the hinted person only', async () => {
    const cookies = new Map<string, string>();
    await client.signIn(alice, {}, { cookies });
    const silent = await client.signIn('', { prompt: 'none' }, { cookies });
    expect(silent.get('code')).toBeTruthy();
    const other = await client.signIn('', { prompt: 'none', login_hint: 'bob@contoso.example' }, { cookies });
    expect(other.get('error')).toBe('login_required');
  });

  test('a login hint signs in at once only where the option says so', async () => {
    expect((await open({ login_hint: alice })).status).toBe(200);
    const instant = await startEntra({ instantLoginHint: true });
    const own = new EntraClient(instant, instant.addApp({ redirect_uris: [callback] }));
    instant.addPerson({ email: alice });
    const visit = (changes: Params) => fetch(own.authorizeUrl(changes), { redirect: 'manual' });
    expect((await visit({ login_hint: alice })).headers.get('location')).toContain('code=');
    expect((await visit({ login_hint: alice, prompt: 'none' })).headers.get('location')).toContain('code=');
    expect((await visit({ login_hint: alice, prompt: 'select_account' })).status).toBe(200);
    expect((await visit({ login_hint: 'nobody@contoso.example' })).status).toBe(200);
    await instant.close();
  });

  test('an app without consent shows the consent page once, and prompt=consent shows it again', async () => {
    const strange = new EntraClient(entra, entra.addApp({ redirect_uris: [callback], pre_consented: false }));
    const declined = await strange.signIn(alice, {}, { consent: 'cancel' });
    expect(declined.get('error')).toBe('access_denied');
    expect(declined.get('error_subcode')).toBe('cancel');
    expect(declined.get('error_description')).toContain('AADSTS65004');

    const cookies = new Map<string, string>();
    await strange.signIn(alice, {}, { cookies });
    const pages = entra.requests.count('sign_in_page');
    await strange.signIn(alice, {}, { cookies });
    expect(entra.requests.count('sign_in_page')).toBe(pages + 1);
    await strange.signIn(alice, { prompt: 'consent' }, { cookies });
    expect(entra.requests.count('sign_in_page')).toBe(pages + 3);
    const more = { prompt: 'none', scope: 'openid mail.read' };
    const silent = await strange.signIn('', more, { cookies });
    expect(silent.get('error')).toBe('consent_required');
  });
});

describe('whose accounts an authority takes', () => {
  test('common takes every organisation and personal accounts, the others their own', async () => {
    entra.addPerson({ email: 'kim@outlook.example', personal: true });
    entra.addPerson({ email: 'gil@fabrikam.example', guest: true });
    const multi = entra.addApp({
      redirect_uris: [callback],
      sign_in_audience: 'AzureADandPersonalMicrosoftAccount',
    });
    const at = (tenant: string) => new EntraClient(entra, multi, tenant);
    const personal = await at('common').tokens('kim@outlook.example');
    expect(claimsOf(personal.id_token).tid).toBe('9188040d-6c67-4c5b-b112-36a304b66dad');
    await expect(at('organizations').signIn('kim@outlook.example')).rejects.toThrow('AADSTS50020');
    await expect(at('consumers').signIn(alice)).rejects.toThrow('AADSTS50020');
    await expect(at('common').signIn('gil@fabrikam.example')).rejects.toThrow('AADSTS50020');
    const guest = await at(entra.tenantId).tokens('gil@fabrikam.example', { scope: 'openid profile' });
    expect(claimsOf(guest.id_token).preferred_username).toBe('gil_fabrikam.example#EXT#@contoso.example');
  });
});
