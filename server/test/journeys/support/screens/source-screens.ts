/** The console's screens of sources, with their dialogs, every preset, and dry runs that pass and fail. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { Place } from './furnish-demo.ts';
import { ask, choose, fill, press, type Screen } from './screen.ts';

const inDomain =
  (path: string) =>
  (place: Place): string =>
    `/backoffice/domains/${place.domain}/authentication${path}`;
const listRoute = '/domains/$domainId/authentication';
const newRoute = `${listRoute}/new`;
const sourceRoute = `${listRoute}/$sourceId`;
const tab = (name: string) => (place: Place) => inDomain(`/${place.facts.source_id}?tab=${name}`)(place);

const fromMenu = (name: string, item: string): Screen => ({
  name,
  route: listRoute,
  path: inDomain(''),
  open: (page) => choose(page, 'More for Microsoft', item),
});

const list: Screen[] = [
  { name: 'authentication', route: listRoute, path: inDomain('') },
  {
    name: 'source-menu',
    route: listRoute,
    path: inDomain(''),
    open: (page) => press(page, 'More for Microsoft'),
  },
  fromMenu('source-duplicate', 'Duplicate'),
  fromMenu('source-disable', 'Disable'),
  fromMenu('source-make-default', 'Make default'),
  {
    ...fromMenu('source-make-default-anyway', 'Make default'),
    open: async (page) => {
      await choose(page, 'More for Microsoft', 'Make default');
      // The switch itself is drawn by its label.
      await page.getByRole('switch', { name: 'Do it all the same' }).check({ force: true });
    },
  },
  fromMenu('source-delete', 'Delete'),
];

const stored: Screen[] = [
  { name: 'source-settings', route: sourceRoute, path: tab('settings') },
  {
    name: 'source-checked',
    route: sourceRoute,
    path: tab('settings'),
    open: async (page) => {
      await fill(page, 'Client Secret', randomUUID());
      await fill(page, 'Token URL', 'http://login.contoso.example/token');
      await page.getByText('This is the secret’s ID, not its value.').first().waitFor();
    },
  },
  { name: 'source-try', route: sourceRoute, path: tab('try') },
  {
    name: 'mapping-lab-refused',
    route: sourceRoute,
    path: tab('try'),
    open: async (page) => {
      await page.getByRole('textbox', { name: 'Profile', exact: true }).fill('{ "displayName": "Nobody" }');
      await page.getByText('Sign-in would refuse this profile').first().waitFor();
    },
  },
  { name: 'source-versions', route: sourceRoute, path: tab('versions') },
  {
    name: 'source-version-changes',
    route: sourceRoute,
    path: tab('versions'),
    open: (page) => page.locator('summary').first().click(),
  },
  {
    name: 'source-roll-back',
    route: sourceRoute,
    path: tab('versions'),
    open: (page) => ask(page, 'Roll back to this'),
  },
  { name: 'source-secrets', route: sourceRoute, path: tab('secrets') },
  {
    name: 'source-promote',
    route: sourceRoute,
    path: tab('secrets'),
    open: (page) => ask(page, 'Promote: it becomes the first'),
  },
  {
    name: 'source-secret-away',
    route: sourceRoute,
    path: tab('secrets'),
    open: (page) => ask(page, 'Take it away'),
  },
  { name: 'source-recorder', route: sourceRoute, path: tab('recorder') },
  {
    name: 'attempt',
    route: `${listRoute}/attempts/$attemptId`,
    path: (place) => inDomain(`/attempts/${place.attempt}`)(place),
  },
  {
    name: 'source-draft',
    route: sourceRoute,
    path: (place) => inDomain(`/${place.draft}`)(place),
  },
  { name: 'source-saml', route: sourceRoute, path: (place) => inDomain(`/${place.saml}`)(place) },
  { name: 'source-ldap', route: sourceRoute, path: (place) => inDomain(`/${place.ldap}`)(place) },
];

/** As the choice of a new source offers them. */
const choices = {
  microsoft: /^Microsoft Entra/,
  google: /^Google Workspace/,
  b2c: /^Azure AD B2C/,
  okta: /^Okta/,
  auth0: /^Auth0/,
  keycloak: /^Keycloak/,
  github: /^GitHub/,
  oidc: /^Any OpenID Connect/,
  oauth2: /^Any OAuth2/,
  saml: /^SAML/,
  ldap: /^LDAP/,
} as const;

const begin = async (page: Page, choice: keyof typeof choices): Promise<void> => {
  await page.getByRole('button', { name: choices[choice] }).click();
  await page.waitForURL(/reservation=/);
  await page.getByText('Loading').waitFor({ state: 'hidden' });
};

const newcomers = ['Ursula Unger', 'Viktor Voss', 'Wanda Wolf', 'Yara Young', 'Zoe Zimmer'];

/** A Microsoft source as a newcomer makes it: three values. Answers the address of somebody who can then try it. */
const fillMicrosoft = async (page: Page, { facts, api, provider }: Place): Promise<string> => {
  const seeded = await api<{ token_url: string }>(`/oauth_auths/${facts.source_id}`);
  const display_name = newcomers.pop() ?? 'Nobody Else';
  const [given_name, surname] = display_name.split(' ');
  const email = `${given_name}@contoso.example`.toLowerCase();
  await provider('person', { email, display_name, given_name, surname });
  await begin(page, 'microsoft');
  const id = new URL(page.url()).searchParams.get('id');
  const app = { client_id: randomUUID(), client_secret: randomUUID().replaceAll('-', '') };
  const redirect_uris = [`${facts.url}/auth/oauth2/callback?id=${id}`];
  await provider('app', { ...app, name: 'Foyer', redirect_uris });
  await fill(page, 'Tenant', seeded.token_url);
  await fill(page, 'Client ID', app.client_id);
  await fill(page, 'Client Secret', app.client_secret);
  return email;
};

const tryAs = async (page: Page, email: string, end: string): Promise<void> => {
  const popUp = page.waitForEvent('popup');
  await press(page, 'Try it');
  await (await popUp).getByRole('button', { name: new RegExp(email) }).click();
  await page.getByText(end).first().waitFor();
};

const made: Screen[] = [
  { name: 'source-kinds', route: newRoute, path: inDomain('/new') },
  ...Object.keys(choices).map((choice) => ({
    name: `source-new-${choice}`,
    route: newRoute,
    path: inDomain('/new'),
    open: (page: Page) => begin(page, choice as keyof typeof choices),
  })),
  {
    name: 'source-new',
    route: newRoute,
    path: inDomain('/new'),
    open: async (page, place) => {
      await fillMicrosoft(page, place);
      await page.getByText('Microsoft ends every client secret').first().waitFor();
    },
  },
  {
    name: 'dry-run',
    route: newRoute,
    path: inDomain('/new'),
    open: async (page, place) => {
      const person = await fillMicrosoft(page, place);
      await tryAs(page, person, 'Would make an account');
    },
  },
  {
    name: 'dry-run-failed',
    route: newRoute,
    path: inDomain('/new'),
    open: async (page, place) => {
      const person = await fillMicrosoft(page, place);
      await place.provider('fault', { name: 'AADSTS7000222', times: 1 });
      await tryAs(page, person, 'It stops at “Exchange the code for tokens”.');
    },
  },
  {
    name: 'dry-run-closed',
    route: newRoute,
    path: inDomain('/new'),
    open: async (page, place) => {
      await fillMicrosoft(page, place);
      const popUp = page.waitForEvent('popup');
      await press(page, 'Try it');
      await (await popUp).close();
      await page.getByRole('alert').first().waitFor();
    },
  },
];

export const sourceScreens: readonly Screen[] = [...list, ...stored, ...made];
