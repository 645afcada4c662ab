/**
 * @module Certificates for servers on loopback, good until 2056. Tests only: the key is public.
 * The CA vouches for localhost, 127.0.0.1, ::1, example.test, *.example.test and the hosts of the vendors' sign-in, so
 * that a test can use their real URLs. `make-certificates.sh` makes them anew.
 */
import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The certificate to trust. */
export const testCa = read('ca.pem');
export const testServerKey = read('server-key.pem');

/** What a TLS server presents: `createServer({ ...testServerTls }, …)`. */
export const testServerTls = { key: testServerKey, cert: read('server.pem') };
/** For the same names, trusted by nobody. */
export const selfSignedTls = { key: testServerKey, cert: read('self-signed.pem') };
/** For the same names and from the same CA, but expired in 2020. */
export const expiredTls = { key: testServerKey, cert: read('expired.pem') };
