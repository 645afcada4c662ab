/** `/oauth_apps`: applications that sign people in through Foyer. */
import { ApplicationBody, ApplicationView, NewApplicationView } from '@foyer/contract/applications.ts';
import { enginePath, IdParams, ListOfDomainQuery } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { domainScopeOf, narrowScope } from '#model/access/domain-scope.ts';
import { hasRole } from '#model/access/guards.ts';
import type { Application } from '#model/applications/application.ts';
import { findApplicationInScope, searchApplications } from '#model/applications/application-directory.ts';
import type { AccessRule } from '../access-rule.ts';
import { readFields } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf, queryText } from '../list-params.ts';
import { sendList } from '../paging.ts';
import { ifMatchOf, setEtag } from '../precondition.ts';
import { actorOf } from '../request-actor.ts';
import { readApplicationChanges } from './application-fields.ts';
import { applicationView } from './application-view.ts';
import {
  addApplication,
  changeApplication,
  endSecretRotation,
  removeApplication,
  rotateSecret,
} from './save-application.ts';

const tags = ['applications'];
const read: AccessRule = { scope: 'o_auth_applications' };
const access: AccessRule = { scope: 'o_auth_applications', role: 'admin' };
const nonEmpty = ['name', 'redirect_uri'];

/** Applications have whole numbers as ids. @throws {FoyerError} `not_found` */
const idOf = (request: FastifyRequest): number => {
  const { id } = request.params as { id: string };
  if (!/^\d{1,15}$/.test(id)) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
  return Number(id);
};

export const applicationRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const sendWithSecret = (
    request: FastifyRequest,
    reply: FastifyReply,
    made: { application: Application; secret: string },
  ): FastifyReply => {
    reply.header('cache-control', 'no-store');
    setEtag(reply, made.application.updatedAt);
    return reply
      .code(201)
      .send({ ...applicationView(made.application, request.caller), secret: made.secret });
  };

  app.get(
    '/oauth_apps',
    {
      config: { access: read },
      schema: {
        tags,
        summary: 'Applications; people without a role see those of their domain that are open to all',
        querystring: ListOfDomainQuery,
        response: { 200: Type.Array(ApplicationView) },
      },
    },
    async (request, reply) => {
      const { caller } = request;
      const list = listRequestOf(request);
      const manages = hasRole(caller, 'support');
      const scope = manages ? narrowScope(caller, queryText(request, 'authority_id')) : caller.domainId;
      const found = await searchApplications(deps.db, scope, { ...list, openOnly: !manages });
      const page = { ...found, rows: found.rows.map((each) => applicationView(each, caller)) };
      const path = `${enginePath}/oauth_apps`;
      return sendList(request, reply, { table: 'oauth_applications', path, list, page });
    },
  );

  app.get(
    '/oauth_apps/:id',
    {
      config: { access },
      schema: { tags, summary: 'One application', params: IdParams, response: { 200: ApplicationView } },
    },
    async (request, reply) => {
      const id = idOf(request);
      const application = await findApplicationInScope(deps.db, domainScopeOf(request.caller), id);
      if (!application) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
      setEtag(reply, application.updatedAt);
      return applicationView(application, request.caller);
    },
  );

  app.post(
    '/oauth_apps',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Register an application; the answer is the only one with its secret',
        body: ApplicationBody,
        response: { 201: NewApplicationView },
      },
    },
    async (request, reply) => {
      const rules = { nonEmpty: [...nonEmpty, 'owner_id'], creating: true };
      const body = readFields(ApplicationBody, request.body, rules);
      const ownerId = body.owner_id as DomainId;
      narrowScope(request.caller, ownerId);
      const changes = readApplicationChanges(body);
      const { name = '', redirectUri = '' } = changes;
      const fields = { ...changes, name, redirectUri };
      const made = await addApplication(deps, actorOf(request), ownerId, fields);
      return sendWithSecret(request, reply, made);
    },
  );

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/oauth_apps/:id',
    config: { access },
    schema: {
      tags,
      summary: 'Change the members that the body has; a new redirect URI makes a new client id',
      params: IdParams,
      body: ApplicationBody,
      response: { 200: ApplicationView },
    },
    handler: async (request, reply) => {
      const { owner_id: _owner, ...writable } = ApplicationBody.properties;
      const body = readFields(Type.Object(writable), request.body, { nonEmpty, creating: false });
      const application = await changeApplication(deps, request.caller, actorOf(request), {
        id: idOf(request),
        changes: readApplicationChanges(body),
        preserveClientId: body.preserve_client_id === true,
        ifMatch: ifMatchOf(request),
      });
      setEtag(reply, application.updatedAt);
      return applicationView(application, request.caller);
    },
  });

  app.delete(
    '/oauth_apps/:id',
    {
      config: { access },
      schema: { tags, summary: 'Delete an application with its tokens', params: IdParams },
    },
    async (request, reply) => {
      const removal = { id: idOf(request), ifMatch: ifMatchOf(request) };
      await removeApplication(deps, request.caller, actorOf(request), removal);
      return reply.code(202).send();
    },
  );

  app.post(
    '/oauth_apps/:id/secret',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Make a new secret, shown this once; the present one keeps working beside it',
        params: IdParams,
        response: { 201: NewApplicationView },
      },
    },
    async (request, reply) =>
      sendWithSecret(
        request,
        reply,
        await rotateSecret(deps, request.caller, actorOf(request), idOf(request)),
      ),
  );

  app.delete(
    '/oauth_apps/:id/secret',
    {
      config: { access },
      schema: { tags, summary: 'End a rotation: only the newest secret keeps working', params: IdParams },
    },
    async (request, reply) => {
      await endSecretRotation(deps, request.caller, actorOf(request), idOf(request));
      return reply.code(202).send();
    },
  );
};
