-- Break-glass accounts sign in by password even where nobody else may; warnings reach people before a secret ends.
alter table users add column break_glass boolean not null default false;
alter table domains add column warning_emails text[] not null default '{}';
alter table domains add column warning_webhook_url text not null default '';

create table secret_reminders (
  domain_id   text not null,
  source_id   text not null,
  field       text not null,                     -- e.g. client_secret
  secret_expires_at timestamptz not null,
  days_left   integer not null,                  -- 60, 30, 14, 7, 1, 0
  sent_at     timestamptz not null default now(),
  channels    text[] not null default '{}',      -- what is still to be delivered: webhook, mail
  tries_left  integer not null default 0,
  next_try_at timestamptz not null default now(),
  primary key (domain_id, source_id, field, secret_expires_at, days_left),
  foreign key (domain_id, source_id) references sources (domain_id, id) on delete cascade
);
