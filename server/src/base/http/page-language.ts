import type { FastifyRequest } from 'fastify';
import { type Language, languageOf } from '#base/lib/language.ts';

/** The language of the page that answers this request. */
export const pageLanguageOf = ({ headers }: Pick<FastifyRequest, 'headers'>): Language =>
  languageOf(headers['accept-language']);
