/**
 * @module Devices without a keyboard, e.g. panels at a meeting room's door: the device asks for a code, a signed-in
 * person types it into a page and allows it. @see RFC 8628
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkCsrf, csrfTokenFor } from '#base/http/csrf.ts';
import { sendPage } from '#base/http/page.ts';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { readParams } from '#base/http/read-params.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { scopesOf } from '#model/applications/application.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { consumeLimits } from '#model/rate-limits/rate-limit-store.ts';
import {
  decideDevice,
  findPendingDevice,
  normalUserCode,
  pollIntervalSeconds,
  startDevice,
} from '#model/token-families/device-code-store.ts';
import { deviceCodeTtlSeconds } from '#model/token-families/token-family.ts';
import { type AuthenticateClientDeps, checkSecret, findCallingClient } from '../authenticate-client.ts';
import { readClientParams, refuseSecretsInQuery } from '../read-client-params.ts';
import { requestOriginOf } from '../request-origin.ts';
import { grantScopes } from '../scopes.ts';
import { findPerson, type Person, type SignedInDeps, sendToSignIn } from '../signed-in.ts';
import { providerWords } from '../words.ts';
import { codePage, confirmPage, donePage } from './pages.ts';

export interface DeviceRoutesDeps extends SignedInDeps, AuthenticateClientDeps {
  keyring: Keyring;
}

const path = '/auth/device';

export const deviceRoutes = (app: FastifyInstance, deps: DeviceRoutesDeps): void => {
  app.post('/auth/oauth/device_authorization', { config: { errors: 'oauth' } }, async (request, reply) => {
    const params = readClientParams(request);
    const credentials = await findCallingClient(deps, request, params);
    refuseSecretsInQuery(request, credentials.client);
    checkSecret(credentials);
    const { application } = credentials.client;
    const { deviceCode, userCode } = await startDevice(deps, request.domain.id, {
      applicationId: application.id,
      scope: grantScopes(application, params.scope).join(' '),
    });
    const page = `${deps.origin.of(request.domain.host)}${path}`;
    reply.header('cache-control', 'no-store');
    return {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: deviceCodeTtlSeconds,
      interval: pollIntervalSeconds,
    };
  });

  const config = { errors: 'browser' } as const;
  const csrfKey = (): Promise<Buffer> => deps.keyring.purposeKey('csrf');
  const csrfTokenOf = async (person: Person): Promise<string> =>
    csrfTokenFor(await csrfKey(), person.sessionCookie);

  app.get(path, { config }, async (request, reply) => {
    const person = await findPerson(deps, request);
    if (!person) return sendToSignIn(reply, deps, request.domain, request.url);
    const userCode = readParams(request).user_code?.slice(0, 20) ?? '';
    const language = pageLanguageOf(request);
    const words = providerWords[language];
    return sendPage(reply, {
      title: words.device.title,
      language,
      body: codePage({ words, csrfToken: await csrfTokenOf(person), userCode }),
    });
  });

  const askAgain = async (
    request: FastifyRequest,
    reply: FastifyReply,
    person: Person,
    userCode: string,
  ): Promise<FastifyReply> => {
    const language = pageLanguageOf(request);
    const words = providerWords[language];
    return sendPage(reply, {
      status: 400,
      title: words.device.title,
      language,
      body: codePage({
        words,
        csrfToken: await csrfTokenOf(person),
        userCode: userCode.slice(0, 20),
        problem: words.device.noDevice,
      }),
    });
  };

  const decide = async (
    request: FastifyRequest,
    reply: FastifyReply,
    person: Person,
    letters: string,
    allow: boolean,
  ): Promise<FastifyReply> => {
    const found = await decideDevice(deps, request.domain.id, letters, {
      allow,
      userId: person.user.id,
      authTime: person.session.authenticatedAt,
      from: requestOriginOf(request),
    });
    if (!found) return askAgain(request, reply, person, letters);
    const language = pageLanguageOf(request);
    const words = providerWords[language];
    return sendPage(reply, { title: words.device.title, language, body: donePage(allow, words) });
  };

  app.post(path, { config }, async (request, reply) => {
    const { domain } = request;
    const person = await findPerson(deps, request);
    if (!person) throw new FoyerError('unauthorized');
    const params = readParams(request);
    checkCsrf(request, {
      origin: deps.origin.of(domain.host),
      key: await csrfKey(),
      sessionCookieValue: person.sessionCookie,
      rawToken: params.csrf,
    });
    // The only short secret of the provider (RFC 8628 §5.1).
    const limit = { key: `device_code:${person.user.id}`, points: 10, windowSeconds: 600 };
    const exhausted = await consumeLimits(deps.db, domain.id, [limit]);
    if (exhausted) {
      throw new FoyerError('rate_limited', { retryAfterSeconds: exhausted.retryAfterSeconds });
    }
    const rawCode = params.user_code ?? '';
    const letters = normalUserCode(rawCode);
    if (!letters) return askAgain(request, reply, person, rawCode);
    if (params.decision !== undefined) {
      return decide(request, reply, person, letters, params.decision === 'allow');
    }
    const device = await findPendingDevice(deps, domain.id, letters);
    if (!device) return askAgain(request, reply, person, rawCode);
    const language = pageLanguageOf(request);
    const words = providerWords[language];
    return sendPage(reply, {
      title: words.allow(device.applicationName),
      language,
      body: confirmPage({
        words,
        csrfToken: await csrfTokenOf(person),
        userCode: `${letters.slice(0, 4)}-${letters.slice(4)}`,
        applicationName: device.applicationName,
        domainName: domain.name,
        userName: person.user.name,
        scopes: scopesOf(device.scope),
      }),
    });
  });
};
