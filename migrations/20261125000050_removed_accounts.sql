-- Why accounts that somebody typed were removed. The accounts themselves are in the audit.
create table removed_accounts (
  id uuid primary key,
  -- An import that is taken back takes its companies, and what was told of them.
  siren text not null references companies on delete cascade,
  -- Key of the fact: SIREN, closing date, kind.
  fact_key text not null,
  closed_on date not null,
  motive text not null,
  removed_by uuid not null references users,
  removed_by_name text not null,
  removed_at timestamptz not null,
  constraint removed_accounts_motive check (length(btrim(motive)) >= 10)
);
create index removed_accounts_by_company on removed_accounts (siren);
create trigger removed_accounts_audit after insert or update or delete on removed_accounts
  for each row execute function audit_row('id');
