/**
 * @module What the form of an OAuth2 source holds: every field as it is typed, rows as rows, so that a half-filled row is
 * seen and never lost. `bodyOf` makes the wire's body of it, `draftOf` reads a stored source.
 */
import type { OauthSourceBody, OauthSourceView } from '@foyer/contract/sources.ts';
import type { Static } from 'typebox';

export type OauthView = Static<typeof OauthSourceView>;
export type OauthBody = Static<typeof OauthSourceBody>;

export interface Pair {
  key: string;
  value: string;
}

export interface OauthDraft {
  name: string;
  client_id: string;
  client_secret: string;
  /** A day, `YYYY-MM-DD`; '' when it is not known. */
  client_secret_expires_on: string;
  site: string;
  scope: string;
  token_method: string;
  auth_scheme: string;
  token_url: string;
  authorize_url: string;
  raw_info_url: string;
  info_mappings: readonly Pair[];
  authorize_params: readonly Pair[];
  /** The accepted values, one on each line. */
  ensure_matching: readonly Pair[];
  issuer: string;
  /** Lists: one entry on each line. */
  tid_allow: string;
  allowed_algs: string;
  trusted_email_domains: string;
  pkce: boolean;
  provisioning: boolean;
  linking: boolean;
  link_by_email: boolean;
  client_private_key: string;
  client_certificate: string;
}

export type FieldName = keyof OauthDraft;

/** The fields of the documented procedure, in its order. */
export const elevenFields = [
  'name',
  'client_id',
  'client_secret',
  'site',
  'scope',
  'token_method',
  'auth_scheme',
  'token_url',
  'authorize_url',
  'raw_info_url',
  'info_mappings',
] as const satisfies readonly FieldName[];

export const emptyDraft: OauthDraft = {
  name: '',
  client_id: '',
  client_secret: '',
  client_secret_expires_on: '',
  site: '',
  scope: '',
  token_method: 'post',
  auth_scheme: 'request_body',
  token_url: '',
  authorize_url: '',
  raw_info_url: '',
  info_mappings: [],
  authorize_params: [],
  ensure_matching: [],
  issuer: '',
  tid_allow: '',
  allowed_algs: '',
  trusted_email_domains: '',
  pkce: true,
  provisioning: true,
  linking: true,
  link_by_email: false,
  client_private_key: '',
  client_certificate: '',
};

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The store forgets the order of mappings: they are shown in that of the documented table, the rest by name. */
const documentedOrder = [
  'email',
  'name',
  'first_name',
  'last_name',
  'uid',
  'access_token',
  'refresh_token',
  'expires',
  'expires_at',
];
const placeOf = (key: string): number => {
  const place = documentedOrder.indexOf(key);
  return place === -1 ? documentedOrder.length : place;
};

const pairsOf = (map: Readonly<Record<string, string>> | undefined): Pair[] =>
  Object.entries(map ?? {})
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => placeOf(a.key) - placeOf(b.key) || a.key.localeCompare(b.key));

const filled = (pairs: readonly Pair[]): Pair[] =>
  pairs.filter(({ key, value }) => key.trim() !== '' || value.trim() !== '');

const mapOf = (pairs: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(filled(pairs).map(({ key, value }) => [key.trim(), value.trim()]));

export type RowProblem = 'no_key' | 'no_value' | 'repeated';

/** What is wrong with each row, by its place. An empty row is no mistake. */
export const rowProblems = (pairs: readonly Pair[]): ReadonlyMap<number, RowProblem> => {
  const problems = new Map<number, RowProblem>();
  const seen = new Set<string>();
  for (const [index, pair] of pairs.entries()) {
    const key = pair.key.trim();
    const value = pair.value.trim();
    if (key === '' && value === '') continue;
    if (key === '') problems.set(index, 'no_key');
    else if (value === '') problems.set(index, 'no_value');
    else if (seen.has(key)) problems.set(index, 'repeated');
    seen.add(key);
  }
  return problems;
};

/** Whether every row can be sent; a row that the wire would drop or overwrite must be mended first. */
export const rowsAreWhole = (draft: OauthDraft): boolean =>
  [draft.info_mappings, draft.authorize_params, draft.ensure_matching].every(
    (pairs) => rowProblems(pairs).size === 0,
  );

const secondsPerDay = 86_400;

/** The end of that day, UTC. */
export const dayToUnix = (day: string): number | null => {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) ? null : ms / 1000 + secondsPerDay - 1;
};

export const unixToDay = (seconds: number | undefined): string =>
  seconds === undefined ? '' : new Date(seconds * 1000).toISOString().slice(0, 10);

/** The draft under the wire's names. Blank secrets are left out: they keep what is stored. */
export const bodyOf = (draft: OauthDraft): OauthBody => ({
  name: draft.name.trim(),
  client_id: draft.client_id.trim(),
  site: draft.site.trim(),
  scope: draft.scope.trim(),
  token_method: draft.token_method,
  auth_scheme: draft.auth_scheme,
  token_url: draft.token_url.trim(),
  authorize_url: draft.authorize_url.trim(),
  raw_info_url: draft.raw_info_url.trim(),
  info_mappings: mapOf(draft.info_mappings),
  authorize_params: mapOf(draft.authorize_params),
  ensure_matching: Object.fromEntries(
    filled(draft.ensure_matching).map(({ key, value }) => [key.trim(), linesOf(value)]),
  ),
  issuer: draft.issuer.trim(),
  tid_allow: linesOf(draft.tid_allow),
  allowed_algs: linesOf(draft.allowed_algs),
  trusted_email_domains: linesOf(draft.trusted_email_domains),
  pkce: draft.pkce,
  provisioning: draft.provisioning,
  linking: draft.linking,
  link_by_email: draft.link_by_email,
  client_certificate: draft.client_certificate,
  ...(draft.client_secret !== '' && { client_secret: draft.client_secret }),
  ...(draft.client_secret_expires_on !== '' && {
    client_secret_expires_at: dayToUnix(draft.client_secret_expires_on),
  }),
  ...(draft.client_private_key !== '' && { client_private_key: draft.client_private_key }),
});

const lines = (list: readonly string[] | undefined): string => (list ?? []).join('\n');

/** A stored source as the form shows it; its secrets stay empty. */
export const draftOf = (view: OauthView): OauthDraft => ({
  name: view.name,
  client_id: view.client_id ?? '',
  client_secret: '',
  client_secret_expires_on: unixToDay(view.secret_notes?.client_secret?.expires_at),
  site: view.site ?? '',
  scope: view.scope ?? '',
  token_method: view.token_method ?? 'post',
  auth_scheme: view.auth_scheme ?? 'request_body',
  token_url: view.token_url ?? '',
  authorize_url: view.authorize_url ?? '',
  raw_info_url: view.raw_info_url ?? '',
  info_mappings: pairsOf(view.info_mappings),
  authorize_params: pairsOf(view.authorize_params),
  ensure_matching: Object.entries(view.ensure_matching ?? {}).map(([key, values]) => ({
    key,
    value: lines(values),
  })),
  issuer: view.issuer ?? '',
  tid_allow: lines(view.tid_allow),
  allowed_algs: lines(view.allowed_algs),
  trusted_email_domains: lines(view.trusted_email_domains),
  pkce: view.pkce ?? true,
  provisioning: view.provisioning ?? true,
  linking: view.linking ?? true,
  link_by_email: view.link_by_email ?? false,
  client_private_key: '',
  client_certificate: view.client_certificate ?? '',
});
