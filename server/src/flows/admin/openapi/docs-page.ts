/** The OpenAPI document to read: one page, rendered here, without script or foreign origin. */
import type { FastifyInstance } from 'fastify';
import { type Html, html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import type { OpenApi } from './document.ts';

interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  const?: unknown;
}

interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
}

interface Entry {
  method: string;
  path: string;
  operation: Operation;
}

const typeWord = (schema: Schema): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map(typeWord).join(' | ');
  if (schema.type === 'array') return `${typeWord(schema.items ?? {})}[]`;
  return schema.type ?? 'any';
};

const members = (schema: Schema | undefined): Html | undefined => {
  const properties = Object.entries((schema?.type === 'array' ? schema.items : schema)?.properties ?? {});
  if (properties.length === 0) return undefined;
  return html`<table>${properties.map(
    ([name, each]) =>
      html`<tr><td><code>${name}</code></td><td>${typeWord(each)}</td><td>${each.description ?? ''}</td></tr>`,
  )}</table>`;
};

const jsonOf = (content: Record<string, { schema?: Schema }> | undefined): Schema | undefined =>
  content?.['application/json']?.schema;

const section = ({ method, path, operation }: Entry): Html => {
  const [status, answer] =
    Object.entries(operation.responses ?? {}).find(([code]) => code.startsWith('2')) ?? [];
  const query = (operation.parameters ?? []).filter((each) => each.in === 'query');
  return html`<details>
<summary><code>${method.toUpperCase()} ${path}</code> ${operation.summary ?? ''}</summary>
<p>${operation.description ?? ''}</p>
${query.length > 0 && html`<p>Query: ${query.map(({ name }) => html`<code>${name}</code> `)}</p>`}
${operation.requestBody && html`<h3>Body</h3>${members(jsonOf(operation.requestBody.content))}`}
${status && html`<h3>Answer ${status}</h3>${members(jsonOf(answer?.content))}`}
</details>`;
};

const entriesOf = (document: { paths?: object }): Entry[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Operation>).map(([method, operation]) => ({
      method,
      path,
      operation,
    })),
  );

export const docsPage = (app: FastifyInstance, document: OpenApi): void => {
  app.get('/docs', { config: { errors: 'browser', domain: false } }, async (_request, reply) => {
    const entries = entriesOf(await document());
    const tags = [...new Set(entries.flatMap(({ operation }) => operation.tags ?? []))];
    return sendPage(reply, {
      title: 'Foyer engine API',
      width: 'wide',
      body: html`<h1>Foyer engine API</h1>
<p>The same as data: <a href="/api/engine/v2/openapi.json">openapi.json</a>. Credentials go into a header:
<code>Authorization: Bearer …</code> or <code>X-API-Key: …</code>.</p>
${tags.map(
  (tag) => html`<h2>${tag}</h2>
${entries.filter(({ operation }) => operation.tags?.includes(tag)).map(section)}`,
)}`,
    });
  });
};
