/**
 * @module `Idempotency-Key` on creating requests: equal requests with one key are one request, however many come
 * and at whichever node; the same key with another body is refused.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';
import {
  claimRequest,
  type KeyedRequest,
  keepRequestAnswer,
  releaseRequest,
} from '#model/idempotency/idempotency-store.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { Db } from '#model/tables.ts';
import { failField } from './assign.ts';

interface Deps {
  db: Db;
  keyring: Keyring;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while this request holds the claim on its Idempotency-Key. */
    keyed: KeyedRequest | undefined;
  }
}

const hash = (parts: readonly unknown[]): Buffer =>
  createHash('sha256').update(JSON.stringify(parts)).digest();
const pauseMs = 50;
const tries = 100;

export const honourIdempotencyKeys = (app: FastifyInstance, deps: Deps): void => {
  app.decorateRequest('keyed', undefined);
  app.addHook('preHandler', async (request, reply) => {
    const keyed = keyedOf(request);
    if (keyed) return claim(deps, keyed, request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { keyed } = request;
    if (!keyed) return;
    request.keyed = undefined;
    if (reply.statusCode >= 200 && reply.statusCode < 300) {
      const text = typeof payload === 'string' ? payload : '';
      await keepRequestAnswer(deps.db, deps.keyring, keyed, { status: reply.statusCode, text });
    } else if (reply.statusCode < 500) {
      await releaseRequest(deps.db, keyed);
    }
  });
};

const keyedOf = (request: FastifyRequest): KeyedRequest | undefined => {
  const key = request.headers['idempotency-key'];
  // Only a caller who was let in has keys of their own.
  if (request.method !== 'POST' || key === undefined || !request.caller) return undefined;
  if (typeof key !== 'string' || !/^[\u0021-\u007e]{1,255}$/.test(key)) {
    return failField('Idempotency-Key', 'must be 1 to 255 visible characters');
  }
  const { apiKeyId, userId, payload } = request.caller;
  return {
    domainId: request.domain.id,
    keyHash: hash([apiKeyId ?? '', userId ?? payload.sub, key]),
    requestHash: hash([request.url, request.body ?? null]),
  };
};

const claim = async (
  deps: Deps,
  keyed: KeyedRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> => {
  for (let i = 0; i < tries; i++) {
    const known = await claimRequest(deps.db, deps.keyring, keyed);
    if (known.kind === 'ours') {
      request.keyed = keyed;
      return undefined;
    }
    if (known.kind === 'other_request') {
      return failField('Idempotency-Key', 'was used for another request already');
    }
    if (known.kind === 'answered') {
      const { status, text } = known.answer;
      reply.header('idempotent-replayed', 'true').header('cache-control', 'no-store');
      if (text !== '') reply.type('application/json; charset=utf-8');
      return reply.code(status).send(text === '' ? undefined : text);
    }
    await sleep(pauseMs);
  }
  throw new FoyerError('conflict', { detail: 'A request with this Idempotency-Key has not ended' });
};
