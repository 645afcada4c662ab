/** The OpenAPI document, made from the routes' own schemas. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { ApiError, ValidationError } from '@foyer/contract/engine.ts';
import type { FastifyInstance } from 'fastify';
import type { AccessRule } from '../access-rule.ts';
import { version } from '../platform/version.ts';

const refusal = (description: string, schema: object) => ({
  description,
  content: { 'application/json': { schema } },
});

const words = (rule: AccessRule): string => {
  if (typeof rule === 'string') return `For ${rule === 'anyone' ? 'anyone' : 'any valid credential'}.`;
  const roles = {
    support: 'support people and administrators',
    admin: 'administrators',
    platform: 'administrators of the installation',
  };
  return `Scope \`${rule.scope}\`${rule.role ? `, for ${roles[rule.role]}` : ''}.`;
};

export const openApiOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Foyer engine API', version, license: { name: 'Apache-2.0' } },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
    security: [{ bearer: [] }, { apiKey: [] }],
  },
  transform: ({ schema, url, route }) => {
    const rule = route.config?.access ?? 'any token';
    return {
      url,
      schema: {
        ...schema,
        description: words(rule),
        ...(rule === 'anyone' && { security: [] }),
      },
    };
  },
  transformObject: (document) => {
    if (!('openapiObject' in document)) return document.swaggerObject;
    const { paths = {} } = document.openapiObject;
    for (const operations of Object.values(paths)) {
      for (const operation of Object.values(operations ?? {})) {
        const { responses } = operation as { responses?: Record<string, unknown> };
        if (!responses) continue;
        responses['401'] ??= refusal('No valid credential', ApiError);
        responses['403'] ??= { description: 'Role or scope is missing; empty body' };
        responses['404'] ??= refusal('Not there, or of another domain', ApiError);
        if ('requestBody' in (operation as object)) {
          responses['422'] ??= refusal('Fields that are not valid', ValidationError);
        }
      }
    }
    return document.openapiObject;
  },
};

export const openApiRoute = (app: FastifyInstance): void => {
  app.get(
    '/openapi.json',
    { config: { access: 'anyone', domain: false }, schema: { hide: true } },
    async (_request, reply) => reply.header('cache-control', 'max-age=300').send(app.swagger()),
  );
};
