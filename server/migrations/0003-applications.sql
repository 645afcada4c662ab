-- Apps of a domain, what they were granted, API keys, metadata.

create sequence application_ids;

create table applications (
  domain_id    text not null references domains (id) on delete cascade,
  id           bigint not null default nextval('application_ids'),
  uid          text not null,                    -- client_id: MD5 of the exact redirect URI
  uid_aliases  text[] not null default '{}',
  name         text not null,
  redirect_uri text not null,                    -- one or more, separated by white space
  secret_hash  bytea,
  next_secret_hash bytea,                        -- two live secrets during rotation
  scopes       text not null default 'public',
  confidential boolean not null default false,
  skip_authorization boolean not null default false, -- trusted: no consent page
  subsystems   text[] not null default '{}',
  legacy       jsonb not null default '{}',      -- implicit, password, no_pkce, query_secrets: off by default
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (domain_id, id)
);
create unique index applications_by_uid on applications (domain_id, uid);
create unique index applications_by_name on applications (domain_id, name);
create unique index applications_by_redirect on applications (domain_id, redirect_uri);
create index applications_by_id on applications (id);

create table consents (
  domain_id text not null,
  user_id   text not null,
  application_id bigint not null,
  scopes    text[] not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (domain_id, user_id, application_id),
  foreign key (domain_id, user_id) references users (domain_id, id) on delete cascade,
  foreign key (domain_id, application_id) references applications (domain_id, id) on delete cascade
);

-- One family per authorization: the code and every token that descends from it live and die together.
create table token_families (
  domain_id  text not null,
  id         text not null,
  application_id bigint not null,
  user_id    text,                               -- null: client credentials
  session_public_id text,                        -- sign-out of that session revokes the family
  scope      text not null,
  auth_time  timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (domain_id, id),
  foreign key (domain_id, application_id) references applications (domain_id, id) on delete cascade,
  foreign key (domain_id, user_id) references users (domain_id, id) on delete cascade
);
create index token_families_by_user on token_families (domain_id, user_id);
create index token_families_by_session on token_families (domain_id, session_public_id);
create index token_families_by_expiry on token_families (expires_at);

create table authorization_codes (
  domain_id  text not null,
  code_hash  bytea not null,
  family_id  text not null,
  redirect_uri text not null,
  code_challenge text,
  nonce      text,
  expires_at timestamptz not null,
  used_at    timestamptz,
  primary key (domain_id, code_hash),
  foreign key (domain_id, family_id) references token_families (domain_id, id) on delete cascade
);

create table refresh_tokens (
  domain_id  text not null,
  token_hash bytea not null,
  family_id  text not null,
  scope      text not null,
  issued_at  timestamptz not null default now(),
  expires_at timestamptz not null,               -- idle limit; the family holds the absolute one
  used_at    timestamptz,
  successor_sealed bytea,                        -- the answer given for it, readable only with the token itself
  primary key (domain_id, token_hash),
  foreign key (domain_id, family_id) references token_families (domain_id, id) on delete cascade
);
create index refresh_tokens_by_family on refresh_tokens (domain_id, family_id);

create table device_codes (
  domain_id  text not null references domains (id) on delete cascade,
  device_hash bytea not null,
  user_code_hash bytea not null,
  application_id bigint not null,
  scope      text not null,
  user_id    text,
  family_id  text,
  state      text not null default 'pending' check (state in ('pending', 'approved', 'denied', 'used')),
  interval_seconds integer not null default 5,
  last_polled_at timestamptz,
  expires_at timestamptz not null,
  primary key (domain_id, device_hash),
  foreign key (domain_id, application_id) references applications (domain_id, id) on delete cascade
);
create unique index device_codes_by_user_code on device_codes (domain_id, user_code_hash);

create table api_keys (
  domain_id   text not null,
  id          text not null,                     -- 32 hex
  user_id     text not null,
  name        text not null,
  description text not null default '',
  scopes      text[] not null default '{public}',
  permissions text not null default 'user' check (permissions in ('user', 'support', 'admin', 'admin_support')),
  secret_hash text not null,                     -- hex HMAC-SHA-512(key = secret, message = id)
  expires_at  timestamptz,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (domain_id, id),
  foreign key (domain_id, user_id) references users (domain_id, id) on delete cascade
);
create unique index api_keys_by_name on api_keys (domain_id, name);
create index api_keys_by_id on api_keys (id);

create table metadata (
  domain_id   text not null references domains (id) on delete cascade,
  parent_id   text not null,
  name        text not null,
  description text not null default '',
  details     jsonb not null default '{}',
  editors     text[] not null default '{}',
  schema_id   text,
  modified_by_id text,
  version     bigint not null default 1,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (domain_id, parent_id, name)
);

create table metadata_history (
  domain_id   text not null,
  parent_id   text not null,
  name        text not null,
  version     bigint not null,
  description text not null,
  details     jsonb not null,
  modified_by_id text,
  created_at  timestamptz not null,
  primary key (domain_id, parent_id, name, version),
  foreign key (domain_id, parent_id, name) references metadata (domain_id, parent_id, name)
    on update cascade on delete cascade
);
