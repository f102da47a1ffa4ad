-- What a person saw or heard of a company: a red flag from a fixed list, named, dated, reasoned, and
-- over after six months unless they say otherwise. It stands beside the score, never in it.
create table signals (
  id uuid primary key,
  siren text not null references companies,
  kind text not null,
  observed_on date not null,
  motive text not null,
  expires_on date not null,
  author_id uuid not null references users,
  author_name text not null,
  created_at timestamptz not null,
  -- Taken back, with why: a mistake stays readable.
  withdrawn_on date,
  withdrawn_by text,
  withdrawal_motive text,
  version int not null default 1,
  constraint signals_kind_known check (kind in
    ('client_loss', 'payment_delay', 'manager_leaving', 'dispute', 'fewer_orders', 'layoffs',
     'unprepared_succession', 'bank', 'supplier', 'disaster', 'compliance', 'pollution', 'other')),
  constraint signals_motive check (length(btrim(motive)) >= 10),
  constraint signals_expiry check (expires_on > observed_on),
  constraint signals_withdrawal_whole check (
    (withdrawn_on is null) = (withdrawn_by is null) and (withdrawn_on is null) = (withdrawal_motive is null))
);
create index signals_by_company on signals (siren, observed_on desc);
create trigger signals_version before update on signals for each row execute function bump_version();
create trigger signals_audit after insert or update or delete on signals
  for each row execute function audit_row('id');

create trigger signals_rescore_insert after insert on signals
  referencing new table as new_rows for each statement execute function ask_to_rescore('siren');
create trigger signals_rescore_update after update on signals
  referencing new table as new_rows old table as old_rows
  for each statement execute function ask_to_rescore('siren');
