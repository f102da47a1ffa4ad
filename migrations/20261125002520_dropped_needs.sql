-- A need that is not pursued: why, since when, by whom. Taken back, it is open again.
alter table company_needs
  add column drop_motive text,
  add column dropped_at timestamptz,
  add column dropped_by text,
  add constraint company_needs_dropped_with_a_motive check (
    case when status = 'dropped'
      then length(btrim(coalesce(drop_motive, ''))) >= 10 and dropped_at is not null and dropped_by is not null
      else num_nonnulls(drop_motive, dropped_at, dropped_by) = 0 end);
create index company_needs_by_meeting on company_needs (meeting_id);

drop trigger company_needs_audit on company_needs;
create trigger company_needs_audit after insert or update or delete on company_needs
  for each row execute function audit_row('id', 'need,drop_motive');
