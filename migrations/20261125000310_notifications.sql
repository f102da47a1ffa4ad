-- What each person wants to be told by mail. No row: a digest on Tuesday, and everything that is theirs.
create table notification_choices (
  user_id uuid primary key references users on delete cascade,
  -- ISO day of the week of the digest; null for none.
  digest_day smallint,
  -- An alert given to them by someone else.
  on_assigned boolean not null,
  -- A company that they follow changes level.
  on_level boolean not null,
  version int not null default 1,
  constraint notification_choices_day check (digest_day between 1 and 7)
);
create trigger notification_choices_version before update on notification_choices
  for each row execute function bump_version();
create trigger notification_choices_audit after insert or update or delete on notification_choices
  for each row execute function audit_row('user_id');

-- What was told to whom, in the transaction that writes the mail: nothing is told twice, whatever the
-- number of nodes.
create table notification_deliveries (
  user_id uuid not null references users on delete cascade,
  key text not null,
  at timestamptz not null,
  primary key (user_id, key)
);
create index notification_deliveries_by_time on notification_deliveries (at);
-- What is new is looked for every minute.
create index alert_events_by_time on alert_events (at);
create index risk_assessments_by_time on risk_assessments (assessed_at);

-- A private calendar: its address is a secret, of which only the hash is kept.
create table calendar_feeds (
  user_id uuid primary key references users on delete cascade,
  token_hash bytea not null,
  created_at timestamptz not null,
  constraint calendar_feeds_token_unique unique (token_hash)
);
create trigger calendar_feeds_audit after insert or update or delete on calendar_feeds
  for each row execute function audit_row('user_id', 'token_hash');
