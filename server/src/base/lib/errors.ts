/**
 * @module The one error class, and the one table that says what each code means to the outside.
 *
 * A refusal throws `FoyerError`; `base/http/error-handler.ts` is the only place that renders it.
 * `detail` and `cause` are for the log and for administrators, never for the person who signs in.
 */
import type { ErrorCode } from '@foyer/contract/errors.ts';

export type { ErrorCode };

export interface ErrorEntry {
  /** HTTP status. */
  status: number;
  /** A safe sentence for the person in front of the screen. */
  sentence: string;
  /** RFC 6749 §4.1.2.1 / §5.2 `error` value, when the code can be answered by an OAuth endpoint. */
  oauth?: string;
}

const entry = (status: number, sentence: string, oauth?: string): ErrorEntry =>
  oauth === undefined ? { status, sentence } : { status, sentence, oauth };

export const errorTable: Readonly<Record<ErrorCode, ErrorEntry>> = {
  state_mismatch: entry(400, 'This sign-in was not started in this browser. Please start again.'),
  flow_used: entry(400, 'This sign-in was already completed or tried. Please start again.'),
  flow_expired: entry(400, 'This sign-in took too long. Please start again.'),
  source_not_found: entry(404, 'There is no such way to sign in here.'),
  source_mismatch: entry(400, 'The answer came from another sign-in source than the one you chose.'),
  source_misconfigured: entry(503, 'This way to sign in is not set up completely yet.'),
  source_unavailable: entry(503, 'This way to sign in is not available at the moment.'),
  nonce_mismatch: entry(400, 'The identity provider answered for another sign-in. Please start again.'),
  id_token_invalid: entry(400, 'The identity provider sent an answer that could not be verified.'),
  issuer_mismatch: entry(400, 'The answer came from another identity provider than expected.'),
  subject_mismatch: entry(400, 'The identity provider described two different people.'),
  bad_profile: entry(400, 'The identity provider sent a profile that cannot be used.'),
  not_permitted: entry(403, 'Your account is not permitted to sign in here.'),
  not_provisioned: entry(403, 'You do not have an account here yet.'),
  account_exists: entry(409, 'An account with your e-mail address exists already.'),
  account_disabled: entry(403, 'Your account is disabled.'),
  upstream_refused: entry(400, 'The identity provider refused the sign-in.'),
  upstream_invalid: entry(502, 'The identity provider sent an answer that could not be read.'),
  upstream_unreachable: entry(502, 'The identity provider could not be reached.'),
  upstream_timeout: entry(504, 'The identity provider did not answer in time.'),
  egress_denied: entry(502, 'The identity provider has an address that Foyer may not connect to.'),
  bad_credentials: entry(401, 'The e-mail address or the password is wrong.'),
  not_available_yet: entry(501, 'This way to sign in is not available yet.'),
  reauthentication_required: entry(403, 'Please sign in again to do this.'),
  last_sign_in_method: entry(409, 'This is the last way to sign in to the account.'),
  needs_consent: entry(511, 'Please sign in again so that the app may act for you.'),
  bad_request: entry(400, 'The request could not be understood.', 'invalid_request'),
  validation_failed: entry(422, 'Some fields are not valid.', 'invalid_request'),
  secret_required: entry(422, 'Enter the secret again to change where it is sent.'),
  not_found: entry(404, 'There is nothing here.'),
  domain_not_found: entry(404, 'There is no domain at this address.'),
  method_not_allowed: entry(405, 'This address does not answer this method.'),
  not_acceptable: entry(406, 'Only JSON is served here.'),
  unsupported_media_type: entry(415, 'Only JSON is accepted here.'),
  payload_too_large: entry(413, 'The request is too large.', 'invalid_request'),
  uri_too_long: entry(414, 'The address of the request is too long.', 'invalid_request'),
  headers_too_large: entry(431, 'The headers of the request are too large.', 'invalid_request'),
  request_timeout: entry(408, 'The request took too long to arrive.', 'invalid_request'),
  conflict: entry(409, 'This is not possible in the current state.'),
  not_tested: entry(409, 'No dry run of exactly this configuration has passed yet.'),
  no_break_glass: entry(
    409,
    'No administrator could get in if this source failed: give one a local password first.',
  ),
  precondition_failed: entry(412, 'Somebody else changed this in the meantime.'),
  rate_limited: entry(429, 'Too many tries. Please wait a moment.', 'temporarily_unavailable'),
  csrf_refused: entry(403, 'The request did not come from this site.'),
  unauthorized: entry(401, 'Please sign in.'),
  forbidden: entry(403, 'This is not allowed.'),
  invalid_request: entry(400, 'The request is incomplete or not valid.', 'invalid_request'),
  invalid_client: entry(401, 'The application is not known here.', 'invalid_client'),
  invalid_grant: entry(400, 'The code or token is not valid any more.', 'invalid_grant'),
  invalid_scope: entry(400, 'The requested scope is not allowed.', 'invalid_scope'),
  invalid_token: entry(401, 'The token is not valid.', 'invalid_token'),
  unauthorized_client: entry(403, 'The application may not do this.', 'unauthorized_client'),
  unsupported_grant_type: entry(400, 'This grant type is not offered.', 'unsupported_grant_type'),
  unsupported_response_type: entry(400, 'This response type is not offered.', 'unsupported_response_type'),
  access_denied: entry(403, 'Access was denied.', 'access_denied'),
  login_required: entry(400, 'Please sign in first.', 'login_required'),
  consent_required: entry(400, 'The application needs your consent.', 'consent_required'),
  redirect_uri_mismatch: entry(
    400,
    'The application asked for an answer at an address that is not registered for it.',
    'invalid_request',
  ),
  insufficient_scope: entry(403, 'The token does not allow this.', 'insufficient_scope'),
  authorization_pending: entry(400, 'Nobody has answered on the other screen yet.', 'authorization_pending'),
  slow_down: entry(400, 'The device asks too often.', 'slow_down'),
  expired_token: entry(400, 'The code has expired. Please start again.', 'expired_token'),
  setup_closed: entry(404, 'This set-up link does not work.'),
  secret_unreadable: entry(503, 'A stored secret cannot be read.'),
  unavailable: entry(
    503,
    'Foyer is not able to do this at the moment. Please try again.',
    'temporarily_unavailable',
  ),
  internal: entry(500, 'Something went wrong on our side.', 'server_error'),
};

export interface FieldFailure {
  field: string;
  reason: string;
}

/** What an error page says beside the sentence of its code. */
export interface ErrorPageNotes {
  /** Short id of this failure; administrators find its cause under it. */
  incident?: string;
  /** What the person can do, in plain words. */
  advice?: string;
  /** Where to go on, instead of the sign-in page. */
  next?: { href: string; label: string };
}

export interface FoyerErrorOptions {
  cause?: unknown;
  /** For the log and for administrators: which rule, which field, what was seen. Never a secret. */
  detail?: string;
  /** Field by field, for `validation_failed` and `secret_required`. */
  failures?: FieldFailure[];
  /** Seconds after which a retry makes sense (`Retry-After`). */
  retryAfterSeconds?: number;
  /** Evidence for diagnosis, e.g. the provider's own `error` and codes. Never a secret. */
  evidence?: Record<string, unknown>;
  /** For pages; safe to show. */
  page?: ErrorPageNotes;
}

export class FoyerError extends Error {
  override readonly name = 'FoyerError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly failures: FieldFailure[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly evidence: Record<string, unknown> | undefined;
  readonly page: ErrorPageNotes | undefined;

  constructor(code: ErrorCode, options: FoyerErrorOptions = {}) {
    super(options.detail ? `${code}: ${options.detail}` : code, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.failures = options.failures;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.evidence = options.evidence;
    this.page = options.page;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}

export const isFoyerError = (error: unknown, code?: ErrorCode): error is FoyerError =>
  error instanceof FoyerError && (code === undefined || error.code === code);
