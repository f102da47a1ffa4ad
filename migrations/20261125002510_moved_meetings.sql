-- A meeting to come may move, end at another hour, or change people: those who were invited are told.
alter table meetings
  add column ends_at timestamptz,
  add constraint meetings_ends_after_it_begins check (ends_at > planned_at);

alter table meeting_invitations
  -- Somebody else comes in their place.
  add column is_removed boolean not null default false,
  -- When they were told not to come.
  add column called_off_at timestamptz;
drop index meeting_invitations_side;
create unique index meeting_invitations_side on meeting_invitations (meeting_id, side) where not is_removed;
drop index meeting_invitations_address;
create unique index meeting_invitations_address on meeting_invitations (meeting_id, lower(address))
  where address <> '' and not is_removed;
