-- What happened, written in the transaction of what happened. Rows outlive their domain, so there is no foreign key.

create table audit (
  domain_id   text not null,
  id          uuid not null default gen_random_uuid(),
  at          timestamptz not null default now(),
  action      text not null,                     -- e.g. sign_in, source.update, refresh_reuse
  outcome     text not null check (outcome in ('ok', 'denied')),
  reason      text,                              -- an error code when denied
  actor_kind  text not null,                     -- user, api_key, application, operator, anonymous
  actor_id    text,
  source_id   text,
  application_id text,
  target      text,                              -- id of what was changed
  fields      text[] not null default '{}',      -- names of changed fields, never values
  detail      jsonb not null default '{}',       -- further facts, no secret
  ip          text,
  user_agent  text,
  request_id  text,
  primary key (domain_id, id)
);
create index audit_by_time on audit (domain_id, at);

-- Counters that all nodes share (rate limits). Losing them is harmless.
create table rate_limits (
  domain_id text not null,
  key       text not null,
  points    integer not null,
  expires_at timestamptz not null,
  primary key (domain_id, key)
);
create index rate_limits_by_expiry on rate_limits (expires_at);
