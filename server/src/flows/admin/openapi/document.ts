/**
 * The OpenAPI document, made from the routes' own schemas: when somebody first asks, and in an instance of Fastify that
 * never listens, so that no start has to load and run its generator.
 */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { ApiError, ValidationError } from '@foyer/contract/engine.ts';
import type { FastifyInstance } from 'fastify';
import { answerSchemas } from '#base/http/answer-schemas.ts';
import { version } from '#base/lib/version.ts';
import type { AccessRule } from '../access-rule.ts';

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
  const scopes = [rule.scope].flat().map((scope) => `\`${scope}\``);
  return `Scope ${scopes.join(' or ')}${rule.role ? `, for ${roles[rule.role]}` : ''}.`;
};

const openApiOptions: FastifyDynamicSwaggerOptions = {
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

export type OpenApi = () => Promise<{ paths?: object }>;

export const createOpenApi = (prefix: string, routes: (scope: FastifyInstance) => void): OpenApi => {
  let document: ReturnType<OpenApi> | undefined;
  return () => {
    document ??= generate(prefix, routes);
    return document;
  };
};

const generate = async (
  prefix: string,
  routes: (scope: FastifyInstance) => void,
): Promise<{ paths?: object }> => {
  const [{ fastify }, { default: swagger }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
  ]);
  const app = fastify({ schemaController: answerSchemas });
  await app.register(swagger, openApiOptions);
  await app.register(async (scope) => routes(scope), { prefix });
  await app.ready();
  return app.swagger();
};
