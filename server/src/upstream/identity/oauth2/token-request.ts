/** The request to the token endpoint, in every way that a source can be set to (contract §2.2). Pure. */
import type { EgressRequest } from '#base/lib/egress/egress.ts';

export type Grant =
  | {
      type: 'authorization_code';
      code: string;
      redirectUri: string;
      codeVerifier: string | undefined;
      /** Asks Entra who the account is (see `client-info.ts`). */
      clientInfo?: boolean;
    }
  | { type: 'refresh_token'; refreshToken: string };

export interface TokenClient {
  clientId: string;
  clientSecret: string;
  authScheme: string;
  tokenMethod: string;
  tokenUrl: string;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const grantParams = (grant: Grant): Record<string, string> => {
  if (grant.type === 'refresh_token') {
    return { grant_type: 'refresh_token', refresh_token: grant.refreshToken };
  }
  return {
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
    ...(grant.codeVerifier === undefined ? {} : { code_verifier: grant.codeVerifier }),
    ...(grant.clientInfo ? { client_info: '1' } : {}),
  };
};

const clientParams = (client: TokenClient, assertion: string | undefined): Record<string, string> => {
  switch (client.authScheme) {
    case 'basic_auth':
      return {};
    case 'tls_client_auth':
      return { client_id: client.clientId };
    case 'private_key_jwt':
      return {
        client_id: client.clientId,
        client_assertion_type: assertionType,
        client_assertion: assertion ?? '',
      };
    default:
      return { client_id: client.clientId, client_secret: client.clientSecret };
  }
};

/** PlaceOS sends both halves as they are, so registered secrets work as they did; RFC 6749 §2.3.1 would encode them. */
const basicAuthorization = ({ clientId, clientSecret }: TokenClient): string =>
  `Basic ${Buffer.from(`${clientId}:${clientSecret}`, 'utf8').toString('base64')}`;

/**
 * Puts the request together. Only `post` keeps its parameters out of the URL; the others are for providers that demand
 * it, and are then in that provider's logs.
 * @see RFC 6749 §4.1.3, §6
 */
export const buildTokenRequest = (client: TokenClient, grant: Grant, assertion?: string): EgressRequest => {
  const params = new URLSearchParams({ ...grantParams(grant), ...clientParams(client, assertion) });
  const headers: Record<string, string> = { accept: 'application/json' };
  if (client.authScheme === 'basic_auth') headers.authorization = basicAuthorization(client);
  const shared = {
    headers,
    accept: 'any',
    step: grant.type === 'refresh_token' ? 'refresh' : 'token',
  } as const;

  if (client.tokenMethod === 'post') {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    return { url: client.tokenUrl, method: 'POST', body: params.toString(), ...shared };
  }
  const url = new URL(client.tokenUrl);
  for (const [name, value] of params) url.searchParams.set(name, value);
  const method = client.tokenMethod === 'get' ? 'GET' : client.tokenMethod === 'put' ? 'PUT' : 'POST';
  return { url: url.href, method, ...shared };
};
