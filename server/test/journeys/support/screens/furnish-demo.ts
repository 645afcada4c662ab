/** A demo in which every screen has something to show: people, applications, sources of each kind, failed sign-ins. */
import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import type { DemoFacts } from '../start-demo.ts';

export interface Place {
  facts: DemoFacts;
  /** Ids of what the screens show. */
  domain: string;
  user: string;
  blocked: string;
  application: string;
  /** A sign-in that failed; also its short id that the person was told. */
  attempt: string;
  draft: string;
  saml: string;
  ldap: string;
  /** An application that asks people for their consent. */
  planner: { client_id: string; redirect_uri: string };
  api: <T>(path: string, method?: string, body?: unknown) => Promise<T>;
  provider: (command: string, body: unknown) => Promise<Response>;
}

interface Row {
  id: string;
}

const day = 86_400;

const staff = [
  'Dana Diaz',
  'Emil Ek',
  'Farah Faruqi',
  'Goran Grubor',
  'Hanna Holm',
  'Ilse Ibsen',
  'Jonas Jansen',
  'Kemal Kaya',
  'Lena Lindqvist',
  'Mateo Moreno',
  'Nadia Novak',
  'Oskar Olsen',
];

export const furnishDemo = async (facts: DemoFacts, browser: Browser): Promise<Place> => {
  const api: Place['api'] = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
    const answer = await fetch(`${facts.url}/api/engine/v2${path}`, {
      method,
      headers: { 'x-api-key': facts.api_key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const provider: Place['provider'] = (command, body) =>
    fetch(`${facts.provider.url}/_control/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  /** One person's sign-in, in a browser of their own. */
  const signIn = async (person: string): Promise<void> => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${facts.url}/login?continue=/account`);
    await page.getByRole('link', { name: 'Continue with Microsoft', exact: true }).click();
    await page.getByRole('button', { name: new RegExp(person) }).click();
    await page.waitForURL((end) => end.origin === facts.url);
    await context.close();
  };

  const domain = (await api<[Row]>('/domains'))[0].id;
  for (const person of ['Alice', 'Bob', 'Carol', 'Alice']) await signIn(person);
  await provider('fault', { name: 'AADSTS7000222', times: 2 });
  for (const person of ['Bob', 'Alice']) await signIn(person);
  await provider('clear-faults', {});
  await signIn('Carol');

  await api('/domains', 'POST', { name: 'Fabrikam', domain: 'fabrikam.localhost' });
  const people: Row[] = [];
  for (const name of staff) {
    const [first_name, last_name] = name.split(' ');
    const email = `${first_name}.${last_name}@contoso.example`.toLowerCase();
    const groups = ['Staff', 'Building 4'];
    people.push(await api('/users', 'POST', { authority_id: domain, email, first_name, last_name, groups }));
  }
  const blocked = people[1]?.id ?? '';
  await api(`/users/${blocked}`, 'PATCH', { disabled: true });
  const planner = await api<Row & { uid: string; redirect_uri: string }>('/oauth_apps', 'POST', {
    owner_id: domain,
    name: 'Planner',
    redirect_uri: 'https://planner.contoso.example/oauth-resp.html',
    scopes: 'public openid email',
    confidential: true,
    skip_authorization: false,
  });
  const [admin] = await api<[Row]>('/users?q=admin');
  await api('/api_keys', 'POST', {
    authority_id: domain,
    user_id: admin.id,
    name: 'visitor kiosk',
    description: 'On the tablet in the lobby; ask Hanna Holm',
    scopes: ['users.read'],
    permissions: 'user',
  });

  const source = `/oauth_auths/${facts.source_id}`;
  const now = Math.floor(Date.now() / 1000);
  await api(source, 'PATCH', { client_secret_expires_at: now + 21 * day });
  await api(source, 'PATCH', { authorize_params: { prompt: 'select_account' } });
  await api(source, 'PATCH', {
    next_client_secret: randomUUID().replaceAll('-', ''),
    next_client_secret_expires_at: now + 400 * day,
  });
  const draft = await api<Row>(`/sources/${facts.source_id}/duplicate`, 'POST', { name: 'Microsoft (copy)' });
  const saml = await api<Row>('/saml_auths', 'POST', {
    authority_id: domain,
    name: 'Old federation',
    enabled: false,
    issuer: 'https://foyer.contoso.example',
    idp_sso_target_url: 'https://sso.contoso.example/saml2',
    assertion_consumer_service_url: `${facts.url}/auth/adfs/callback`,
    name_identifier_format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  });
  const ldap = await api<Row>('/ldap_auths', 'POST', {
    authority_id: domain,
    name: 'Directory',
    enabled: false,
    host: 'ldap.contoso.example',
    port: 636,
    auth_method: 'ssl',
    uid: 'sAMAccountName',
    base: 'dc=contoso,dc=example',
  });
  // The flight recorder writes in batches.
  const deadline = Date.now() + 10_000;
  const denied = async (): Promise<Row> => {
    const [found] = await api<Row[]>('/sign_in_attempts?outcome=denied');
    if (found) return found;
    if (Date.now() > deadline) throw new Error('no denied sign-in is in the flight recorder');
    await new Promise((resolve) => setTimeout(resolve, 250));
    return denied();
  };
  const attempt = (await denied()).id;
  const [user] = await api<[Row]>('/users?q=alice');
  return {
    facts,
    domain,
    user: user.id,
    blocked,
    application: planner.id,
    attempt,
    draft: draft.id,
    saml: saml.id,
    ldap: ldap.id,
    planner: { client_id: planner.uid, redirect_uri: planner.redirect_uri },
    api,
    provider,
  };
};
