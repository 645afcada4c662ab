/**
 * @module Checks of a source while it is typed: pure ones at every call, and with `network` its hosts as well, ten times
 * a minute for each administrator (S-107). Nothing is written.
 */
import { DiscoverBody, DiscoveredProvider, SourceCheck, SourceCheckBody } from '@foyer/contract/dry-runs.ts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { createIpLimit } from '#base/http/ip-limit.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import type { Caller } from '#model/access/caller.ts';
import { discoverProvider } from '#upstream/identity/oauth2/discover-provider.ts';
import { reasonOf } from '#upstream/identity/oauth2/validate-issuer.ts';
import type { AccessRule } from '../access-rule.ts';
import { failField, readFields } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { readDraft } from '../dry-runs/read-draft.ts';
import { checkDraft } from './check-draft.ts';

const config: { access: AccessRule } = { access: { scope: 'o_auth_authentications', role: 'admin' } };
const tags = ['sources'];
const perMinute = 10;

const administratorOf = ({ userId, payload }: Caller): string => userId ?? payload.sub;

export const sourceCheckRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const networkLimit = createIpLimit(deps.clock, perMinute);
  const discoverLimit = createIpLimit(deps.clock, perMinute);

  app.post(
    '/source_checks',
    {
      config,
      schema: {
        tags,
        summary: 'What is wrong with the settings of a source, before it is saved',
        body: SourceCheckBody,
        response: { 200: Type.Array(SourceCheck) },
      },
    },
    async (request) => {
      const body = readFields(SourceCheckBody, request.body, { creating: false });
      const draft = await readDraft(deps, request.caller, body);
      if (body.network) networkLimit.take(administratorOf(request.caller));
      const domain = (draft.domainId && (await deps.domains.byId(draft.domainId))) || request.domain;
      return checkDraft(deps, { draft, domain, network: body.network === true });
    },
  );

  app.post(
    '/source_checks/discover',
    {
      config,
      schema: {
        tags,
        summary: 'What a provider says of itself: by issuer, discovery document, or Microsoft tenant',
        body: DiscoverBody,
        response: { 200: DiscoveredProvider },
      },
    },
    async (request) => {
      discoverLimit.take(administratorOf(request.caller));
      const { issuer } = readFields(DiscoverBody, request.body, { nonEmpty: ['issuer'], creating: true });
      try {
        return await discoverProvider(issuer ?? '', deps);
      } catch (error) {
        if (!isFoyerError(error)) throw error;
        const isNothing = error.code === 'validation_failed';
        return failField('issuer', isNothing ? 'This is neither a tenant nor an issuer.' : reasonOf(error));
      }
    },
  );
};
