/** @module Endpoints that applications call: token, revoke, introspect, and what a token says of itself. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { unixSeconds } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { type AuthenticateClientDeps, checkSecret, findCallingClient } from '../authenticate-client.ts';
import { authenticateBearer, rawBearerOf } from '../bearer.ts';
import { type Params, readClientParams, refuseSecretsInQuery } from '../read-client-params.ts';
import { requestOriginOf } from '../request-origin.ts';
import { readUserClaims } from '../user-claims.ts';
import { type ExchangeDeps, exchangeToken } from './exchange-token.ts';
import { createFailureLimit } from './failure-limit.ts';
import { introspectToken } from './introspect-token.ts';
import { revokeToken } from './revoke-token.ts';

export interface TokenRoutesDeps extends ExchangeDeps, AuthenticateClientDeps {}

const neverStore = (reply: FastifyReply): FastifyReply =>
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache');

const tokenParam = (request: FastifyRequest, params: Params): string => {
  if ((request.query as Record<string, unknown>).token !== undefined) {
    throw new FoyerError('invalid_request', { detail: 'token must be sent in the body' });
  }
  if (params.token === undefined) throw new FoyerError('invalid_request', { detail: 'token is missing' });
  return params.token;
};

export const tokenRoutes = (app: FastifyInstance, deps: TokenRoutesDeps): void => {
  const failures = createFailureLimit(deps.clock);
  const config = { errors: 'oauth' } as const;

  const answerToken = async (request: FastifyRequest, params: Params): Promise<unknown> => {
    const credentials = await findCallingClient(deps, request, params);
    refuseSecretsInQuery(request, credentials.client);
    checkSecret(credentials);
    return exchangeToken(deps, {
      domain: request.domain,
      client: credentials.client,
      hasSecret: credentials.rawSecret !== undefined,
      params,
      from: requestOriginOf(request),
    });
  };

  app.post('/auth/oauth/token', { config }, async (request, reply) => {
    const params = readClientParams(request);
    neverStore(reply);
    if (params.grant_type === undefined && params.token !== undefined) {
      // Old clients sign out by sending their access token here; any answer pleases them (contract §1.11).
      await revokeToken(deps, request.domain, params.token, requestOriginOf(request));
      return {};
    }
    const limitKey = `${request.domain.id} ${params.client_id ?? ''} ${request.ip}`;
    failures.check(limitKey);
    try {
      return await answerToken(request, params);
    } catch (error) {
      const isPoll =
        error instanceof FoyerError && ['authorization_pending', 'slow_down'].includes(error.code);
      if (error instanceof FoyerError && error.status < 500 && !isPoll) failures.count(limitKey);
      throw error;
    }
  });

  app.post('/auth/oauth/revoke', { config }, async (request, reply) => {
    const params = readClientParams(request);
    neverStore(reply);
    try {
      const credentials = await findCallingClient(deps, request, params);
      refuseSecretsInQuery(request, credentials.client);
      checkSecret(credentials);
      const { id } = credentials.client.application;
      await revokeToken(deps, request.domain, tokenParam(request, params), requestOriginOf(request), id);
      return {};
    } catch (error) {
      if (!(error instanceof FoyerError) || error.code !== 'invalid_client') throw error;
      throw new FoyerError('unauthorized_client', { ...(error.detail && { detail: error.detail }) });
    }
  });

  app.post('/auth/oauth/introspect', { config }, async (request, reply) => {
    const params = readClientParams(request);
    neverStore(reply);
    const rawToken = tokenParam(request, params);
    const rawBearer = rawBearerOf(request);
    if (rawBearer !== undefined) {
      if (rawBearer === rawToken) {
        throw new FoyerError('invalid_token', { detail: 'a token cannot vouch for itself' });
      }
      const { applicationId, payload } = await authenticateBearer(deps, request);
      return introspectToken(deps, request.domain, rawToken, { id: applicationId, uid: payload.client_id });
    }
    if (params.client_id === undefined && request.headers.authorization === undefined) {
      throw new FoyerError('invalid_request', { detail: 'client authentication is missing' });
    }
    const credentials = await findCallingClient(deps, request, params);
    refuseSecretsInQuery(request, credentials.client);
    if (credentials.rawSecret === undefined) {
      throw new FoyerError('invalid_client', { detail: 'the client secret is missing' });
    }
    checkSecret(credentials);
    return introspectToken(deps, request.domain, rawToken, credentials.client.application);
  });

  app.get('/auth/oauth/token/info', { config }, async (request, reply) => {
    const { payload, user } = await authenticateBearer(deps, request);
    neverStore(reply);
    return {
      resource_owner_id: user?.id ?? null,
      scope: payload.scope,
      expires_in: payload.exp - unixSeconds(deps.clock.now()),
      application: { uid: payload.client_id },
      created_at: payload.iat,
    };
  });

  app.route({
    method: ['GET', 'POST'],
    url: '/auth/oauth/userinfo',
    config,
    handler: async (request, reply) => {
      const token = await authenticateBearer(deps, request);
      neverStore(reply);
      return readUserClaims(deps, request.domain, token);
    },
  });
};
