/**
 * @module Every address of the console, and the file that draws it. Screens are loaded when they are first shown.
 */

import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { DomainLayout } from '#components/layout/domain-layout.tsx';
import { NotFoundScreen } from '#components/layout/not-found-screen.tsx';
import { ScreenError } from '#components/layout/screen-error.tsx';
import { Shell } from '#components/layout/shell.tsx';
import { LoadingScreen } from '#components/ui/loading.tsx';
import { type AddressSearch, parseSearch, stringifySearch } from '#lib/address.ts';
import { consolePath } from '#lib/console-path.ts';
import { meQuery } from '#lib/me.ts';
import { queryClient } from '#lib/query-client.ts';
import { requireAdministrator, requireHelper, requirePlatformAdministrator } from './guards.ts';
import { screen } from './screen.tsx';

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown>): AddressSearch => search as AddressSearch,
  beforeLoad: async () => {
    await queryClient.ensureQueryData(meQuery);
  },
  component: Shell,
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: screen(async () => (await import('#features/account/account-screen.tsx')).AccountScreen),
});

/** All but one's own account. What says no more is for support people, too. */
const administration = createRoute({
  getParentRoute: () => root,
  id: 'administration',
  beforeLoad: requireHelper,
});

const home = createRoute({
  getParentRoute: () => administration,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/domains', replace: true });
  },
});
const domains = createRoute({
  getParentRoute: () => administration,
  path: '/domains',
  component: screen(async () => (await import('#features/domains/domain-list-screen.tsx')).DomainListScreen),
});
const newDomain = createRoute({
  getParentRoute: () => administration,
  path: '/domains/new',
  beforeLoad: requirePlatformAdministrator,
  component: screen(async () => (await import('#features/domains/new-domain-screen.tsx')).NewDomainScreen),
});
const domain = createRoute({
  getParentRoute: () => administration,
  path: '/domains/$domainId',
  component: DomainLayout,
});
const domainHome = createRoute({
  getParentRoute: () => domain,
  path: '/',
  beforeLoad: async ({ params }) => {
    const { sys_admin } = await queryClient.ensureQueryData(meQuery);
    const first = sys_admin ? 'about' : 'users';
    throw redirect({ to: `/domains/$domainId/${first}`, params, replace: true });
  },
});
const about = createRoute({
  getParentRoute: () => domain,
  path: '/about',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/domains/about-screen.tsx')).AboutScreen),
});
const applications = createRoute({
  getParentRoute: () => domain,
  path: '/applications',
  beforeLoad: requireAdministrator,
  component: screen(
    async () => (await import('#features/applications/application-list-screen.tsx')).ApplicationListScreen,
  ),
});
const newApplication = createRoute({
  getParentRoute: () => domain,
  path: '/applications/new',
  beforeLoad: requireAdministrator,
  component: screen(
    async () => (await import('#features/applications/new-application-screen.tsx')).NewApplicationScreen,
  ),
});
const application = createRoute({
  getParentRoute: () => domain,
  path: '/applications/$applicationId',
  beforeLoad: requireAdministrator,
  component: screen(
    async () => (await import('#features/applications/application-screen.tsx')).ApplicationScreen,
  ),
});
const sources = createRoute({
  getParentRoute: () => domain,
  path: '/authentication',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/sources/source-list-screen.tsx')).SourceListScreen),
});
const newSource = createRoute({
  getParentRoute: () => domain,
  path: '/authentication/new',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/sources/new-source-screen.tsx')).NewSourceScreen),
});
const source = createRoute({
  getParentRoute: () => domain,
  path: '/authentication/$sourceId',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/sources/source-screen.tsx')).SourceScreen),
});
const attempt = createRoute({
  getParentRoute: () => domain,
  path: '/authentication/attempts/$attemptId',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/sources/attempt-screen.tsx')).AttemptScreen),
});
const users = createRoute({
  getParentRoute: () => domain,
  path: '/users',
  component: screen(async () => (await import('#features/users/user-list-screen.tsx')).UserListScreen),
});
const newUser = createRoute({
  getParentRoute: () => domain,
  path: '/users/new',
  component: screen(async () => (await import('#features/users/new-user-screen.tsx')).NewUserScreen),
});
const importUsers = createRoute({
  getParentRoute: () => domain,
  path: '/users/import',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/users/import-users-screen.tsx')).ImportUsersScreen),
});
const user = createRoute({
  getParentRoute: () => domain,
  path: '/users/$userId',
  component: screen(async () => (await import('#features/users/user-screen.tsx')).UserScreen),
});
const activity = createRoute({
  getParentRoute: () => domain,
  path: '/activity',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/audit/activity-screen.tsx')).ActivityScreen),
});
const apiKeys = createRoute({
  getParentRoute: () => administration,
  path: '/api-keys',
  beforeLoad: requireAdministrator,
  component: screen(
    async () => (await import('#features/api-keys/api-key-list-screen.tsx')).ApiKeyListScreen,
  ),
});
const newApiKey = createRoute({
  getParentRoute: () => administration,
  path: '/api-keys/new',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/api-keys/new-api-key-screen.tsx')).NewApiKeyScreen),
});
const audit = createRoute({
  getParentRoute: () => administration,
  path: '/audit',
  beforeLoad: requireAdministrator,
  component: screen(async () => (await import('#features/audit/audit-screen.tsx')).AuditScreen),
});
const platform = createRoute({
  getParentRoute: () => administration,
  path: '/platform',
  beforeLoad: requirePlatformAdministrator,
  component: screen(async () => (await import('#features/platform/platform-screen.tsx')).PlatformScreen),
});

const routeTree = root.addChildren([
  account,
  administration.addChildren([
    home,
    domains,
    newDomain,
    domain.addChildren([
      domainHome,
      about,
      applications,
      newApplication,
      application,
      sources,
      newSource,
      source,
      attempt,
      users,
      newUser,
      importUsers,
      user,
      activity,
    ]),
    apiKeys,
    newApiKey,
    audit,
    platform,
  ]),
]);

export const router = createRouter({
  routeTree,
  basepath: consolePath.slice(0, -1),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultPendingComponent: LoadingScreen,
  defaultErrorComponent: ScreenError,
  defaultNotFoundComponent: NotFoundScreen,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
