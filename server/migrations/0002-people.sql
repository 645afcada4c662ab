-- People of a domain and how they sign in. Every key begins with the domain id.

create table sources (
  domain_id   text not null references domains (id) on delete cascade,
  id          text not null,
  kind        text not null check (kind in ('oauth2', 'saml', 'ldap')),
  name        text not null,
  enabled     boolean not null default true,
  settings    jsonb not null,                    -- checked configuration without secrets
  secrets     jsonb not null default '{}',       -- field name -> base64 of the sealed value
  version     bigint not null default 1,         -- raised by every change; a sign-in finishes on the one it began with
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (domain_id, id)
);
create index sources_by_id on sources (id);

create table users (
  domain_id     text not null references domains (id) on delete cascade,
  id            text not null,
  email         text,
  email_canonical text,                          -- trimmed, ASCII lower-case (no Unicode folding)
  email_verified boolean not null default false,
  name          text not null default '',
  first_name    text, last_name text, nickname text, login_name text, staff_id text, phone text, country text,
  image         text, ui_theme text not null default 'light', building text, card_number text, department text,
  preferred_language text, misc text, photo_upload_id text,
  groups        text[] not null default '{}',
  sys_admin     boolean not null default false,  -- administrator of this domain
  platform_admin boolean not null default false, -- administrator of the installation (implies sys_admin)
  support       boolean not null default false,
  password_digest text,
  password_changed_at timestamptz,
  locatable     boolean not null default false,
  work_preferences jsonb not null default '[]',
  work_overrides jsonb not null default '{}',
  login_count   integer not null default 0,
  last_login    timestamptz,
  signed_out_at timestamptz,                     -- tokens issued at or before are refused
  disabled_at   timestamptz,
  deleted_at    timestamptz,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (domain_id, id)
);
create unique index users_by_email on users (domain_id, email_canonical);
create unique index users_by_login_name on users (domain_id, login_name);
create unique index users_by_staff_id on users (domain_id, staff_id);
create index users_by_id on users (id);
create index users_by_name on users (domain_id, name, id);

-- What a source says about a person: (domain, source, issuer, subject) is the key, never an e-mail address.
create table identities (
  domain_id   text not null,
  source_id   text not null,
  issuer      text not null,
  subject     text not null,
  user_id     text not null,
  email       text,
  created_at  timestamptz not null default now(),
  last_sign_in_at timestamptz,
  primary key (domain_id, source_id, issuer, subject),
  foreign key (domain_id, source_id) references sources (domain_id, id) on delete cascade,
  foreign key (domain_id, user_id) references users (domain_id, id) on delete cascade
);
create index identities_by_user on identities (domain_id, user_id);

-- The provider's delegated tokens of an identity, sealed.
create table upstream_grants (
  domain_id   text not null,
  source_id   text not null,
  issuer      text not null,
  subject     text not null,
  access_token_sealed  bytea,
  refresh_token_sealed bytea,
  token_type  text not null default 'Bearer',
  scope       text not null default '',
  expires_at  timestamptz,                       -- null: does not expire
  refreshed_at timestamptz not null default now(),
  state       text not null default 'live' check (state in ('live', 'needs_consent')),
  refusal     jsonb,                             -- why the provider refused: error, codes, when; no secret
  refresh_lease_until timestamptz,               -- one refresher at a time over all processes
  refresh_lease_by text,
  version     bigint not null default 1,
  primary key (domain_id, source_id, issuer, subject),
  foreign key (domain_id, source_id, issuer, subject)
    references identities (domain_id, source_id, issuer, subject) on delete cascade
);

-- Sign-ins that came back from the provider: claiming the row makes a flow single-use.
create table flow_uses (
  domain_id  text not null references domains (id) on delete cascade,
  flow_hash  bytea not null,
  source_id  text not null,
  used_at    timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (domain_id, flow_hash)
);
create index flow_uses_by_expiry on flow_uses (expires_at);

create table sessions (
  domain_id   text not null,
  id_hash     bytea not null,                    -- SHA-256 of the cookie's value
  public_id   text not null,                     -- names the session in lists and in tokens (sid)
  user_id     text not null,
  source_id   text,
  provider    text not null,                     -- oauth2, adfs, ldap, internal
  authenticated_at timestamptz not null default now(),
  created_at  timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  idle_expires_at timestamptz not null,
  expires_at  timestamptz not null,
  ip          text,
  user_agent  text,
  primary key (domain_id, id_hash),
  foreign key (domain_id, user_id) references users (domain_id, id) on delete cascade
);
create unique index sessions_by_public_id on sessions (domain_id, public_id);
create index sessions_by_user on sessions (domain_id, user_id);
create index sessions_by_expiry on sessions (expires_at);
