/** @module A domain with an application and a signed-in person, and the steps that an application takes. */
import { sessionCookieName } from '#base/http/session-cookie.ts';
import { clientIdOf, randomToken, sha256, sha256Base64Url } from '#base/lib/ids.ts';
import type { Application } from '#model/applications/application.ts';
import { createApplication, type NewApplication } from '#model/applications/application-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Answer, Browser, RequestOptions } from '../../support/browser.ts';
import type { Foyer } from '../../support/start-foyer.ts';

export const verifier = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';
export const challenge = 'RqIZl4LIgn8KxW9QO-nTnv7pf0CnNrksx9fF-CXP2FE';

export interface RegisteredApp extends Application {
  secret: string;
}

let registered = 0;

/** Trusted and public unless told. */
export const registerApp = async (
  foyer: Foyer,
  domain: Domain,
  fields: Partial<NewApplication> = {},
): Promise<RegisteredApp> => {
  const redirectUri = fields.redirectUri ?? `https://app-${++registered}.test/oauth-resp.html`;
  const { application, secret } = await createApplication(foyer.services.db, domain.id, {
    name: `App ${redirectUri}`,
    uid: clientIdOf(redirectUri),
    scopes: 'public',
    skipAuthorization: true,
    ...fields,
    redirectUri,
  });
  await foyer.services.changes.announce({
    kind: 'application',
    domainId: domain.id,
    id: String(application.id),
  });
  return { ...application, secret };
};

export interface SignedInBrowser {
  browser: Browser;
  userId: string;
  sessionCookie: string;
}

/** A browser with a live session of a new person, as a sign-in would leave it. */
export const signIn = async (
  foyer: Foyer,
  domain: Domain,
  { userId, ageSeconds = 0 }: { userId?: string; ageSeconds?: number } = {},
): Promise<SignedInBrowser> => {
  const person = userId ?? (await foyer.seedUser(domain));
  const browser = foyer.browser(domain.host);
  const sessionCookie = await startSession(foyer, domain, person, ageSeconds);
  browser.cookies.set(sessionCookieName(true), sessionCookie);
  return { browser, userId: person, sessionCookie };
};

export const startSession = async (
  foyer: Foyer,
  domain: Domain,
  userId: string,
  ageSeconds = 0,
): Promise<string> => {
  const cookie = randomToken();
  await foyer.services.db.kysely
    .insertInto('sessions')
    .values({
      domain_id: domain.id,
      id_hash: sha256(cookie),
      public_id: randomToken(12),
      user_id: userId,
      provider: 'internal',
      authenticated_at: new Date(Date.now() - ageSeconds * 1_000),
      idle_expires_at: new Date(Date.now() + 3_600_000),
      expires_at: new Date(Date.now() + 86_400_000),
    })
    .execute();
  return cookie;
};

export type ParamMap = Record<string, string | string[] | undefined>;

export const queryOf = (params: ParamMap): string =>
  Object.entries(params)
    .flatMap(([name, value]) => [value ?? []].flat().map((each) => `${name}=${encodeURIComponent(each)}`))
    .join('&');

export const authorizePath = (app: Application, params: ParamMap = {}): string =>
  `/auth/oauth/authorize?${queryOf({
    response_type: 'code',
    client_id: app.uid,
    state: 'st4te',
    redirect_uri: app.redirectUri.split(/\s/)[0] as string,
    scope: 'public',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...params,
  })}`;

export const authorize = (
  browser: Browser,
  app: Application,
  params: ParamMap = {},
  options: RequestOptions = {},
): Promise<Answer> => browser.get(authorizePath(app, params), options);

/** The query of a redirect back to the application. */
export const answerOf = (answer: Answer): URLSearchParams => new URL(answer.location).searchParams;

export const codeFrom = async (
  browser: Browser,
  app: Application,
  params: ParamMap = {},
): Promise<string> => {
  const answer = await authorize(browser, app, params);
  const code = answer.location ? answerOf(answer).get('code') : null;
  if (!code) throw new Error(`no code: ${answer.status} ${answer.location} ${answer.body}`);
  return code;
};

/** As ts-client does: everything in the query, an empty form. */
export const exchange = (
  browser: Browser,
  app: Application,
  code: string,
  params: ParamMap = {},
): Promise<Answer> =>
  browser.post(
    `/auth/oauth/token?${queryOf({
      client_id: app.uid,
      redirect_uri: app.redirectUri.split(/\s/)[0] as string,
      code,
      grant_type: 'authorization_code',
      code_verifier: verifier,
      ...params,
    })}`,
    { form: {} },
  );

export const refresh = (
  browser: Browser,
  app: Application,
  refreshToken: string,
  form: Record<string, string> = {},
): Promise<Answer> =>
  browser.post('/auth/oauth/token', {
    form: { grant_type: 'refresh_token', client_id: app.uid, refresh_token: refreshToken, ...form },
  });

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  scope: string;
  created_at: number;
  token_type: string;
  id_token?: string;
}

export const tokensFor = async (
  browser: Browser,
  app: Application,
  params: ParamMap = {},
): Promise<Tokens> => {
  const answer = await exchange(browser, app, await codeFrom(browser, app, params));
  if (answer.status !== 200) throw new Error(`no tokens: ${answer.status} ${answer.body}`);
  return answer.json<Tokens & Record<string, unknown>>();
};

/** Whether an access token still counts. */
export const isLive = async (browser: Browser, accessToken: string): Promise<boolean> =>
  (await browser.get('/auth/oauth/token/info', { headers: { authorization: `Bearer ${accessToken}` } }))
    .status === 200;

export const auditActions = async (foyer: Foyer, domain: Domain): Promise<string[]> =>
  (
    await foyer.services.db.kysely
      .selectFrom('audit')
      .select(['action', 'outcome'])
      .where('domain_id', '=', domain.id)
      .orderBy('at')
      .execute()
  ).map(({ action, outcome }) => `${action} ${outcome}`);

export const pkcePair = (): { verifier: string; challenge: string } => {
  const fresh = randomToken(40);
  return { verifier: fresh, challenge: sha256Base64Url(fresh) };
};
