/**
 * @module The person's side of an account: the sign-in page and local passwords, the account page with sessions and
 * connected apps, sign-out. Sign-in through a source is another flow.
 */
import type { FastifyInstance } from 'fastify';
import { accountRoutes } from './account-routes.ts';
import type { AccountDeps } from './deps.ts';
import { loginRoutes } from './login-routes.ts';
import { logoutRoutes } from './logout-routes.ts';

export const accountFlow = (app: FastifyInstance, deps: AccountDeps): void => {
  loginRoutes(app, deps);
  logoutRoutes(app, deps);
  accountRoutes(app, deps);
};
