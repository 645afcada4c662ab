import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { AadstsError } from './aadsts.ts';
import { type App, type Authority, consumersTenantId } from './directory.ts';
import { type Exchange, param } from './exchange.ts';
import { authorityPath, type EntraState, getApp, nowSeconds } from './state.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The client id and secret of a token request, from the body or from Basic authentication. */
export function readClient(exchange: Exchange): { id: string | undefined; secret: string | undefined } {
  const basic = /^Basic (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    // RFC 6749 §2.3.1: both halves are form-encoded
    return { id: formDecode(id), secret: formDecode(secret.join(':')) };
  }
  return { id: param(exchange.form, 'client_id'), secret: param(exchange.form, 'client_secret') };
}

/**
 * The app of a token request, its credentials checked.
 *
 * @throws {AadstsError} 900144, 700016, 7000218, 700025, 7000215, 7000222, 700027 and its siblings
 */
export function authenticateClient(state: EntraState, exchange: Exchange, authority: Authority): App {
  const client = readClient(exchange);
  const app = getApp(state, authority, client.id);
  const assertion = param(exchange.form, 'client_assertion');
  if (app.public_client) {
    if (client.secret !== undefined || assertion !== undefined) throw new AadstsError(700025);
    return app;
  }
  if (assertion !== undefined && param(exchange.form, 'client_assertion_type') === assertionType) {
    checkAssertion(state, exchange, authority, app, assertion);
    return app;
  }
  if (client.secret === undefined) throw new AadstsError(7000218);
  // the secret's id, and every other value, get the same answer: the text itself hints at the id
  const secrets = [{ value: app.client_secret, expires_at: app.secret_expires_at }, ...app.more_secrets];
  const secret = secrets.find(({ value }) => value === client.secret);
  if (!secret) throw new AadstsError(7000215, { app: app.client_id });
  if (secret.expires_at !== undefined && Date.parse(secret.expires_at) <= state.nowMs()) {
    throw new AadstsError(7000222, { app: app.client_id });
  }
  return app;
}

/** @see RFC 7523 §3; the certificate is found by its thumbprint, not by a `kid` */
function checkAssertion(
  state: EntraState,
  exchange: Exchange,
  authority: Authority,
  app: App,
  rawAssertion: string,
): void {
  const { header, claims, input, signature } = parseJwt(rawAssertion);
  const algorithm = header.alg;
  if (algorithm !== 'RS256' && algorithm !== 'PS256') throw new AadstsError(50027);

  const { x5t, 'x5t#S256': x5tS256 } = header;
  const shown = [x5tS256, x5t].find((value) => typeof value === 'string');
  const thumbprint =
    shown === undefined ? '' : Buffer.from(String(shown), 'base64url').toString('hex').toUpperCase();
  const certificate = app.certificates
    .map((pem) => new X509Certificate(pem))
    .find((one) =>
      x5tS256 !== undefined
        ? thumbprintOf(one, 'sha256') === String(x5tS256)
        : x5t !== undefined && thumbprintOf(one, 'sha1') === String(x5t),
    );
  if (!certificate) throw new AadstsError(700027, { app: app.client_id, value: thumbprint });
  const key = certificate.publicKey;
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  if (!verify('sha256', Buffer.from(input), algorithm === 'PS256' ? pss : key, signature)) {
    throw new AadstsError(700027, { app: app.client_id, value: thumbprint });
  }

  if (claims.iss !== app.client_id || claims.sub !== app.client_id) {
    throw new AadstsError(700030, { app: app.client_id });
  }
  const audiences = [claims.aud].flat();
  const base = `${exchange.loginBase}/${exchange.params.tenant ?? authorityPath(authority)}`;
  const accepted = [`${base}/oauth2/v2.0/token`, `${base}/v2.0`];
  if (!audiences.some((audience) => accepted.includes(String(audience)))) throw new AadstsError(700023);
  const now = nowSeconds(state);
  const notBefore = Number(claims.nbf ?? 0);
  const expiry = Number(claims.exp ?? 0);
  // Entra forgives five minutes
  if (expiry < now - 300 || notBefore > now + 300) {
    throw new AadstsError(700024, {
      value: new Date(now * 1000).toISOString(),
      other: new Date(expiry * 1000).toISOString(),
    });
  }
}

/** Where an authority's tokens belong when it names no tenant. */
export function tenantIdFor(authority: Authority): string | undefined {
  if (authority.kind === 'tenant') return authority.tenant.id;
  return authority.alias === 'consumers' ? consumersTenantId : undefined;
}

function parseJwt(rawJwt: string): {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  input: string;
  signature: Buffer;
} {
  const [header = '', claims = '', signature = '', ...rest] = rawJwt.split('.');
  try {
    if (rest.length > 0) throw new Error('too many parts');
    return {
      header: JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as Record<string, unknown>,
      claims: JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<string, unknown>,
      input: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    throw new AadstsError(50027);
  }
}

function thumbprintOf(certificate: X509Certificate, hash: 'sha1' | 'sha256'): string {
  return createHash(hash).update(certificate.raw).digest('base64url');
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
