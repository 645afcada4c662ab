/**
 * @module Bodies of the engine API: JSON only, valid UTF-8, at most 32 deep, nothing that PostgreSQL cannot store as
 * text, no key given twice (S-131, S-132). `__proto__` is dropped.
 */
import type { FastifyInstance } from 'fastify';
import { parseJsonStrict } from '#base/lib/egress/parse-json-strict.ts';
import { FoyerError } from '#base/lib/errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const flawWords = {
  duplicate_key: 'a member is given twice',
  nul: 'a string holds a NUL character',
  lone_surrogate: 'a string is not valid Unicode',
} as const;

const parseBody = (body: Buffer): unknown => {
  if (body.length === 0) return undefined;
  const refuse = (detail: string): never => {
    throw new FoyerError('bad_request', { detail });
  };
  let text = '';
  try {
    text = utf8.decode(body);
  } catch {
    refuse('the body is not valid UTF-8');
  }
  let parsed: ReturnType<typeof parseJsonStrict>;
  try {
    parsed = parseJsonStrict(text, 32);
  } catch (error) {
    const tooDeep = error instanceof FoyerError && error.detail === 'json depth';
    return refuse(tooDeep ? 'the body is nested too deeply' : 'the body is not valid JSON');
  }
  const flaw = parsed.flaws[0];
  return flaw ? refuse(flawWords[flaw]) : parsed.value;
};

const isJson = (contentType: string): boolean => /^application\/json *(;|$)/i.test(contentType.trim());

/** Replaces every body parser of this instance by the one above. A body without a type counts as JSON. */
export const acceptOnlyJson = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    const type = request.headers['content-type'] ?? '';
    if (body.length > 0 && type !== '' && !isJson(type)) {
      done(new FoyerError('unsupported_media_type', { detail: 'Only application/json is accepted' }));
      return;
    }
    try {
      done(null, parseBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onRequest', async (request) => {
    const accept = request.headers.accept ?? '*/*';
    if (!/\*\/\*|application\/\*|application\/json/i.test(accept)) {
      throw new FoyerError('not_acceptable', { detail: 'Only application/json is served' });
    }
  });
};
