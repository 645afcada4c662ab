/**
 * @module npm `oidc-provider`, strict and written by somebody else, with the addresses, issuer and peculiarities that a
 * vendor documents. One application is registered, with exactly the redirect URIs that it is given.
 */
import { randomBytes } from 'node:crypto';
import Provider, { type Configuration } from 'oidc-provider';
import type { Handle } from './start-vendors.ts';

export interface RegisteredApp {
  client_id: string;
  client_secret: string;
  redirect_uris: string[];
}

export interface OidcVendor {
  issuer: string;
  /** Of the vendor's own document, when it does not stand where OpenID Connect Discovery puts it. */
  documentPath?: string;
  routes: { authorization: string; token: string; userinfo?: string; jwks: string };
  /** Whoever asks for another one is refused. */
  scopes: readonly string[];
  /** Members of every person's profile beside `sub`, `name`, `given_name`, `family_name` and `email`. */
  claims?: Readonly<Record<string, unknown>>;
  /** Whether this authorize request is answered with a refresh token. */
  givesRefreshToken(query: URLSearchParams): boolean;
  /** Whether it is answered with an access token that can be used. Default: always. */
  givesAccessToken?(query: URLSearchParams): boolean;
  /** The claims stand in the ID token too, as with most vendors. */
  claimsInIdToken?: boolean;
  /** Of every answer, e.g. a `Cross-Origin-Opener-Policy`. */
  headers?: Readonly<Record<string, string>>;
}

const wellKnown = '/.well-known/openid-configuration';
const profileClaims = ['name', 'given_name', 'family_name', 'email', 'email_verified'];

const personOf = (id: string, more: OidcVendor['claims']) => ({
  sub: id,
  name: `${id} Adams`,
  given_name: id,
  family_name: 'Adams',
  email: `${id.toLowerCase()}@contoso.test`,
  email_verified: true,
  ...more,
});

const configurationOf = (vendor: OidcVendor, app: RegisteredApp, query: () => URLSearchParams) => {
  const { userinfo, ...routes } = vendor.routes;
  return {
    clients: [
      {
        ...app,
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    routes: { ...routes, ...(userinfo !== undefined && { userinfo }) },
    scopes: [...vendor.scopes],
    claims: { openid: ['sub', ...profileClaims, ...Object.keys(vendor.claims ?? {})] },
    conformIdTokenClaims: vendor.claimsInIdToken !== true,
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => personOf(id, vendor.claims),
    }),
    issueRefreshToken: async () => vendor.givesRefreshToken(query()),
    features: {
      devInteractions: { enabled: true },
      userinfo: { enabled: userinfo !== undefined },
    },
    pkce: { required: () => true },
    cookies: { keys: [randomBytes(16).toString('hex')] },
  } as unknown as Configuration;
};

export const playOidcVendor = (vendor: OidcVendor, app: RegisteredApp): Handle => {
  let asked = new URLSearchParams();
  const provider = new Provider(
    vendor.issuer,
    configurationOf(vendor, app, () => asked),
  );
  provider.use(async (context, next) => {
    if (context.path === vendor.routes.authorization) {
      asked = new URLSearchParams(context.querystring);
      const foreign = (asked.get('scope') ?? '').split(' ').filter((each) => !vendor.scopes.includes(each));
      // On a page of the vendor's own, as with Google: the person never returns.
      if (foreign.length > 0) context.throw(400, `invalid_scope: ${foreign}`);
    }
    await next();
    const isToken = context.path === vendor.routes.token && context.status === 200;
    if (isToken && vendor.givesAccessToken?.(asked) === false) {
      const { access_token: _left, ...rest } = context.body as Record<string, unknown>;
      context.body = rest;
    }
    // Its pages want a font from a server that a test does not have.
    if (typeof context.body === 'string') context.body = context.body.replace(/@import url\([^)]*\);/, '');
    for (const [name, value] of Object.entries(vendor.headers ?? {})) context.set(name, value);
  });
  const answer = provider.callback();
  return (request, response) => {
    if (vendor.documentPath !== undefined && request.url?.split('?')[0] === vendor.documentPath) {
      request.url = wellKnown;
    }
    void answer(request, response);
  };
};
