/** `/api_keys`: administrators' keys of a domain, and what the caller's own credential says. */
import { ApiKeyBody, ApiKeyView, NewApiKeyView, TokenPayloadView } from '@foyer/contract/api-keys.ts';
import { enginePath, IdParams, ListOfDomainQuery } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { narrowScope } from '#model/access/domain-scope.ts';
import type { ApiKey } from '#model/api-keys/api-key.ts';
import { listApiKeys } from '#model/api-keys/api-key-store.ts';
import { findUsersByIds } from '#model/users/user-admin-store.ts';
import type { AccessRule } from '../access-rule.ts';
import { readFields } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf, queryText } from '../list-params.ts';
import { sendList } from '../paging.ts';
import { ifMatchOf, setEtag } from '../precondition.ts';
import { actorOf } from '../request-actor.ts';
import { apiKeyView } from './api-key-view.ts';
import { addApiKey, changeApiKey, getApiKey, removeApiKey } from './save-api-key.ts';

const tags = ['api keys'];
const access: AccessRule = { scope: 'api_keys', role: 'admin' };
const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

export const apiKeyRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const viewOf = async (keys: readonly ApiKey[]) => {
    const users = await findUsersByIds(
      deps.db,
      keys.map(({ domainId, userId }) => ({ domainId, id: userId })),
    );
    return Promise.all(
      keys.map(async (key) => {
        const user = users.find(({ domainId, id }) => domainId === key.domainId && id === key.userId);
        return apiKeyView(key, user, await deps.domains.byId(key.domainId));
      }),
    );
  };

  app.get(
    '/api_keys/inspect',
    {
      config: { access: 'any token' },
      schema: {
        tags,
        summary: 'What the credential of this request stands for',
        response: { 200: TokenPayloadView },
      },
    },
    async (request) => request.caller.payload,
  );

  app.get(
    '/api_keys',
    {
      config: { access },
      schema: {
        tags,
        summary: 'API keys',
        querystring: ListOfDomainQuery,
        response: { 200: Type.Array(ApiKeyView) },
      },
    },
    async (request, reply) => {
      const list = listRequestOf(request);
      const scope = narrowScope(request.caller, queryText(request, 'authority_id'));
      const { rows, total } = await listApiKeys(deps.db, scope, list);
      const page = { rows: await viewOf(rows), total };
      return sendList(request, reply, { table: 'api_key', path: `${enginePath}/api_keys`, list, page });
    },
  );

  app.get(
    '/api_keys/:id',
    {
      config: { access },
      schema: { tags, summary: 'One API key', params: IdParams, response: { 200: ApiKeyView } },
    },
    async (request, reply) => {
      const key = await getApiKey(deps.db, request.caller, idOf(request));
      setEtag(reply, key.updatedAt);
      return (await viewOf([key]))[0];
    },
  );

  app.post(
    '/api_keys',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Make an API key; the only answer that shows it',
        body: ApiKeyBody,
        response: { 201: NewApiKeyView },
      },
    },
    async (request, reply) => {
      const fields = readFields(ApiKeyBody, request.body, { nonEmpty: ['name', 'user_id'], creating: true });
      const { key, owner } = await addApiKey(deps, request.caller, actorOf(request), fields);
      const domain = await deps.domains.byId(key.domainId);
      reply.header('cache-control', 'no-store');
      setEtag(reply, key.updatedAt);
      return reply.code(201).send({ ...apiKeyView(key, owner, domain), x_api_key: key.secret });
    },
  );

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/api_keys/:id',
    config: { access },
    schema: {
      tags,
      summary: 'Change the members that the body has; never owner or secret',
      params: IdParams,
      body: ApiKeyBody,
      response: { 200: ApiKeyView },
    },
    handler: async (request, reply) => {
      const id = idOf(request);
      await getApiKey(deps.db, request.caller, id);
      const fields = readFields(ApiKeyBody, request.body, { nonEmpty: ['name'], creating: false });
      const change = { id, fields, ifMatch: ifMatchOf(request) };
      const key = await changeApiKey(deps, request.caller, actorOf(request), change);
      setEtag(reply, key.updatedAt);
      return (await viewOf([key]))[0];
    },
  });

  app.delete(
    '/api_keys/:id',
    { config: { access }, schema: { tags, summary: 'Delete an API key', params: IdParams } },
    async (request, reply) => {
      const removal = { id: idOf(request), ifMatch: ifMatchOf(request) };
      await removeApiKey(deps, request.caller, actorOf(request), removal);
      return reply.code(202).send();
    },
  );
};
