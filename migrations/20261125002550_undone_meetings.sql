-- A meeting that is taken back leaves things as they were, and then leaves.
alter table meetings
  -- Last exchange of its contacts before it moved them: the day it set, and each contact's day before.
  add column exchanges_before jsonb;

-- Meetings taken back long ago go with all that hangs from them. The program has no right to delete meetings:
-- only those that were taken back go, through this function alone.
create function purge_undone_meetings(before timestamptz) returns bigint language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  gone uuid[];
begin
  select array_agg(m.id) into gone from meetings m
   where m.undone_at < before
     and not exists (select from company_needs n where n.meeting_id = m.id)
     and not exists (select from meeting_invitations i where i.meeting_id = m.id)
     and not exists (select from meeting_answers a where a.meeting_id = m.id);
  if gone is null then
    return 0;
  end if;
  update next_steps set done_by = null where done_by = any(gone);
  delete from next_steps where meeting_id = any(gone);
  delete from meeting_signals where meeting_id = any(gone);
  delete from meeting_people where meeting_id = any(gone);
  delete from meeting_dossiers where meeting_id = any(gone);
  delete from meetings where id = any(gone);
  return cardinality(gone);
end $$;
create index meetings_undone on meetings (undone_at) where undone_at is not null;

revoke execute on function purge_undone_meetings(timestamptz) from public;
do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    grant execute on function purge_undone_meetings(timestamptz) to vigie_app;
  end if;
end $$;
