-- A guest who sends somebody else may give their address: minutes go to who was there. Two people of one
-- organisation may share a mailbox: the same person at the same address is invited once.
alter table workshop_guests
  add column replacement_email text not null default '',
  add constraint workshop_guests_replacement_named check (replacement_email = '' or answer = 'replaced');
drop index workshop_guests_address;
create unique index workshop_guests_address
  on workshop_guests (workshop_id, lower(person_email), fold_text(person_name)) where person_email <> '';
drop trigger workshop_guests_audit on workshop_guests;
create trigger workshop_guests_audit
  after insert or delete
     or update of answer, replacement_name, replacement_email, answered_at, invited_at, reminded_at, attended
  on workshop_guests
  for each row execute function audit_row('id', 'person_name,person_email,replacement_name,replacement_email');

create or replace function forget_guest() returns trigger language plpgsql as $$
begin
  perform public.forget_mails(
    array(select lower(a) from (
            select old.email as a union select g.person_email from public.workshop_guests g where g.person_id = old.id) x
          where a <> ''),
    array(select '/ateliers/' || g.workshop_id from public.workshop_guests g where g.person_id = old.id),
    old.full_name);
  delete from public.workshop_links l using public.workshop_guests g
    where g.id = l.guest_id and g.person_id = new.id;
  update public.workshop_guests
     set person_name = new.full_name, person_email = '', user_id = null, replacement_email = '',
         replacement_name = case when answer = 'replaced' then new.full_name else '' end
   where person_id = new.id;
  -- Where they came in the place of somebody else.
  update public.workshop_guests set replacement_name = new.full_name, replacement_email = ''
   where old.email <> '' and lower(replacement_email) = lower(old.email);
  return null;
end $$;

-- An invitation serves until what it announces begins, is called off or was held: it does not leave afterwards.
alter table mails add column serves_until timestamptz;
create index mails_that_serve on mails (related) where serves_until is not null;
update mails m set serves_until = case when w.cancelled_at is null then w.held_at else '-infinity' end
  from workshops w where m.answer_link is not null and m.related = '/ateliers/' || w.id;
update mails m set serves_until = case when t.status = 'planned' then t.planned_at else '-infinity' end
  from meetings t
 where m.kind = 'meeting' and m.related = '/rencontres/' || t.id and exists (
   select from mail_attachments a where a.mail_id = m.id and a.content_type like '%method=REQUEST');

create function withdraw_mails(path text) returns void language plpgsql as $$
begin
  update public.mails
     set serves_until = '-infinity',
         last_error = case when status in ('waiting', 'kept') then 'too_late' else last_error end,
         status = case when status in ('waiting', 'kept') then 'failed' else status end
   where related = path and serves_until is not null;
end $$;
create function withdraw_workshop_mails() returns trigger language plpgsql as $$
begin
  perform public.withdraw_mails('/ateliers/' || new.id);
  return null;
end $$;
create trigger workshops_withdraw_mails after update on workshops
  for each row when (old.cancelled_at is null and new.cancelled_at is not null)
  execute function withdraw_workshop_mails();
create function withdraw_meeting_mails() returns trigger language plpgsql as $$
begin
  perform public.withdraw_mails('/rencontres/' || new.id);
  return null;
end $$;
create trigger meetings_withdraw_mails after update on meetings
  for each row when (old.status = 'planned' and new.status <> 'planned')
  execute function withdraw_meeting_mails();
