/** `/metadata`: named JSON documents beside people. */
import { IdParams } from '@foyer/contract/engine.ts';
import {
  MetadataBody,
  MetadataBulkQuery,
  MetadataHistoryMap,
  MetadataHistoryQuery,
  MetadataMap,
  MetadataQuery,
  MetadataRename,
  MetadataView,
} from '@foyer/contract/metadata.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { listMetadata, listMetadataHistory } from '#model/metadata/metadata-store.ts';
import type { AccessRule } from '../access-rule.ts';
import { readFields } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf, queryText } from '../list-params.ts';
import { ifMatchOf, setEtag } from '../precondition.ts';
import { actorOf } from '../request-actor.ts';
import { metadataByName, metadataView } from './metadata-view.ts';
import { listOfParents } from './read-metadata.ts';
import { getParent, giveMetadataName, removeMetadata, writeMetadata } from './save-metadata.ts';

const tags = ['metadata'];
const access: AccessRule = { scope: 'metadata' };
const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

export const metadataRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  app.get(
    '/metadata/:id',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Documents of a parent, by name',
        params: IdParams,
        querystring: MetadataQuery,
        response: { 200: MetadataMap },
      },
    },
    async (request) => {
      const parent = await getParent(deps.db, request.caller, idOf(request));
      const name = queryText(request, 'name');
      return metadataByName(await listMetadata(deps.db, parent.domainId, [parent.id], name));
    },
  );

  app.get(
    '/metadata/:id/history',
    {
      config: { access },
      schema: {
        tags,
        summary: 'States of the documents, the newest first; twenty of each are kept',
        params: IdParams,
        querystring: MetadataHistoryQuery,
        response: { 200: MetadataHistoryMap },
      },
    },
    async (request) => {
      const parent = await getParent(deps.db, request.caller, idOf(request));
      const page = { ...listRequestOf(request), name: queryText(request, 'name') };
      const states = await listMetadataHistory(deps.db, parent.domainId, parent.id, page);
      const byName: Record<string, object[]> = {};
      for (const state of states) {
        const list = byName[state.name] ?? [];
        byName[state.name] = [...list, metadataView(state)];
      }
      return byName;
    },
  );

  app.get(
    '/metadata/:id/bulk',
    {
      config: { access },
      schema: {
        tags,
        summary: 'The documents of one name, by parent',
        params: IdParams,
        querystring: MetadataBulkQuery,
        response: { 200: MetadataMap },
      },
    },
    async (request) => {
      const rawIds = queryText(request, 'parent_ids');
      const documents = await listOfParents(deps.db, request.caller, rawIds, idOf(request));
      return Object.fromEntries(documents.map((each) => [each.parentId, metadataView(each)]));
    },
  );

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/metadata/:id',
    config: { access },
    schema: {
      tags,
      summary: 'Write a document; PUT replaces its details, PATCH merges them',
      params: IdParams,
      body: MetadataBody,
      response: { 200: MetadataView },
    },
    handler: async (request, reply) => {
      const required = ['name', 'description', 'details'];
      const body = readFields(MetadataBody, request.body, { required, nonEmpty: ['name'], creating: true });
      const { name = '', description = '', details } = body;
      const saved = await writeMetadata(deps, request.caller, actorOf(request), {
        parentId: idOf(request),
        fields: { ...body, name, description, details },
        merge: request.method === 'PATCH',
        ifMatch: ifMatchOf(request),
      });
      setEtag(reply, saved.version);
      return metadataView(saved);
    },
  });

  app.patch(
    '/metadata/:id/name',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Give a document another name',
        params: IdParams,
        body: MetadataRename,
        response: { 200: MetadataView },
      },
    },
    async (request, reply) => {
      const nonEmpty = ['current_name', 'new_name'];
      const body = readFields(MetadataRename, request.body, { nonEmpty, creating: true });
      const { current_name: currentName = '', new_name: newName = '' } = body;
      const names = { parentId: idOf(request), currentName, newName };
      const saved = await giveMetadataName(deps, request.caller, actorOf(request), names);
      setEtag(reply, saved.version);
      return metadataView(saved);
    },
  );

  app.delete(
    '/metadata/:id',
    {
      config: { access },
      schema: { tags, summary: 'Delete a document', params: IdParams, querystring: MetadataQuery },
    },
    async (request, reply) => {
      const removal = { parentId: idOf(request), name: queryText(request, 'name') };
      await removeMetadata(deps, request.caller, actorOf(request), removal);
      return reply.code(202).send();
    },
  );
};
