/** Row types shared by the stores and Kysely; columns as in `server/migrations`. */
import type { ColumnType, Generated } from 'kysely';
import type { Database, Queryable } from '#base/db/database.ts';

type Json = ColumnType<unknown, string, string>;
type GeneratedJson = ColumnType<unknown, string | undefined, string>;
type Stamp = ColumnType<Date, Date | undefined, Date>;
type NullableStamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type NullableText = ColumnType<string | null, string | null | undefined, string | null>;
type NullableBytes = ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;

export interface DomainTable {
  id: string;
  name: string;
  description: Generated<string>;
  host: string;
  login_url: Generated<string>;
  logout_url: Generated<string>;
  email_domains: Generated<string[]>;
  config: GeneratedJson;
  internals: GeneratedJson;
  password_sign_in: Generated<boolean>;
  session_idle_seconds: Generated<number>;
  session_absolute_seconds: Generated<number>;
  legacy: GeneratedJson;
  warning_emails: Generated<string[]>;
  warning_webhook_url: Generated<string>;
  version: Generated<number>;
  created_at: Stamp;
  updated_at: Stamp;
}

export interface DataKeyTable {
  domain_id: string;
  version: number;
  kek_id: string;
  wrapped: Buffer;
  created_at: Stamp;
}

export interface SigningKeyTable {
  kid: string;
  alg: string;
  public_jwk: Json;
  private_sealed: Buffer;
  created_at: Stamp;
  active_from: Date;
  retired_at: NullableStamp;
}

export interface SetupTokenTable {
  token_hash: Buffer;
  created_at: Stamp;
  expires_at: Date;
  used_at: NullableStamp;
}

export interface InstallationTable {
  name: string;
  value: Json;
}

export interface SourceTable {
  domain_id: string;
  id: string;
  kind: 'oauth2' | 'saml' | 'ldap';
  name: string;
  enabled: Generated<boolean>;
  settings: Json;
  secrets: GeneratedJson;
  secret_notes: GeneratedJson;
  version: Generated<number>;
  created_at: Stamp;
  updated_at: Stamp;
}

export interface SourceRevisionTable {
  domain_id: string;
  source_id: string;
  version: number;
  name: string;
  enabled: ColumnType<boolean | null, boolean | null | undefined, boolean | null>;
  settings: Json;
  secrets: GeneratedJson;
  secret_notes: GeneratedJson;
  digest: Generated<string>;
  cause: 'create' | 'edit' | 'roll_back' | 'promote_secret' | 'import';
  restored_version: ColumnType<number | null, number | null | undefined, number | null>;
  actor_kind: Generated<string>;
  actor_id: NullableText;
  at: Stamp;
  tested_at: NullableStamp;
  tested_by: NullableText;
}

export interface SignInAttemptTable {
  domain_id: string;
  id: string;
  source_id: NullableText;
  version: ColumnType<number | null, number | null | undefined, number | null>;
  at: Date;
  duration_ms: number;
  outcome: 'ok' | 'denied';
  reason: NullableText;
  user_id: NullableText;
  steps: GeneratedJson;
  evidence: GeneratedJson;
  request_id: NullableText;
  expires_at: Date;
}

export interface SignInCountTable {
  domain_id: string;
  source_id: string;
  hour: Date;
  started: Generated<number>;
  returned: Generated<number>;
  token: Generated<number>;
  profile: Generated<number>;
  signed_in: Generated<number>;
  denied: Generated<number>;
  durations: Generated<number[]>;
  last_ok_at: NullableStamp;
  last_denied_at: NullableStamp;
  expires_at: Date;
}

export interface SecretReminderTable {
  domain_id: string;
  source_id: string;
  field: string;
  secret_expires_at: Date;
  days_left: number;
  sent_at: Stamp;
  channels: Generated<string[]>;
  tries_left: Generated<number>;
  next_try_at: Stamp;
}

export interface UserTable {
  domain_id: string;
  id: string;
  email: NullableText;
  email_canonical: NullableText;
  email_verified: Generated<boolean>;
  name: Generated<string>;
  first_name: NullableText;
  last_name: NullableText;
  nickname: NullableText;
  login_name: NullableText;
  staff_id: NullableText;
  phone: NullableText;
  country: NullableText;
  image: NullableText;
  ui_theme: Generated<string>;
  building: NullableText;
  card_number: NullableText;
  department: NullableText;
  preferred_language: NullableText;
  misc: NullableText;
  photo_upload_id: NullableText;
  groups: Generated<string[]>;
  sys_admin: Generated<boolean>;
  platform_admin: Generated<boolean>;
  support: Generated<boolean>;
  break_glass: Generated<boolean>;
  password_digest: NullableText;
  password_changed_at: NullableStamp;
  locatable: Generated<boolean>;
  work_preferences: GeneratedJson;
  work_overrides: GeneratedJson;
  login_count: Generated<number>;
  last_login: NullableStamp;
  signed_out_at: NullableStamp;
  disabled_at: NullableStamp;
  deleted_at: NullableStamp;
  created_at: Stamp;
  updated_at: Stamp;
}

export interface IdentityTable {
  domain_id: string;
  source_id: string;
  issuer: string;
  subject: string;
  user_id: string;
  email: NullableText;
  created_at: Stamp;
  last_sign_in_at: NullableStamp;
}

export interface UpstreamGrantTable {
  domain_id: string;
  source_id: string;
  issuer: string;
  subject: string;
  access_token_sealed: NullableBytes;
  refresh_token_sealed: NullableBytes;
  token_type: Generated<string>;
  scope: Generated<string>;
  expires_at: NullableStamp;
  refreshed_at: Stamp;
  state: Generated<'live' | 'needs_consent'>;
  refusal: ColumnType<unknown, string | null | undefined, string | null>;
  refresh_lease_until: NullableStamp;
  refresh_lease_by: NullableText;
  version: Generated<number>;
}

export interface FlowUseTable {
  domain_id: string;
  flow_hash: Buffer;
  source_id: string;
  used_at: Stamp;
  expires_at: Date;
}

export interface SessionTable {
  domain_id: string;
  id_hash: Buffer;
  public_id: string;
  user_id: string;
  source_id: NullableText;
  provider: string;
  authenticated_at: Stamp;
  created_at: Stamp;
  last_seen_at: Stamp;
  idle_expires_at: Date;
  expires_at: Date;
  ip: NullableText;
  user_agent: NullableText;
}

export interface ApplicationTable {
  domain_id: string;
  id: Generated<number>;
  uid: string;
  uid_aliases: Generated<string[]>;
  name: string;
  redirect_uri: string;
  secret_hash: NullableBytes;
  next_secret_hash: NullableBytes;
  scopes: Generated<string>;
  confidential: Generated<boolean>;
  skip_authorization: Generated<boolean>;
  subsystems: Generated<string[]>;
  legacy: GeneratedJson;
  created_at: Stamp;
  updated_at: Stamp;
}

export interface ConsentTable {
  domain_id: string;
  user_id: string;
  application_id: number;
  scopes: string[];
  created_at: Stamp;
  updated_at: Stamp;
}

export interface TokenFamilyTable {
  domain_id: string;
  id: string;
  application_id: number;
  user_id: NullableText;
  session_public_id: NullableText;
  scope: string;
  auth_time: NullableStamp;
  created_at: Stamp;
  expires_at: Date;
  revoked_at: NullableStamp;
}

export interface AuthorizationCodeTable {
  domain_id: string;
  code_hash: Buffer;
  family_id: string;
  redirect_uri: string;
  code_challenge: NullableText;
  nonce: NullableText;
  expires_at: Date;
  used_at: NullableStamp;
}

export interface RefreshTokenTable {
  domain_id: string;
  token_hash: Buffer;
  family_id: string;
  scope: string;
  issued_at: Stamp;
  expires_at: Date;
  used_at: NullableStamp;
  successor_sealed: NullableBytes;
}

export interface DeviceCodeTable {
  domain_id: string;
  device_hash: Buffer;
  user_code_hash: Buffer;
  application_id: number;
  scope: string;
  user_id: NullableText;
  family_id: NullableText;
  state: Generated<'pending' | 'approved' | 'denied' | 'used'>;
  interval_seconds: Generated<number>;
  last_polled_at: NullableStamp;
  expires_at: Date;
}

export interface ApiKeyTable {
  domain_id: string;
  id: string;
  user_id: string;
  name: string;
  description: Generated<string>;
  scopes: Generated<string[]>;
  permissions: Generated<'user' | 'support' | 'admin' | 'admin_support'>;
  secret_hash: string;
  expires_at: NullableStamp;
  created_at: Stamp;
  updated_at: Stamp;
}

export interface MetadataTable {
  domain_id: string;
  parent_id: string;
  name: string;
  description: Generated<string>;
  details: GeneratedJson;
  editors: Generated<string[]>;
  schema_id: NullableText;
  modified_by_id: NullableText;
  version: Generated<number>;
  created_at: Stamp;
  updated_at: Stamp;
}

export interface MetadataHistoryTable {
  domain_id: string;
  parent_id: string;
  name: string;
  version: number;
  description: string;
  details: Json;
  modified_by_id: NullableText;
  created_at: Date;
}

export interface AuditTable {
  domain_id: string;
  id: Generated<string>;
  at: Stamp;
  action: string;
  outcome: 'ok' | 'denied';
  reason: NullableText;
  actor_kind: string;
  actor_id: NullableText;
  source_id: NullableText;
  application_id: NullableText;
  target: NullableText;
  fields: Generated<string[]>;
  detail: GeneratedJson;
  ip: NullableText;
  user_agent: NullableText;
  request_id: NullableText;
}

export interface RateLimitTable {
  domain_id: string;
  key: string;
  points: number;
  expires_at: Date;
}

export interface IdempotencyKeyTable {
  domain_id: string;
  key_hash: Buffer;
  request_hash: Buffer;
  status: ColumnType<number | null, number | null | undefined, number | null>;
  answer_sealed: NullableBytes;
  expires_at: Date;
}

export interface Tables {
  domains: DomainTable;
  data_keys: DataKeyTable;
  signing_keys: SigningKeyTable;
  setup_tokens: SetupTokenTable;
  installation: InstallationTable;
  sources: SourceTable;
  source_revisions: SourceRevisionTable;
  sign_in_attempts: SignInAttemptTable;
  sign_in_counts: SignInCountTable;
  secret_reminders: SecretReminderTable;
  users: UserTable;
  identities: IdentityTable;
  upstream_grants: UpstreamGrantTable;
  flow_uses: FlowUseTable;
  sessions: SessionTable;
  applications: ApplicationTable;
  consents: ConsentTable;
  token_families: TokenFamilyTable;
  authorization_codes: AuthorizationCodeTable;
  refresh_tokens: RefreshTokenTable;
  device_codes: DeviceCodeTable;
  api_keys: ApiKeyTable;
  metadata: MetadataTable;
  metadata_history: MetadataHistoryTable;
  audit: AuditTable;
  rate_limits: RateLimitTable;
  idempotency_keys: IdempotencyKeyTable;
}

/** The database, and one transaction on it, as the stores see them. */
export type Db = Database<Tables>;
export type Tx = Queryable<Tables>;
