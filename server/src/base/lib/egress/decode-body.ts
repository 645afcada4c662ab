/**
 * Decompression with a bound on what comes out, so that a small answer cannot become a large one (S-105).
 * Foyer asks for no compression; some servers compress all the same.
 */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { FoyerError } from '#base/lib/errors.ts';
import { nodeCodeOf } from './upstream-failure.ts';

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const inflateWithHeader: Decoder = promisify(inflate);
const inflateWithoutHeader: Decoder = promisify(inflateRaw);
const gunzipBody: Decoder = promisify(gunzip);
const brotliBody: Decoder = promisify(brotliDecompress);

// "deflate" should have a zlib header (RFC 9110 §8.4.1.2); some servers send it without.
const deflateBody: Decoder = (body, options) =>
  ((body[0] ?? 0) & 0x0f) === 8 ? inflateWithHeader(body, options) : inflateWithoutHeader(body, options);

const decoders: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', gunzipBody],
  ['x-gzip', gunzipBody],
  ['deflate', deflateBody],
  ['br', brotliBody],
]);

/**
 * Undoes one content encoding.
 * @throws {FoyerError} upstream_invalid: `too large` or `encoding`, with `evidence`
 */
export const decodeBody = async (
  body: Buffer,
  rawEncoding: string,
  maxBytes: number,
  evidence: Record<string, unknown>,
): Promise<Buffer> => {
  const decoder = decoders.get(rawEncoding.trim().toLowerCase());
  if (decoder === undefined) throw new FoyerError('upstream_invalid', { detail: 'encoding', evidence });
  try {
    return await decoder(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    const isLarge = nodeCodeOf(cause) === 'ERR_BUFFER_TOO_LARGE';
    throw new FoyerError('upstream_invalid', { detail: isLarge ? 'too large' : 'encoding', cause, evidence });
  }
};
