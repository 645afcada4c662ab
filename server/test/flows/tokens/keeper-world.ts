/** One or two nodes of Foyer, an emulated Microsoft on the same clock, and a person with tokens of it. */
import { createHash } from 'node:crypto';
import { pickAccount } from '@foyer/testkit/entra/pick-account.ts';
import { type Entra, type EntraOptions, startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { SourceId, UserId } from '#base/lib/ids.ts';
import type { TokenKeeper } from '#flows/tokens/token-keeper.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Source } from '#model/sources/source.ts';
import { findGrant } from '#model/upstream-grants/grant-store.ts';
import { type GrantKey, grantPlace, sealTokens } from '#model/upstream-grants/seal-grant.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

export const email = 'alice@contoso.example';
const scope = 'openid offline_access calendars.readwrite.shared group.read.all user.read.all';
const redirectUri = 'https://foyer.test/auth/oauth2/callback';

export interface Tokens {
  accessToken: string;
  refreshToken: string | undefined;
  expiresAt: Date | undefined;
}

export interface World {
  foyer: Foyer;
  keeper: TokenKeeper;
  clock: TestClock;
  entra: Entra;
  domain: Domain;
  source: Source;
  userId: UserId;
  key: GrantKey;
  /** What is stored for the person at first. */
  tokens: Tokens;
  /** Another node on the same store. */
  addNode(): Promise<Foyer>;
  /** A source at a provider, which need not be the first one. */
  addSource(at?: Entra): Promise<{ source: Source; key: GrantKey; tokens: Tokens }>;
  /** Signs the person in at the provider, without Foyer. */
  signInAtProvider(source?: Source, at?: Entra): Promise<Tokens>;
  /** Writes the person's tokens as linking does. */
  store(key: GrantKey, tokens: Tokens): Promise<void>;
  stored(
    key?: GrantKey,
  ): Promise<{ accessToken?: string; refreshToken?: string; state: string; refusal: unknown }>;
  /** Runs SQL on the person's row. */
  setRow(values: Record<string, unknown>, key?: GrantKey): Promise<void>;
  /** Refreshes that the provider was asked for. */
  refreshes(at?: Entra): Record<string, unknown>[];
  audit(): Promise<{ action: string; outcome: string; reason: string | null; detail: unknown }[]>;
  /** Moves the clock to where the stored token has this long to live. */
  leave(seconds: number): void;
  close(): Promise<void>;
}

const settingsAt = (entra: Entra, app: { client_id: string; client_secret: string }) => ({
  client_id: app.client_id,
  client_secret: app.client_secret,
  site: entra.url,
  scope,
  token_method: 'POST',
  auth_scheme: 'request_body',
  token_url: `${entra.url}/${entra.tenantId}/oauth2/v2.0/token`,
  authorize_url: `${entra.url}/${entra.tenantId}/oauth2/v2.0/authorize`,
  raw_info_url: `${entra.url}/v1.0/me`,
  info_mappings: { email: 'mail,userPrincipalName', uid: 'id' },
});

export const startWorld = async (
  options: EntraOptions & { otherProviders?: Entra[] } = {},
): Promise<World> => {
  const clock = createTestClock();
  const entra = await startEntra({ ...options, clock });
  const addressOf = (at: Entra): string => new URL(at.url).host;
  const config = { egressAllow: [entra, ...(options.otherProviders ?? [])].map(addressOf).join(',') };
  const foyer = await startFoyer({ config, overrides: { clock } });
  const nodes: Foyer[] = [];
  const { db, keyring, keeper } = foyer.services;
  const domain = await foyer.seedDomain();
  const userId = (await foyer.seedUser(domain)) as UserId;
  const apps = new Map<string, { client_id: string; client_secret: string }>();

  const signInAtProvider: World['signInAtProvider'] = async (at, provider = entra) => {
    const app = apps.get((at ?? source).id) as { client_id: string; client_secret: string };
    const base = `${provider.url}/${provider.tenantId}/oauth2/v2.0`;
    const verifier = 'v'.repeat(43);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const request = { client_id: app.client_id, response_type: 'code', redirect_uri: redirectUri, scope };
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    const back = await pickAccount(
      `${base}/authorize?${new URLSearchParams({ ...request, ...pkce })}`,
      email,
    );
    const answer = await fetch(`${base}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...app,
        grant_type: 'authorization_code',
        redirect_uri: redirectUri,
        code: new URL(back).searchParams.get('code') ?? '',
        code_verifier: verifier,
      }),
    });
    const body = (await answer.json()) as { access_token: string; refresh_token: string; expires_in: number };
    return {
      accessToken: body.access_token,
      refreshToken: body.refresh_token,
      expiresAt: new Date(clock.nowMs() + body.expires_in * 1_000),
    };
  };

  const store: World['store'] = async (key, tokens) => {
    const sealed = await sealTokens(keyring, key, tokens);
    const values = {
      access_token_sealed: sealed.accessTokenSealed,
      expires_at: tokens.expiresAt ?? null,
      ...(sealed.refreshTokenSealed && { refresh_token_sealed: sealed.refreshTokenSealed }),
    };
    const row = {
      domain_id: key.domainId,
      source_id: key.sourceId,
      issuer: key.issuer,
      subject: key.subject,
    };
    await db.kysely
      .insertInto('upstream_grants')
      .values({ ...row, ...values, scope })
      .onConflict((conflict) =>
        conflict.columns(['domain_id', 'source_id', 'issuer', 'subject']).doUpdateSet((eb) => ({
          ...values,
          state: 'live',
          refusal: null,
          version: eb('upstream_grants.version', '+', 1),
        })),
      )
      .execute();
  };

  const addSource: World['addSource'] = async (provider = entra) => {
    const app = provider.addApp({ redirect_uris: [redirectUri] });
    if (!apps.has(provider.url)) provider.addPerson({ email });
    apps.set(provider.url, app);
    const added = await foyer.seedSource(domain, { settings: settingsAt(provider, app) });
    apps.set(added.id, { client_id: app.client_id, client_secret: app.client_secret });
    const key: GrantKey = {
      domainId: domain.id,
      sourceId: added.id as SourceId,
      issuer: `${provider.url}/issuer`,
      subject: 'alice',
    };
    await db.kysely
      .insertInto('identities')
      .values({
        domain_id: domain.id,
        source_id: added.id,
        issuer: key.issuer,
        subject: key.subject,
        user_id: userId,
        last_sign_in_at: new Date(clock.nowMs() + apps.size * 1_000),
      })
      .execute();
    const tokens = await signInAtProvider(added, provider);
    await store(key, tokens);
    return { source: added, key, tokens };
  };

  const { source, key, tokens } = await addSource();
  entra.requests.clear();
  return {
    foyer,
    keeper,
    clock,
    entra,
    domain,
    source,
    userId,
    key,
    tokens,
    async addNode() {
      const node = await startFoyer({ sameStoreAs: foyer, config, overrides: { clock } });
      nodes.push(node);
      return node;
    },
    addSource,
    signInAtProvider,
    store,
    async stored(of = key) {
      const grant = await findGrant(db, of);
      if (!grant) throw new FoyerError('not_found');
      const open = async (column: 'access_token_sealed' | 'refresh_token_sealed', sealed?: Buffer) =>
        sealed && keyring.open(grantPlace(of, column), sealed);
      const accessToken = await open('access_token_sealed', grant.accessTokenSealed);
      const refreshToken = await open('refresh_token_sealed', grant.refreshTokenSealed);
      return {
        ...(accessToken !== undefined && { accessToken }),
        ...(refreshToken !== undefined && { refreshToken }),
        state: grant.state,
        refusal: grant.refusal,
      };
    },
    async setRow(values, of = key) {
      await db.kysely
        .updateTable('upstream_grants')
        .set(values)
        .where('domain_id', '=', of.domainId)
        .where('source_id', '=', of.sourceId)
        .execute();
    },
    refreshes: (at = entra) =>
      at.requests
        .all('token')
        .map(({ body }) => body)
        .filter(({ grant_type }) => grant_type === 'refresh_token'),
    audit: () =>
      db.kysely
        .selectFrom('audit')
        .select(['action', 'outcome', 'reason', 'detail'])
        .where('domain_id', '=', domain.id)
        .where('action', 'like', 'upstream_token.%')
        .orderBy('at')
        .execute(),
    leave(seconds) {
      const left = (tokens.expiresAt as Date).getTime() - clock.nowMs();
      clock.advance(left - seconds * 1_000);
    },
    async close() {
      for (const node of nodes) await node.close();
      await foyer.close();
      await entra.close();
    },
  };
};
