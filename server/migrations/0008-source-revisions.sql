-- Every configuration that a source ever had: who made it, and whether a dry run of exactly it has passed. Sign-ins under
-- way finish on the revision they began with.
alter table sources add column secret_notes jsonb not null default '{}';

create table source_revisions (
  domain_id    text not null,
  source_id    text not null,
  version      bigint not null,
  name         text not null,
  enabled      boolean,                          -- shown as a change; no part of the configuration
  settings     jsonb not null,
  secrets      jsonb not null default '{}',      -- sealed for the place of the source's own secrets
  secret_notes jsonb not null default '{}',      -- per secret: fingerprint, last four, set on, expires on
  digest       text not null default '',         -- of the effective configuration; a dry run passes for one digest
  cause        text not null check (cause in ('create', 'edit', 'roll_back', 'promote_secret', 'import')),
  restored_version bigint,                       -- roll_back: the version that came back
  actor_kind   text not null default 'system',
  actor_id     text,
  at           timestamptz not null default now(),
  tested_at    timestamptz,
  tested_by    text,
  primary key (domain_id, source_id, version),
  foreign key (domain_id, source_id) references sources (domain_id, id) on delete cascade
);

insert into source_revisions (domain_id, source_id, version, name, enabled, settings, secrets, cause, at)
  select domain_id, id, version, name, enabled, settings, secrets, 'import', updated_at from sources;
