/** The server about itself, and the empty collections that Backoffice asks for at its start. */
import { PlatformStatus, PlatformView, VersionView } from '@foyer/contract/platform.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import '@fastify/swagger';
import { Type } from '@foyer/contract/schema.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { version } from '#base/lib/version.ts';
import type { AccessRule } from '../access-rule.ts';
import type { EngineDeps } from '../deps.ts';
import { readStatus } from './read-status.ts';
import { scopeNames } from './scope-names.ts';

/** PlaceOS' building-control resources; none of them is Foyer's. */
const foreignCollections = [
  'systems',
  'zones',
  'modules',
  'drivers',
  'repositories',
  'repositories/interfaces',
  'triggers',
  'brokers',
  'edges',
  'settings',
  'cluster',
  'schema',
  'storages',
];

const anyToken: AccessRule = 'any token';
const service = {
  service: 'foyer',
  commit: 'none',
  version,
  build_time: 'none',
  platform_version: version,
};

export const platformRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const tags = ['platform'];

  app.get(
    '/',
    { config: { access: 'anyone' }, schema: { tags, summary: 'Whether the server and its database answer' } },
    async (_request, reply) => {
      await deps.db.ping();
      return reply.code(200).send();
    },
  );
  app.get(
    '/version',
    {
      config: { access: anyToken },
      schema: { tags, summary: 'Version of this server', response: { 200: VersionView } },
    },
    async () => service,
  );
  app.get(
    '/platform',
    {
      config: { access: anyToken },
      schema: { tags, summary: 'Version of the platform', response: { 200: PlatformView } },
    },
    async () => ({ version, changelog: `Foyer ${version}` }),
  );
  const startedAt = deps.clock.now();
  app.get(
    '/platform/status',
    {
      config: { access: { scope: 'cluster', role: 'platform' } },
      schema: {
        tags,
        summary: 'Health, keys and administrators of the installation',
        response: { 200: PlatformStatus },
      },
    },
    async () => readStatus(deps, startedAt),
  );
  app.get(
    '/cluster/versions',
    {
      config: { access: anyToken },
      schema: { tags, summary: 'Versions of all services', response: { 200: Type.Array(VersionView) } },
    },
    async () => [service],
  );
  app.get(
    '/scopes',
    {
      config: { access: anyToken },
      schema: { tags, summary: 'Names of scopes', response: { 200: Type.Array(Type.String()) } },
    },
    async () => scopeNames,
  );
  accepted(app, '/signal', { scope: 'cluster' }, 'Accepted, no effect: Foyer has no message bus');
  accepted(app, '/reindex', { scope: 'cluster', role: 'admin' }, 'Accepted, no effect');
  accepted(app, '/backfill', { scope: 'cluster', role: 'admin' }, 'Accepted, no effect');
  accepted(app, '/cluster/rebalance', { scope: 'cluster', role: 'admin' }, 'Accepted, no effect');
  for (const path of foreignCollections) emptyCollection(app, path);
};

const accepted = (app: FastifyInstance, path: string, access: AccessRule, summary: string): void => {
  app.post(path, { config: { access }, schema: { tags: ['platform'], summary } }, async (_request, reply) =>
    reply.code(200).send(),
  );
};

const emptyCollection = (app: FastifyInstance, path: string): void => {
  const schema = { tags: ['not of Foyer'], summary: 'Always empty: building control is not of Foyer' };
  app.get(
    `/${path}`,
    { config: { access: anyToken }, schema: { ...schema, response: { 200: Type.Array(Type.Unknown()) } } },
    async (_request: FastifyRequest, reply: FastifyReply) => {
      reply.header('x-total-count', '0');
      reply.header('content-range', `${path} 0-0/0`);
      return [];
    },
  );
  app.get(
    `/${path}/:id`,
    { config: { access: anyToken }, schema: { ...schema, hide: true } },
    async (request) => {
      throw new FoyerError('not_found', {
        detail: `Key not present: ${(request.params as { id: string }).id}`,
      });
    },
  );
};
