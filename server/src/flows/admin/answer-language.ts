/** The language of an answer that carries the catalogue's texts. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Language, languageOf } from '#base/lib/language.ts';

export const answerLanguage = (request: FastifyRequest, reply: FastifyReply): Language => {
  // The same address answers in two languages, which caches have to know (RFC 9110 §12.5.5).
  reply.header('vary', 'accept-language');
  return languageOf(request.headers['accept-language']);
};
