-- Tables that belong to the installation as a whole (reference tables when the schema is distributed).

create table domains (
  id            text primary key,
  name          text not null,
  description   text not null default '',
  host          text not null unique,            -- lower-case host name, no port
  login_url     text not null default '/login?continue={{url}}',
  logout_url    text not null default '/auth/logout',
  email_domains text[] not null default '{}',
  config        jsonb not null default '{}',
  internals     jsonb not null default '{}',
  -- sign-in rules of the domain
  password_sign_in boolean not null default true,
  session_idle_seconds integer not null default 86400,
  session_absolute_seconds integer not null default 604800,
  legacy        jsonb not null default '{}',     -- switches of the compatibility list, all off by default
  version       bigint not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);

-- Data keys (AES-256) of each domain, wrapped by a key-encryption key that lives outside the database.
-- Domain id '' holds the keys of the installation itself (signing keys).
create table data_keys (
  domain_id   text not null,
  version     integer not null,
  kek_id      text not null,
  wrapped     bytea not null,
  created_at  timestamptz not null default now(),
  primary key (domain_id, version)
);

create table signing_keys (
  kid          text primary key,
  alg          text not null,
  public_jwk   jsonb not null,
  private_sealed bytea not null,
  created_at   timestamptz not null default now(),
  active_from  timestamptz not null,             -- published before, signs from here on
  retired_at   timestamptz                       -- signs no more; still verifies until the last token has expired
);

create table setup_tokens (
  token_hash  bytea primary key,
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null,
  used_at     timestamptz
);

-- Small facts of the installation, e.g. which migration rules apply.
create table installation (
  name  text primary key,
  value jsonb not null
);
