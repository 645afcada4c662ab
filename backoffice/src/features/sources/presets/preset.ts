/**
 * @module A preset: the few questions that only the administrator can answer, and a pure function from the answers to
 * the fields of a source, each with where it came from.
 */
import type { DiscoveredProvider } from '@foyer/contract/dry-runs.ts';
import { emptyDraft, type FieldName, type OauthDraft } from '../draft.ts';

export type PresetName =
  | 'microsoft'
  | 'google'
  | 'b2c'
  | 'okta'
  | 'auth0'
  | 'keycloak'
  | 'github'
  | 'oidc'
  | 'oauth2';

export type QuestionName =
  | 'tenant'
  | 'client_id'
  | 'client_secret'
  | 'hosted_domain'
  | 'b2c_tenant'
  | 'policy'
  | 'okta_domain'
  | 'auth0_domain'
  | 'realm_url'
  | 'issuer';

export type Answers = Readonly<Partial<Record<QuestionName, string>>>;

/**
 * Where a value came from: the vendor's standard, an answer, what the provider says of itself, Foyer's own default, or the
 * administrator's hand.
 */
export type Origin =
  | { kind: 'standard' }
  | { kind: 'answer'; question: QuestionName }
  | { kind: 'discovered' }
  | { kind: 'default' }
  | { kind: 'typed' };

export interface Filled<V> {
  value: V;
  origin: Origin;
}

export type Filling = { [K in FieldName]?: Filled<OauthDraft[K]> };

/** Why an answer cannot be used (yet); worded in `words.ts`. */
export type AnswerProblem =
  | 'not_a_tenant'
  | 'url_without_tenant'
  | 'many_tenants'
  | 'personal_accounts'
  | 'not_a_web_address'
  | 'not_a_host'
  | 'url_without_realm'
  | 'not_a_policy';

export interface PresetResult {
  fields: Filling;
  problems: Partial<Record<QuestionName, AnswerProblem>>;
  /** What `POST /source_checks/discover` must be asked before everything is known. */
  discover?: string;
}

export interface Question {
  name: QuestionName;
  optional?: boolean;
  secret?: boolean;
}

export interface Preset {
  name: PresetName;
  questions: readonly Question[];
  /** @param found what the provider said of itself when it was asked for `discover` */
  fill(answers: Answers, found?: DiscoveredProvider): PresetResult;
}

export const standard = <V>(value: V): Filled<V> => ({ value, origin: { kind: 'standard' } });
export const byDefault = <V>(value: V): Filled<V> => ({ value, origin: { kind: 'default' } });
export const discovered = <V>(value: V): Filled<V> => ({ value, origin: { kind: 'discovered' } });
export const fromAnswer = <V>(question: QuestionName, value: V): Filled<V> => ({
  value,
  origin: { kind: 'answer', question },
});

export const pairs = (map: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(map).map(([key, value]) => ({ key, value }));

/** The answers that are fields themselves. */
export const ownFields = (answers: Answers): Filling => ({
  client_id: fromAnswer('client_id', (answers.client_id ?? '').trim()),
  client_secret: fromAnswer('client_secret', answers.client_secret ?? ''),
});

/**
 * What OpenID Connect providers call things, and what old set-ups map for the tokens. Where a provider tells no first and
 * last name, `name` says what people are called.
 */
export const oidcMappings = {
  email: 'email',
  name: 'name',
  first_name: 'given_name',
  last_name: 'family_name',
  uid: 'sub',
  access_token: 'token',
  refresh_token: 'refresh_token',
  expires: 'expires',
  expires_at: 'expires_at',
} as const;

export const postInBody: Filling = {
  token_method: byDefault('post'),
  auth_scheme: byDefault('request_body'),
};

/** The fields as the form shows them: what the administrator typed wins over what the preset says. */
export const draftFrom = (filling: Filling, typed: Readonly<Partial<OauthDraft>>): OauthDraft => {
  const suggested = Object.fromEntries(Object.entries(filling).map(([name, { value }]) => [name, value]));
  return { ...emptyDraft, ...suggested, ...typed };
};

/** Where the shown value of a field came from; absent for an empty field that nobody filled. */
export const originOf = (
  field: FieldName,
  filling: Filling,
  typed: Readonly<Partial<OauthDraft>>,
): Origin | undefined => {
  if (typed[field] !== undefined) return { kind: 'typed' };
  const found = filling[field];
  return found === undefined || found.value === '' ? undefined : found.origin;
};
