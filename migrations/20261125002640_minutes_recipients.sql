-- To whom minutes go. Their mail carries a PDF: until it is made, the row waits.
create table workshop_minutes_recipients (
  minutes_id uuid not null references workshop_minutes,
  guest_id uuid not null references workshop_guests,
  -- When the mail was written in the outbox, which says what became of it.
  left_at timestamptz,
  primary key (minutes_id, guest_id)
);
create index workshop_minutes_recipients_by_guest on workshop_minutes_recipients (guest_id);
-- Minutes sent before this table left with their act.
insert into workshop_minutes_recipients (minutes_id, guest_id, left_at)
select m.id, g.id, m.sent_at
from workshop_minutes m join workshop_guests g on g.workshop_id = m.workshop_id
where g.attended and g.person_email <> '';

create trigger workshop_minutes_recipients_audit after insert or update or delete on workshop_minutes_recipients
  for each row execute function audit_row('minutes_id,guest_id');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on workshop_minutes_recipients from vigie_app;
  end if;
end $$;
