import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type App, type Person, stableGuid } from './directory.ts';
import type { FaultTarget } from './fault-box.ts';
import type { FaultName } from './faults.ts';
import type { Claims, Signing } from './key-ring.ts';
import { graphAppId, type RequestedScopes, scopeClaim } from './scopes.ts';
import { type EntraState, issuerOf, nowSeconds } from './state.ts';

/** Who signed in to what; from it every token is made. */
export interface SignIn {
  app: App;
  person: Person;
  tenantId: string;
  sid: string;
  nonce: string | undefined;
  signedInAt: number;
}

/** Entra back-dates its tokens by five minutes, and they live 60 to 90 minutes from now. */
const backdateSeconds = 300;
const accessTokenTtlSeconds = 3900;
const groupLimit = 200;
const fallbackSkewSeconds = 600;

/** The id that a person has for one app only: not the oid, and different for every app. */
export function pairwiseSubject(app: App, person: Person): string {
  return createHash('sha256').update(`${app.client_id}|${person.oid}|${person.tenantId}`).digest('base64url');
}

export function accessTokenTtl(state: EntraState, target: FaultTarget): number {
  const short = state.faults.take('short_lived_token', target);
  return short ? (short.seconds ?? 5) : accessTokenTtlSeconds;
}

/** An access token for Graph (v1 claims, opaque to clients) or for an app's own API (v2 claims). */
export function mintAccessToken(
  state: EntraState,
  loginBase: string,
  signIn: SignIn,
  scopes: RequestedScopes,
  ttlSeconds: number,
): string {
  const { app, person } = signIn;
  const now = nowSeconds(state);
  const shared: Claims = {
    iat: now - backdateSeconds,
    nbf: now - backdateSeconds,
    exp: now + ttlSeconds,
    name: person.display_name,
    oid: person.oid,
    scp: scopeClaim(scopes),
    sid: signIn.sid,
    sub: pairwiseSubject(app, person),
    tid: signIn.tenantId,
    xms_epoch: person.tokenEpoch,
    ...openIdExtras(),
  };
  if (scopes.api === 'graph') {
    const claims = {
      aud: graphAppId,
      iss: `https://sts.windows.net/${signIn.tenantId}/`,
      ...shared,
      acct: person.guest ? 1 : 0,
      acr: '1',
      amr: ['pwd'],
      app_displayname: app.name,
      appid: app.client_id,
      appidacr: app.public_client ? '0' : '1',
      idtyp: 'user',
      unique_name: person.user_principal_name,
      upn: person.user_principal_name,
      ver: '1.0',
    };
    return state.keys.signGraphJwt(claims, randomBytes(32).toString('base64url'));
  }
  return state.keys.signJwt({
    aud: scopes.api.client_id,
    iss: issuerOf(loginBase, { id: signIn.tenantId }),
    ...shared,
    azp: app.client_id,
    azpacr: app.public_client ? '0' : '1',
    preferred_username: person.user_principal_name,
    ver: '2.0',
  });
}

/** An app's own token, without a person: `roles` instead of `scp`. */
export function mintAppToken(
  state: EntraState,
  loginBase: string,
  app: App,
  tenantId: string,
  scopes: RequestedScopes,
  ttlSeconds: number,
): string {
  const now = nowSeconds(state);
  const graph = scopes.api === 'graph';
  const claims: Claims = {
    aud: scopes.api === 'graph' ? graphAppId : scopes.api.client_id,
    iss: graph ? `https://sts.windows.net/${tenantId}/` : issuerOf(loginBase, { id: tenantId }),
    iat: now - backdateSeconds,
    nbf: now - backdateSeconds,
    exp: now + ttlSeconds,
    ...(graph ? { appid: app.client_id } : { azp: app.client_id }),
    idtyp: 'app',
    oid: createHash('md5').update(app.client_id).digest('hex'),
    sub: createHash('md5').update(app.client_id).digest('hex'),
    roles: [...app.app_roles],
    tid: tenantId,
    ver: graph ? '1.0' : '2.0',
    ...openIdExtras(),
  };
  return graph
    ? state.keys.signGraphJwt(claims, randomBytes(32).toString('base64url'))
    : state.keys.signJwt(claims);
}

/**
 * An ID token. `name`, `preferred_username` and `oid` come only with the scope `profile`, `email` only with
 * `email`, unless the app registration has them as optional claims.
 */
export async function mintIdToken(
  state: EntraState,
  loginBase: string,
  signIn: SignIn,
  oidcScopes: readonly string[],
  target: FaultTarget,
): Promise<string> {
  const { app, person, tenantId } = signIn;
  const hit = (name: FaultName) => state.faults.take(name, target);
  if (hit('rotated_keys')) await state.keys.rotate();

  const claims: Claims = {
    aud: app.client_id,
    iss: issuerOf(loginBase, { id: tenantId }),
    ...times(state, target),
    ...(person.guest ? { idp: `https://sts.windows.net/${randomUUID()}/` } : {}),
    ...(signIn.nonce === undefined ? {} : { nonce: signIn.nonce }),
    sub: pairwiseSubject(app, person),
    tid: tenantId,
    ver: '2.0',
    ...openIdExtras(),
    ...personClaims(person, oidcScopes, app.optional_claims, signIn),
    ...(person.roles.length > 0 ? { roles: person.roles } : {}),
  };

  if (hit('wrong_nonce')) claims.nonce = randomUUID();
  if (hit('missing_nonce')) delete claims.nonce;
  if (hit('wrong_aud')) claims.aud = randomUUID();
  if (hit('wrong_iss')) claims.iss = issuerOf('https://login.evil.example', { id: tenantId });
  if (hit('missing_sub')) delete claims.sub;
  if (hit('no_oid')) delete claims.oid;
  if (hit('other_tenant_tid')) claims.tid = '00000000-0000-4000-a000-0000000000ff';
  return state.keys.signJwt(claims, signingFor(hit));
}

/** `client_info` of the answer, for clients that asked with `client_info=1`: the account at home, also of a guest. */
export function clientInfo(person: Person): string {
  const home = person.guest
    ? { uid: stableGuid(`home|${person.email}`, false), utid: stableGuid('a tenant elsewhere', false) }
    : { uid: person.oid, utid: person.tenantId };
  return Buffer.from(JSON.stringify(home)).toString('base64url');
}

function times(state: EntraState, target: FaultTarget): Claims {
  const skewed = state.faults.take('skewed_clock', target);
  const now = nowSeconds(state) + (skewed ? (skewed.seconds ?? fallbackSkewSeconds) : 0);
  if (state.faults.take('expired_id_token', target)) {
    return { iat: now - 7500, nbf: now - 7500, exp: now - 3600 };
  }
  const future = state.faults.take('future_iat', target);
  // a skewed clock is seen in iat only if the usual five minutes do not hide it
  const issuedAt = future ? now + (future.seconds ?? 3600) : now - (skewed ? 0 : backdateSeconds);
  return { iat: issuedAt, nbf: issuedAt, exp: issuedAt + accessTokenTtlSeconds };
}

function personClaims(
  person: Person,
  oidcScopes: readonly string[],
  optionalClaims: readonly string[],
  signIn: SignIn,
): Claims {
  const byScope = {
    ...(oidcScopes.includes('profile')
      ? { name: person.display_name, oid: person.oid, preferred_username: person.user_principal_name }
      : {}),
    ...(oidcScopes.includes('email') && person.mail !== null ? { email: person.mail } : {}),
  };
  const available: Claims = {
    name: person.display_name,
    oid: person.oid,
    preferred_username: person.user_principal_name,
    upn: person.user_principal_name,
    given_name: person.given_name,
    family_name: person.surname,
    email: person.mail,
    xms_edov: person.xms_edov,
    acct: person.guest ? 1 : 0,
    auth_time: signIn.signedInAt,
    sid: signIn.sid,
  };
  const optional = Object.fromEntries(
    optionalClaims
      .filter((name) => (available[name] ?? null) !== null)
      .map((name) => [name, available[name]]),
  );
  return { ...byScope, ...optional, ...(optionalClaims.includes('groups') ? groupClaims(person) : {}) };
}

/** Above 200 groups Entra names the place to ask instead of the groups. */
function groupClaims(person: Person): Claims {
  if (person.groups.length <= groupLimit) return { groups: person.groups.map(({ id }) => id) };
  return {
    _claim_names: { groups: 'src1' },
    _claim_sources: {
      src1: { endpoint: `https://graph.windows.net/${person.tenantId}/users/${person.oid}/getMemberObjects` },
    },
  };
}

function openIdExtras(): Claims {
  return {
    aio: randomBytes(60).toString('base64url'),
    rh: `1.A${randomBytes(36).toString('base64url')}.`,
    uti: randomBytes(16).toString('base64url'),
  };
}

function signingFor(hit: (name: FaultName) => unknown): Signing {
  if (hit('alg_none')) return 'none';
  if (hit('alg_hs256')) return 'hs256';
  if (hit('bad_signature')) return 'bad_signature';
  if (hit('unknown_kid')) return 'unpublished_key';
  return 'current';
}
