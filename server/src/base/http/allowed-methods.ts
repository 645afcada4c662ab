/**
 * @module Which methods an address answers, for the refusal of all others: 405 with `Allow`, instead of the router's 404
 * (S-131; RFC 9110 §15.5.6).
 */
import type { FastifyInstance } from 'fastify';

export type AllowedMethods = (path: string) => string[];

const toPattern = (route: string): RegExp => {
  const parts = route.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.includes(':') ? '[^/]+' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}/?$`);
};

/** Call it before the first route is registered; the answer is sought only when a request found no route. */
export const collectAllowedMethods = (app: FastifyInstance): AllowedMethods => {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { pattern: toPattern(url), methods: new Set() };
    for (const each of [method].flat()) route.methods.add(each);
    routes.set(url, route);
  });
  return (path) => {
    const found = [...routes.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  };
};
