/** The console's screens but those of sources, with the dialogs that they open. */
import type { Place } from './furnish-demo.ts';
import { ask, choose, fill, press, type Screen } from './screen.ts';

const at = (path: string) => () => `/backoffice${path}`;
const inDomain =
  (path: string) =>
  (place: Place): string =>
    `/backoffice/domains/${place.domain}${path}`;

const people = [
  'email,first name,last name,groups',
  'ada@contoso.example,Ada,Lovelace,Staff',
  'grace@contoso.example,Grace,Hopper,"Staff,Building 4"',
  'no address,Bad,Row,',
].join('\n');

const domains: Screen[] = [
  { name: 'domains', route: '/domains', path: at('/domains') },
  { name: 'domains-none-found', route: '/domains', path: at('/domains?q=nowhere') },
  {
    name: 'domain-menu',
    route: '/domains',
    path: at('/domains'),
    open: (page) => press(page, 'Actions for Contoso'),
  },
  {
    name: 'domain-delete',
    route: '/domains',
    path: at('/domains'),
    open: (page) => choose(page, 'Actions for Contoso', 'Delete …'),
  },
  { name: 'domain-new', route: '/domains/new', path: at('/domains/new') },
  {
    name: 'domain-new-refused',
    route: '/domains/new',
    path: at('/domains/new'),
    refused: /domains: .*422/,
    open: async (page) => {
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Fabrikam again');
      await page.getByRole('textbox', { name: 'Host name' }).fill('fabrikam.localhost');
      await press(page, 'Create domain');
      await page.locator('[aria-invalid=true]').first().waitFor();
    },
  },
  { name: 'domain-about', route: '/domains/$domainId/about', path: inDomain('/about') },
  {
    name: 'domain-about-straight',
    route: '/domains/$domainId/about',
    path: inDomain('/about'),
    open: async (page) => {
      await page.getByRole('radio', { name: 'go straight to one source' }).check();
      await page.getByLabel('Source', { exact: true }).selectOption({ label: 'Microsoft' });
      await page.getByRole('checkbox', { name: 'Do it all the same' }).check();
    },
  },
  {
    name: 'unsaved-work',
    route: '/domains/$domainId/about',
    path: inDomain('/about'),
    open: async (page) => {
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Contoso Ltd');
      await page.getByRole('link', { name: 'Users', exact: true }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'activity', route: '/domains/$domainId/activity', path: inDomain('/activity') },
];

const applications: Screen[] = [
  { name: 'applications', route: '/domains/$domainId/applications', path: inDomain('/applications') },
  {
    name: 'application-new',
    route: '/domains/$domainId/applications/new',
    path: inDomain('/applications/new'),
  },
  {
    name: 'application-refused',
    route: '/domains/$domainId/applications/new',
    path: inDomain('/applications/new'),
    open: async (page) => {
      await page.getByRole('textbox', { name: 'Redirect URIs' }).fill('planner.contoso.example');
      await press(page, 'Create application');
      await page.locator('[aria-invalid=true]').first().waitFor();
    },
  },
  {
    name: 'application',
    route: '/domains/$domainId/applications/$applicationId',
    path: (place) => inDomain(`/applications/${place.application}`)(place),
  },
  {
    name: 'application-secret',
    route: '/domains/$domainId/applications/$applicationId',
    path: (place) => inDomain(`/applications/${place.application}`)(place),
    open: (page) => ask(page, 'Make a new secret'),
  },
  {
    name: 'application-retire',
    route: '/domains/$domainId/applications/$applicationId',
    path: (place) => inDomain(`/applications/${place.application}`)(place),
    open: (page) => ask(page, 'End old secrets'),
  },
  {
    name: 'application-delete',
    route: '/domains/$domainId/applications/$applicationId',
    path: (place) => inDomain(`/applications/${place.application}`)(place),
    open: (page) => ask(page, 'Delete application'),
  },
];

const ofUser = (tab: string) => (place: Place) => inDomain(`/users/${place.user}?tab=${tab}`)(place);
const userRoute = '/domains/$domainId/users/$userId';

const users: Screen[] = [
  { name: 'users', route: '/domains/$domainId/users', path: inDomain('/users') },
  { name: 'user', route: userRoute, path: ofUser('profile') },
  { name: 'user-roles', route: userRoute, path: ofUser('roles') },
  { name: 'user-sources', route: userRoute, path: ofUser('sources') },
  { name: 'user-sessions', route: userRoute, path: ofUser('sessions') },
  {
    name: 'user-sign-out',
    route: userRoute,
    path: ofUser('sessions'),
    open: (page) => ask(page, 'Sign out everywhere'),
  },
  { name: 'user-account', route: userRoute, path: ofUser('account') },
  { name: 'user-block', route: userRoute, path: ofUser('account'), open: (page) => ask(page, 'Block') },
  {
    name: 'user-delete',
    route: userRoute,
    path: ofUser('account'),
    open: (page) => ask(page, 'Delete user'),
  },
  {
    name: 'user-blocked',
    route: userRoute,
    path: (place) => inDomain(`/users/${place.blocked}?tab=account`)(place),
  },
  { name: 'user-new', route: '/domains/$domainId/users/new', path: inDomain('/users/new') },
  { name: 'user-import', route: '/domains/$domainId/users/import', path: inDomain('/users/import') },
  {
    name: 'user-import-preview',
    route: '/domains/$domainId/users/import',
    path: inDomain('/users/import'),
    open: async (page) => {
      await fill(page, 'Or paste it here', people);
      await page.getByText('To be imported: 2.').waitFor();
    },
  },
  {
    name: 'user-import-result',
    route: '/domains/$domainId/users/import',
    path: inDomain('/users/import'),
    refused: /users: .*4\d\d/,
    open: async (page) => {
      await fill(page, 'Or paste it here', people);
      await press(page, 'Import 2 users');
      await page.getByText('The import is finished').waitFor();
    },
  },
];

const platform: Screen[] = [
  { name: 'api-keys', route: '/api-keys', path: at('/api-keys') },
  {
    name: 'api-key-delete',
    route: '/api-keys',
    path: at('/api-keys'),
    open: (page) => ask(page, 'Delete the key visitor kiosk'),
  },
  { name: 'api-key-new', route: '/api-keys/new', path: at('/api-keys/new') },
  {
    name: 'api-key-owner',
    route: '/api-keys/new',
    path: at('/api-keys/new'),
    open: async (page) => {
      await page.getByRole('combobox', { name: 'Acts for' }).fill('admin');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'api-key-made',
    route: '/api-keys/new',
    path: at('/api-keys/new'),
    open: async (page) => {
      await page.getByLabel('Name').fill(`meeting room panel ${Date.now() % 100_000}`);
      await page.getByRole('combobox', { name: 'Acts for' }).fill('admin');
      await page.getByRole('option').first().click();
      await press(page, 'Make the key');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'audit', route: '/audit', path: at('/audit') },
  {
    name: 'audit-row',
    route: '/audit',
    path: at('/audit?action=source.'),
    open: (page) => page.locator('summary').first().click(),
  },
  { name: 'platform', route: '/platform', path: at('/platform') },
];

const own: Screen[] = [
  { name: 'account', route: '/account', path: at('/account') },
  {
    name: 'account-sign-out',
    route: '/account',
    path: at('/account'),
    open: (page) => ask(page, 'Sign out everywhere'),
  },
  {
    name: 'account-password-refused',
    route: '/account',
    path: at('/account'),
    open: async (page) => {
      await page.getByRole('textbox', { name: 'New password', exact: true }).fill('correct horse battery');
      await press(page, 'Change password');
      await page.locator('[aria-invalid=true]').first().waitFor();
    },
  },
  { name: 'menu-colours', route: '/account', path: at('/account'), open: (page) => press(page, 'Colours') },
  { name: 'no-such-page', path: at('/nowhere') },
  { name: 'no-such-domain', path: at('/domains/authority-none/about'), refused: /404/ },
  { name: 'no-such-application', path: inDomain('/applications/999999'), refused: /404/ },
  { name: 'no-such-source', path: inDomain('/authentication/oauth_strat-none'), refused: /404/ },
  { name: 'no-such-attempt', path: inDomain('/authentication/attempts/zzzzzzzz'), refused: /404/ },
  { name: 'no-such-user', path: inDomain('/users/user-nobody'), refused: /404/ },
  { name: 'not-permitted', route: '/domains', path: at('/domains'), as: 'person' },
  { name: 'account-of-a-person', route: '/account', path: at('/account'), as: 'person' },
];

export const consoleScreens: readonly Screen[] = [...domains, ...applications, ...users, ...platform, ...own];
