-- Answers of creating requests that carried an Idempotency-Key, so that a repetition gets the same answer.
create table idempotency_keys (
  domain_id   text not null references domains (id) on delete cascade,
  key_hash    bytea not null,                    -- of the caller and the key that they chose
  request_hash bytea not null,                   -- of method, path and body
  status      integer,                           -- null: the first request is still under way, or never ended
  answer_sealed bytea,                           -- an answer may hold a secret that is shown once
  expires_at  timestamptz not null,
  primary key (domain_id, key_hash)
);
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
