-- Who was invited by mail to a meeting at the highest level, and what they were told.
alter table meetings
  -- Moves when what the invitation says changes: the calendars of the guests follow it.
  add column sequence int not null default 0;

create table meeting_invitations (
  id uuid primary key,
  meeting_id uuid not null references meetings,
  -- Their side of the table, where each has one guest.
  side text not null,
  contact_id uuid references contacts,
  -- The account of that address, if any: their calendar holds the meeting.
  user_id uuid references users,
  -- As on the last mail; empty once erased.
  person_name text not null,
  address text not null,
  invited_at timestamptz not null,
  -- The last mail: when, what it told, and itself for as long as the outbox keeps it.
  told_at timestamptz not null,
  told_sequence int not null,
  mail_id uuid references mails on delete set null,
  version int not null default 1,
  constraint meeting_invitations_side_known check (side in ('company', 'council'))
);
create unique index meeting_invitations_side on meeting_invitations (meeting_id, side);
-- Nobody is invited twice.
create unique index meeting_invitations_address on meeting_invitations (meeting_id, lower(address))
  where address <> '';
create index meeting_invitations_by_contact on meeting_invitations (contact_id);
create index meeting_invitations_by_user on meeting_invitations (user_id);
create index meeting_invitations_by_mail on meeting_invitations (mail_id);
create trigger meeting_invitations_version before update on meeting_invitations
  for each row execute function bump_version();
-- The audit knows that somebody was invited, never their particulars.
create trigger meeting_invitations_audit
  after insert or delete or update of address, told_at on meeting_invitations
  for each row execute function audit_row('id', 'person_name,address');

-- A contact who asks to be forgotten leaves the invitations too.
create function forget_invited_contact() returns trigger language plpgsql as $$
begin
  update public.meeting_invitations set person_name = new.full_name, address = '', user_id = null
   where contact_id = new.id;
  return null;
end $$;
create trigger contacts_forgotten_invitation after update on contacts
  for each row when (old.erased_at is null and new.erased_at is not null)
  execute function forget_invited_contact();

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on meeting_invitations from vigie_app;
  end if;
end $$;
