/**
 * @module A plain OAuth2 provider that a test programs: who signs in next, what the profile and the tokens say. It is
 * strict about what Foyer must send (client, secret, redirect URI, PKCE, codes of one use) and counts its hits.
 *
 *     const provider = await startProvider();
 *     provider.next({ id: '1', email: 'ann@example.com' });
 */
import { createHash, randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Hit {
  endpoint: 'authorize' | 'token' | 'profile';
  params: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
}

interface Grant {
  profile: unknown;
  clientId: string;
  redirectUri: string;
  challenge: string | undefined;
}

export interface Provider {
  url: string;
  /** `host:port`, as an operator allows it. */
  address: string;
  hits: Hit[];
  count(endpoint: Hit['endpoint']): number;
  /** Who signs in from now on: a profile, or the text that is sent in its place. */
  next(profile: unknown): void;
  /** Members that replace those of every token answer; `undefined` removes one. */
  tokenAnswer: Record<string, unknown>;
  /** Instead of signing anybody in, the provider comes back with these parameters. */
  refuseWith: Record<string, string> | undefined;
  /** Tokens as issued, newest last. */
  issued: { accessToken: string; refreshToken: string }[];
  close(): Promise<void>;
}

export interface ProviderOptions {
  clientId?: string;
  clientSecret?: string;
}

export const startProvider = async (options: ProviderOptions = {}): Promise<Provider> => {
  const { clientId = 'client', clientSecret = 'secret' } = options;
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, Grant>();
  let profile: unknown = { id: 'nobody' };

  const authorize = (params: Record<string, string>, response: ServerResponse): void => {
    const to = new URL(params.redirect_uri ?? '');
    const answer = provider.refuseWith ?? { code: randomUUID() };
    for (const [name, value] of Object.entries({ ...answer, state: params.state ?? '' })) {
      to.searchParams.append(name, value);
    }
    if ('code' in answer) {
      codes.set(answer.code as string, {
        profile,
        clientId: params.client_id ?? '',
        redirectUri: params.redirect_uri ?? '',
        challenge: params.code_challenge,
      });
    }
    response.writeHead(302, { location: to.href }).end();
  };
  const token = (params: Record<string, string>, response: ServerResponse): void => {
    const grant = codes.get(params.code ?? '');
    const challenge = createHash('sha256')
      .update(params.code_verifier ?? '')
      .digest('base64url');
    if (params.client_id !== clientId || params.client_secret !== clientSecret) {
      json(response, 401, { error: 'invalid_client' });
      return;
    }
    // RFC 6749 §4.1.3: the client comes first, the code second, and it is used up by any try of its client.
    codes.delete(params.code ?? '');
    if (!grant || grant.redirectUri !== params.redirect_uri || grant.challenge !== challenge) {
      json(response, 400, { error: 'invalid_grant' });
      return;
    }
    const accessToken = `at-${randomUUID()}`;
    const refreshToken = `rt-${randomUUID()}`;
    tokens.set(accessToken, grant);
    provider.issued.push({ accessToken, refreshToken });
    json(response, 200, {
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'profile',
      ...provider.tokenAnswer,
    });
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', provider.url);
    const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : [];
    const params = Object.fromEntries([...url.searchParams, ...form]);
    const endpoint = url.pathname.slice(1) as Hit['endpoint'];
    provider.hits.push({ endpoint, params, headers: request.headers });
    if (endpoint === 'authorize') authorize(params, response);
    else if (endpoint === 'token') token(params, response);
    else {
      const grant = tokens.get((request.headers.authorization ?? '').slice('Bearer '.length));
      if (grant) json(response, 200, grant.profile);
      else json(response, 401, { error: 'invalid_token' });
    }
  };

  const server = http.createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const provider: Provider = {
    url: `http://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    hits: [],
    count: (endpoint) => provider.hits.filter((hit) => hit.endpoint === endpoint).length,
    next(next) {
      profile = next;
    },
    tokenAnswer: {},
    refuseWith: undefined,
    issued: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return provider;
};

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
};
