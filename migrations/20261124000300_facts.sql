-- What a source says of a company at a date: a notice, annual accounts, public ratios, a debt. One
-- table, because they are deposited, compared, taken back, listed and forgotten in the same way;
-- `content` is the row that the reader of the file gave (`formats`), which states its shape.
create table facts (
  kind text not null,
  -- The number of the notice; SIREN, closing date and kind of the accounts; and so on.
  key text not null,
  siren text not null references companies,
  -- Day that the fact speaks of: publication of a notice, closing of an exercise, end of a period.
  happened_on date not null,
  content jsonb not null,
  import_id uuid,
  -- Who typed it, for what no file told.
  author_id uuid references users,
  source text not null,
  source_date date not null,
  primary key (kind, key),
  constraint facts_kind_known check (kind in
    ('notice', 'accounts', 'ratios', 'social_debt', 'social_contribution', 'social_delay')),
  constraint facts_content_object check (jsonb_typeof(content) = 'object'),
  constraint facts_told_by_file_or_person check (import_id is null or author_id is null)
);
create index facts_by_company on facts (siren, happened_on desc);
create index facts_by_import on facts (import_id);
create trigger facts_audit after insert or update or delete on facts
  for each row when (setting_or_null('vigie.import_id') is null)
  execute function audit_row('kind,key');

create unlogged table staged_facts (
  import_id uuid not null,
  file smallint not null,
  line bigint not null,
  kind text not null,
  key text not null,
  siren text not null,
  happened_on date not null,
  content jsonb not null,
  -- Producer of what the layout holds.
  source text not null,
  change text
);
create index staged_facts_by_import on staged_facts (import_id);

-- Companies to score again because something new is known of them. Told by the tables themselves, so
-- that no writer can forget it: an import, a form, an undo.
create table rescore_requests (
  siren text primary key,
  asked_at timestamptz not null default clock_timestamp()
);

-- Argument: the column that names the company; a SIRET begins with it.
create function ask_to_rescore() returns trigger language plpgsql as $$
begin
  if tg_op in ('INSERT', 'UPDATE') then
    execute format('insert into rescore_requests (siren) select distinct left(%I, 9) from new_rows
                    on conflict do nothing', tg_argv[0]);
  end if;
  if tg_op in ('DELETE', 'UPDATE') then
    execute format('insert into rescore_requests (siren) select distinct left(%I, 9) from old_rows
                    on conflict do nothing', tg_argv[0]);
  end if;
  return null;
end $$;

create trigger facts_rescore_insert after insert on facts
  referencing new table as new_rows for each statement execute function ask_to_rescore('siren');
create trigger facts_rescore_update after update on facts
  referencing new table as new_rows old table as old_rows
  for each statement execute function ask_to_rescore('siren');
create trigger facts_rescore_delete after delete on facts
  referencing old table as old_rows for each statement execute function ask_to_rescore('siren');
