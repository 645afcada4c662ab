/** `/users`: people of a domain. Their sessions and upstream tokens have routes of their own. */
import { enginePath, IdParams } from '@foyer/contract/engine.ts';
import { MetadataMap, MetadataQuery } from '@foyer/contract/metadata.ts';
import { Type } from '@foyer/contract/schema.ts';
import {
  AdminUserView,
  CurrentUserView,
  UserBody,
  UserDeleteQuery,
  UserGroupsQuery,
  UserGroupsView,
  UserListQuery,
  UserMetadataSearchQuery,
  UserQuery,
  UserView,
} from '@foyer/contract/users.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { User } from '#model/users/user.ts';
import { listGroupsByEmail, searchUsersByMetadata } from '#model/users/user-directory.ts';
import type { AccessRule } from '../access-rule.ts';
import { readFields } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf, queryFlag, queryText } from '../list-params.ts';
import { metadataByName } from '../metadata/metadata-view.ts';
import { sendList } from '../paging.ts';
import { ifMatchOf, setEtag } from '../precondition.ts';
import { actorOf } from '../request-actor.ts';
import { getUserByReference } from './find-user.ts';
import { fullUser, userViewFor, withMetadata } from './full-user-view.ts';
import { getCurrentUser, homeOfNewUser, listMetadataOf, listUsersFor, readEmails } from './read-users.ts';
import { removeUser, reviveUser } from './remove-user.ts';
import { addUser, changeUser } from './save-user.ts';

const tags = ['users'];
const access: AccessRule = { scope: 'users' };
const bySupport: AccessRule = { scope: 'users', role: 'support' };

export const userRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const userOf = (request: FastifyRequest): Promise<User> =>
    getUserByReference(deps.db, request.caller, (request.params as { id: string }).id);
  const listPage = { table: 'user', path: `${enginePath}/users` };

  app.get(
    '/users',
    {
      config: { access },
      schema: {
        tags,
        summary: 'People; administrators see more of each',
        querystring: UserListQuery,
        response: { 200: Type.Array(UserView) },
      },
    },
    async (request, reply) => {
      const list = listRequestOf(request);
      const found = await listUsersFor(deps.db, request.caller, {
        ...list,
        includeDeleted: queryFlag(request, 'include_deleted'),
        domainId: queryText(request, 'authority_id'),
      });
      let rows: { id: string }[] = found.rows.map((user) => userViewFor(request.caller, user));
      if (queryFlag(request, 'include_metadata')) {
        const documents = await listMetadataOf(deps.db, found.rows);
        rows = rows.map((view) => withMetadata(view, documents));
      }
      return sendList(request, reply, { ...listPage, list, page: { rows, total: found.total } });
    },
  );

  app.get(
    '/users/current',
    {
      config: { access: 'any token' },
      schema: { tags, summary: 'Oneself', response: { 200: CurrentUserView } },
    },
    async (request, reply) => {
      const user = await getCurrentUser(deps.db, request.caller);
      setEtag(reply, user.updatedAt);
      const view = withMetadata(fullUser(request.caller, user), await listMetadataOf(deps.db, [user]));
      return { ...view, subsystem_access: [] };
    },
  );

  app.get(
    '/users/groups',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Groups of people, by e-mail address',
        querystring: UserGroupsQuery,
        response: { 200: Type.Array(UserGroupsView) },
      },
    },
    async (request) => {
      const emails = readEmails(queryText(request, 'emails'));
      return listGroupsByEmail(deps.db, request.caller.domainId, emails);
    },
  );

  app.get(
    '/users/metadata/search',
    {
      config: { access },
      schema: {
        tags,
        summary: 'People one of whose metadata documents matches a JSON path',
        querystring: UserMetadataSearchQuery,
        response: { 200: Type.Array(UserView) },
      },
    },
    async (request, reply) => {
      const list = listRequestOf(request);
      const filter = queryText(request, 'filter') ?? '$';
      const found = await searchUsersByMetadata(deps.db, request.caller.domainId, filter, list);
      const page = { ...found, rows: found.rows.map((user) => userViewFor(request.caller, user)) };
      return sendList(request, reply, {
        ...listPage,
        path: `${enginePath}/users/metadata/search`,
        list,
        page,
      });
    },
  );

  app.get(
    '/users/:id',
    {
      config: { access },
      schema: {
        tags,
        summary: 'One person, by id, e-mail address, login name or staff id',
        params: IdParams,
        querystring: UserQuery,
        response: { 200: UserView },
      },
    },
    async (request, reply) => {
      const user = await userOf(request);
      setEtag(reply, user.updatedAt);
      const view = userViewFor(request.caller, user);
      if (!queryFlag(request, 'include_metadata')) return view;
      return withMetadata(view, await listMetadataOf(deps.db, [user]));
    },
  );

  app.get(
    '/users/:id/metadata',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Metadata of a person, by name',
        params: IdParams,
        querystring: MetadataQuery,
        response: { 200: MetadataMap },
      },
    },
    async (request) =>
      metadataByName(await listMetadataOf(deps.db, [await userOf(request)], queryText(request, 'name'))),
  );

  app.post(
    '/users',
    {
      config: { access: bySupport },
      schema: { tags, summary: 'Add a person', body: UserBody, response: { 201: AdminUserView } },
    },
    async (request, reply) => {
      const { caller } = request;
      const fields = readFields(UserBody, request.body, { nonEmpty: ['email'], creating: true });
      const domainId = await homeOfNewUser(deps, caller, fields.authority_id);
      const user = await addUser(deps, caller, actorOf(request), { domainId, fields });
      setEtag(reply, user.updatedAt);
      return reply.code(201).send(fullUser(caller, user));
    },
  );

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/users/:id',
    config: { access },
    schema: {
      tags,
      summary: 'Change the members that the body has: of oneself, or by support people and administrators',
      params: IdParams,
      body: UserBody,
      response: { 200: AdminUserView },
    },
    handler: async (request, reply) => {
      const { caller } = request;
      const user = await userOf(request);
      const { email: _email, authority_id: _domain, ...writable } = UserBody.properties;
      const fields = readFields(Type.Object(writable), request.body, { creating: false });
      const change = { user, fields, ifMatch: ifMatchOf(request) };
      const changed = await changeUser(deps, caller, actorOf(request), change);
      setEtag(reply, changed.updatedAt);
      return fullUser(caller, changed);
    },
  });

  app.delete(
    '/users/:id',
    {
      config: { access: bySupport },
      schema: { tags, summary: 'Delete a person', params: IdParams, querystring: UserDeleteQuery },
    },
    async (request, reply) => {
      await removeUser(deps, request.caller, actorOf(request), {
        user: await userOf(request),
        force: queryFlag(request, 'force_removal'),
        ifMatch: ifMatchOf(request),
      });
      return reply.code(202).send();
    },
  );

  app.post(
    '/users/:id/revive',
    {
      config: { access: bySupport },
      schema: { tags, summary: 'Bring back a person who is only marked as deleted', params: IdParams },
    },
    async (request, reply) => {
      await reviveUser(deps, request.caller, actorOf(request), await userOf(request));
      return reply.code(200).send();
    },
  );
};
