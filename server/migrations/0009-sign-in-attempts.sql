-- The flight recorder: every sign-in that came back, or failed to begin, with its steps; kept for seven days.
create table sign_in_attempts (
  domain_id   text not null references domains (id) on delete cascade,
  id          text not null,                     -- the short id that the person sees when it fails
  source_id   text,
  version     bigint,                            -- of the source
  at          timestamptz not null,
  duration_ms integer not null,                  -- from the start to the end, the time at the provider included
  outcome     text not null check (outcome in ('ok', 'denied')),
  reason      text,                              -- an error code when denied
  user_id     text,
  steps       jsonb not null default '[]',
  evidence    jsonb not null default '{}',       -- what the diagnosis is made from; no secret
  request_id  text,
  expires_at  timestamptz not null,
  primary key (domain_id, id)
);
create index sign_in_attempts_by_source on sign_in_attempts (domain_id, source_id, at);
create index sign_in_attempts_by_expiry on sign_in_attempts (expires_at);

-- How far sign-ins come, by source and hour: the funnel.
create table sign_in_counts (
  domain_id   text not null,
  source_id   text not null,
  hour        timestamptz not null,
  started     integer not null default 0,
  returned    integer not null default 0,        -- came back from the provider
  token       integer not null default 0,        -- got a token
  profile     integer not null default 0,        -- got a profile
  signed_in   integer not null default 0,
  denied      integer not null default 0,
  durations   integer[] not null default '{}',   -- returns by duration of our own part, in the buckets of the code
  last_ok_at  timestamptz,
  last_denied_at timestamptz,
  expires_at  timestamptz not null,
  primary key (domain_id, source_id, hour),
  foreign key (domain_id, source_id) references sources (domain_id, id) on delete cascade
);
create index sign_in_counts_by_expiry on sign_in_counts (expires_at);
