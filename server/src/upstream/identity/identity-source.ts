/**
 * @module The contract of every identity source. A source knows its provider's protocol; it knows no user, session,
 * table or page. Which of the capabilities it has is what `open` answers; the flow asks, it never switches on a kind.
 */
import type { Clock } from '#base/lib/clock.ts';
import type { Egress } from '#base/lib/egress/egress.ts';

/** A person as the provider describes them, after the source's mapping. */
export interface Identity {
  /** Who vouches: the ID token's `iss`, or an issuer made from the source's endpoints for plain OAuth2. */
  issuer: string;
  /** Non-empty, unique within the issuer (S-28). */
  subject: string;
  /** Mapped fields of the user record, e.g. `email`, `first_name`; only targets that a mapping may set (S-32). */
  fields: MappedFields;
  /** True only when the provider said so itself (`email_verified === true`, `xms_edov`). */
  emailVerified: boolean;
  /** The provider's delegated tokens, when it gave any. */
  tokens: UpstreamTokens | undefined;
  /** The whole profile as received, for a dry run; never stored, never shown to the person. */
  rawProfile: Record<string, unknown>;
  /** The claims of the verified ID token, when there was one; for a dry run, as `rawProfile`. */
  rawClaims?: Record<string, unknown>;
  /**
   * Which key of the profile `subject` came from. A source that may choose among several must be pinned to the first
   * one ever used: the flow stores it as the setting `uid_key` (D-06).
   */
  subjectKey?: string;
  /** Which key filled which field, and the targets that nothing can fill; for a dry run. */
  mapping?: {
    winners: Readonly<Record<string, { key: string; from: 'profile' | 'id_token' | 'credentials' }>>;
    ignored: readonly string[];
  };
}

export interface MappedFields {
  email?: string;
  name?: string;
  first_name?: string;
  last_name?: string;
  login_name?: string;
  staff_id?: string;
  phone?: string;
  country?: string;
  nickname?: string;
  image?: string;
  ui_theme?: string;
  building?: string;
  card_number?: string;
  department?: string;
  preferred_language?: string;
  misc?: string;
  groups?: string[];
}

export interface UpstreamTokens {
  accessToken: string;
  refreshToken: string | undefined;
  tokenType: string;
  /** As granted; the provider's order and case. */
  scope: string;
  /** Absent: the provider said nothing, so the token counts as not expiring. */
  expiresAt: Date | undefined;
}

export interface RedirectStart {
  redirectUri: string;
  state: string;
  nonce: string;
  codeVerifier: string;
  /** OIDC Core §3.1.2.1 parameters that the flow may add. */
  prompt?: string;
  loginHint?: string;
  /** As in `RedirectFinish`; a discovery document may have to be fetched first. */
  onStep?: (step: Step) => void;
}

export interface RedirectFinish {
  /** The callback's parameters; `state` was checked by the flow. */
  rawParams: Readonly<Record<string, string>>;
  redirectUri: string;
  nonce: string;
  codeVerifier: string;
  /** Told of each step as it ends, failures included; for the flight recorder and dry runs. */
  onStep?: (step: Step) => void;
  /** Told of what will be mapped, before it is: what a dry run shows when the mapping is refused. Never stored. */
  onProfile?: (seen: {
    profile: Record<string, unknown>;
    claims: Record<string, unknown> | undefined;
  }) => void;
}

/** What a source can do; a kind has those that its protocol has. */
export interface IdentitySource {
  startRedirect?(start: RedirectStart): Promise<string>;
  /** @throws {FoyerError} with a sign-in code; `evidence` feeds the diagnosis. */
  finishRedirect?(finish: RedirectFinish): Promise<Identity>;
  /**
   * Answers the newest refresh token: the given one when the provider sent none, so that it is never lost.
   * @throws {FoyerError} `needs_consent` when the provider refuses for good; other codes are worth a retry.
   */
  refresh?(refreshToken: string): Promise<UpstreamTokens>;
}

/**
 * One step of a sign-in as it happened; for traces and dry runs. Holds no secret and no value of a person's profile;
 * `exchange` describes what was asked and answered, for whoever wants to see it, and names what it does not show.
 * `duration` is in `durationMs`; a refusal's evidence and `code` are in the detail of the step that failed, which is the
 * last one.
 */
export interface Step {
  name:
    | 'authorize'
    | 'callback'
    | 'discovery'
    | 'token'
    | 'refresh'
    | 'id_token'
    | 'keys'
    | 'profile'
    | 'mapping';
  startedAt: Date;
  durationMs: number;
  outcome: 'ok' | 'failed';
  detail: Record<string, unknown>;
  exchange?: (() => Exchange) | undefined;
}

export interface Exchange {
  /** `url` without its query, which is among the parameters. */
  request: { method: string; url: string; params: Record<string, string> };
  /** Absent: none came. */
  answer?: { status: number; members: Record<string, unknown> };
}

export interface SourceTools {
  egress: Egress;
  clock: Clock;
}

/** `settings` with its secrets put back in; unknown keys are ignored. */
export type OpenSource = (settings: Readonly<Record<string, unknown>>, tools: SourceTools) => IdentitySource;
