import { randomBytes } from 'node:crypto';
import type { App, Authority, Person } from './directory.ts';

/** A checked authorization request, waiting for the person. */
export interface AuthorizeRequest {
  authority: Authority;
  app: App;
  redirectUri: string;
  responseType: string;
  responseMode: 'query' | 'fragment' | 'form_post';
  scopes: readonly string[];
  state: string | undefined;
  nonce: string | undefined;
  prompt: string;
  loginHint: string | undefined;
  codeChallenge: string | undefined;
  codeChallengeMethod: 'plain' | 'S256';
  clientInfo: boolean;
}

export interface CodeGrant {
  request: AuthorizeRequest;
  person: Person;
  tenantId: string;
  sid: string;
  tokenEpoch: number;
  issuedAt: number;
  used: boolean;
}

export interface RefreshGrant {
  app: App;
  person: Person;
  tenantId: string;
  sid: string;
  tokenEpoch: number;
  scopes: readonly string[];
  /** When the person last signed in, and when this very token was issued (epoch seconds). */
  signedInAt: number;
  issuedAt: number;
  spent: boolean;
}

const codeTtlSeconds = 10 * 60;
const keptEntries = 20_000;

/** Codes, refresh tokens, browser sessions and half-finished sign-ins. */
export class GrantStore {
  #codes = new Map<string, CodeGrant>();
  #refreshTokens = new Map<string, RefreshGrant>();
  #sessions = new Map<string, Set<string>>();
  #pending = new Map<string, AuthorizeRequest>();
  #consents = new Set<string>();

  /** Long, as Entra's are: a client that keeps codes or tokens in a short column must fail here too. */
  issueCode(grant: Omit<CodeGrant, 'used'>): string {
    const code = `1.A${randomBytes(420).toString('base64url')}`;
    keep(this.#codes, code, { ...grant, used: false });
    return code;
  }

  findCode(rawCode: string): CodeGrant | undefined {
    return this.#codes.get(rawCode);
  }

  isCodeExpired(grant: CodeGrant, now: number): boolean {
    return now > grant.issuedAt + codeTtlSeconds;
  }

  issueRefreshToken(grant: Omit<RefreshGrant, 'spent'>): string {
    const token = `1.A${randomBytes(840).toString('base64url')}`;
    keep(this.#refreshTokens, token, { ...grant, spent: false });
    return token;
  }

  findRefreshToken(rawToken: string): RefreshGrant | undefined {
    return this.#refreshTokens.get(rawToken);
  }

  addPending(request: AuthorizeRequest): string {
    const id = randomBytes(18).toString('base64url');
    keep(this.#pending, id, request);
    return id;
  }

  findPending(rawId: string): AuthorizeRequest | undefined {
    return this.#pending.get(rawId);
  }

  /** Puts the person into the browser's session, which is made if there is none. */
  signIn(rawSessionId: string | undefined, person: Person): string {
    const known = rawSessionId !== undefined ? this.#sessions.get(rawSessionId) : undefined;
    if (known && rawSessionId !== undefined) {
      known.add(person.oid);
      return rawSessionId;
    }
    const id = randomBytes(18).toString('base64url');
    keep(this.#sessions, id, new Set([person.oid]));
    return id;
  }

  signedInOids(rawSessionId: string | undefined): string[] {
    return [...(this.#sessions.get(rawSessionId ?? '') ?? [])];
  }

  signOut(rawSessionId: string | undefined): void {
    this.#sessions.delete(rawSessionId ?? '');
  }

  signOutEverywhere(person: Person): void {
    for (const oids of this.#sessions.values()) oids.delete(person.oid);
  }

  consent(app: App, person: Person, scopes: readonly string[]): void {
    for (const scope of scopes) this.#consents.add(consentKey(app, person, scope));
  }

  hasConsent(app: App, person: Person, scopes: readonly string[]): boolean {
    return app.pre_consented || scopes.every((scope) => this.#consents.has(consentKey(app, person, scope)));
  }

  clear(): void {
    this.#codes.clear();
    this.#refreshTokens.clear();
    this.#sessions.clear();
    this.#pending.clear();
    this.#consents.clear();
  }
}

function consentKey(app: App, person: Person, scope: string): string {
  return `${app.client_id}|${person.oid}|${scope.toLowerCase()}`;
}

/** Forgets the oldest entry when there are too many, so that a load test does not eat the memory. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size <= keptEntries) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
