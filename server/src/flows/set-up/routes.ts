/**
 * @module `/setup`: the page behind the link that a new server prints. It answers on every host, since there is no
 * domain yet; without a live link there is nothing here.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readParams } from '#base/http/read-params.ts';
import { rawHostOf } from '#base/http/request-host.ts';
import { setSessionCookie, verifiedKeyPurpose } from '#base/http/session-cookie.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { canonicalHost } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { isSetupTokenLive } from '#model/set-up/setup-tokens.ts';
import { type RawSetUp, type SetUpClient, type SetUpDeps, setUp } from './set-up.ts';
import { sendSetUpDonePage, sendSetUpPage } from './set-up-page.ts';

export interface SetUpRouteDeps extends SetUpDeps {
  keyring: Keyring;
  config: { publicUrl: URL };
}

export const setUpRoutes = (app: FastifyInstance, deps: SetUpRouteDeps): void => {
  const config = { errors: 'browser', domain: false } as const;

  app.get('/setup', { config }, async (request, reply) => {
    const { token = '' } = readParams(request);
    if (!(await isSetupTokenLive(deps.db, token))) throw new FoyerError('setup_closed');
    const { hostname } = deps.config.publicUrl;
    return sendSetUpPage(reply, { token, host: hostname, domainName: '', name: '', email: '' });
  });

  app.post('/setup', { config }, async (request, reply) => {
    const raw = readSetUp(request);
    try {
      const { domain, session } = await setUp(
        deps,
        raw,
        canonicalHost(rawHostOf(request)),
        clientOf(request),
      );
      const url = deps.origin.of(domain.host);
      // Where a new domain goes on: how its people will sign in.
      const consoleUrl = `${url}${deps.origin.consolePath}domains/${domain.id}/authentication`;
      if (!session) return sendSetUpDonePage(reply, { name: domain.name, url, consoleUrl });
      const { secure } = deps.origin;
      setSessionCookie(reply, session.cookieValue, {
        secure,
        embedded: false,
        maxAgeSeconds: session.maxAgeSeconds,
        verifiedKey: await deps.keyring.sealingKey(verifiedKeyPurpose),
      });
      return reply.header('cache-control', 'no-store').redirect(consoleUrl, 302);
    } catch (error) {
      if (!isFoyerError(error, 'validation_failed')) throw error;
      return sendSetUpPage(reply, raw, error.failures ?? []);
    }
  });
};

const readSetUp = (request: FastifyRequest): RawSetUp => {
  const params = readParams(request);
  return {
    token: params.token ?? '',
    host: params.host ?? '',
    domainName: params.domain_name ?? '',
    name: params.name ?? '',
    email: params.email ?? '',
    password: params.password ?? '',
    passwordAgain: params.password_again ?? params.password ?? '',
  };
};

const clientOf = (request: FastifyRequest): SetUpClient => {
  const userAgent = request.headers['user-agent'];
  return { ip: request.ip, ...(userAgent !== undefined && { userAgent }), requestId: request.id };
};
