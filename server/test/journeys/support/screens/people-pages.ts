/** The pages that people see: sign-in, their account, what an app or a device asks, and refusals. */
import type { Page } from 'playwright-core';
import type { Place } from './furnish-demo.ts';
import { press, type Screen } from './screen.ts';

/** RFC 7636 §4.2: of a verifier that nobody will need. */
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const consentPath = ({ planner }: Place): string =>
  `/auth/oauth/authorize?${new URLSearchParams({
    ...planner,
    response_type: 'code',
    scope: 'public openid email',
    state: 'as-sent',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })}`;

/** A device that waits; answers the page that shows its code. */
const waitForDevice = async (page: Page, { facts }: Place): Promise<void> => {
  const answer = await fetch(`${facts.url}/auth/oauth/device_authorization`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: facts.app.client_id }),
  });
  const { user_code } = (await answer.json()) as { user_code: string };
  await page.getByLabel('Code').fill(user_code);
  await press(page, 'Continue');
  await page.getByText(user_code).waitFor();
};

/** A person of Microsoft's whose address a local account has: nobody takes that over without its password. */
const meetAccount = async (page: Page, { facts, provider }: Place): Promise<void> => {
  const { email } = facts.admin;
  await provider('person', { email, display_name: 'Adam Admin', given_name: 'Adam', surname: 'Admin' });
  await page.getByRole('link', { name: 'Continue with Microsoft', exact: true }).click();
  await page
    .getByRole('button', { name: /Adam Admin/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Sign in the usual way' }).waitFor();
};

export const peoplePages: readonly Screen[] = [
  { name: 'page-login', path: () => '/login', as: 'nobody' },
  { name: 'page-login-refused', path: () => '/login?error=bad_credentials', as: 'nobody' },
  { name: 'page-not-found', path: () => '/no-such-page', as: 'nobody' },
  { name: 'page-set-up-refused', path: () => '/setup?token=no-such-token', as: 'nobody' },
  { name: 'page-failure', path: ({ attempt }) => `/auth/failure?id=${attempt}`, as: 'nobody' },
  { name: 'page-account-exists', path: () => '/login', as: 'nobody', open: meetAccount },
  {
    name: 'page-connect',
    path: () => '/login',
    as: 'nobody',
    open: async (page, place) => {
      await meetAccount(page, place);
      await page.getByRole('link', { name: 'Sign in the usual way' }).click();
      await page.getByLabel('E-mail').fill(place.facts.admin.email);
      await page.getByLabel('Password').fill(place.facts.admin.password);
      await press(page, 'Sign in');
      await page.getByRole('button', { name: 'Connect Microsoft' }).waitFor();
    },
  },
  { name: 'page-failure-general', path: () => '/auth/failure?message=no&strategy=oauth2', as: 'nobody' },
  { name: 'page-failure-explained', path: ({ attempt }) => `/auth/failure?id=${attempt}` },
  { name: 'page-account', path: () => '/account' },
  { name: 'page-account-of-a-person', path: () => '/account', as: 'person' },
  {
    name: 'page-sign-out',
    path: () => '/account',
    as: 'person',
    // Asked by a page of another site, it asks back.
    open: async (page, { facts }) => {
      await page.goto(`data:text/html,<a href="${facts.url}/auth/logout">out</a>`);
      await page.getByRole('link').click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    },
  },
  { name: 'page-consent', path: consentPath, as: 'person' },
  {
    name: 'page-authorize-refused',
    path: (place) => `${consentPath(place)}&redirect_uri=https://evil.example/`,
    as: 'person',
  },
  { name: 'page-device', path: () => '/auth/device', as: 'person' },
  {
    name: 'page-device-refused',
    path: () => '/auth/device?user_code=BCDF-GHJK',
    as: 'person',
    open: async (page) => {
      await press(page, 'Continue');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'page-device-confirm', path: () => '/auth/device', as: 'person', open: waitForDevice },
  {
    name: 'page-device-connected',
    path: () => '/auth/device',
    as: 'person',
    open: async (page, place) => {
      await waitForDevice(page, place);
      await press(page, 'Allow');
      await page.getByText('The device is connected').waitFor();
    },
  },
];
