-- A mail that announces a day, a place or people that changed meanwhile says something false: it does not
-- leave any more, nor is it sent again. Those whom it never reached are to be invited anew.
drop trigger workshops_withdraw_mails on workshops;
drop trigger meetings_withdraw_mails on meetings;
drop function withdraw_workshop_mails();
drop function withdraw_meeting_mails();
drop function withdraw_mails(text);

create function withdraw_mails(path text, reason text) returns void language plpgsql as $$
begin
  update public.mails
     set serves_until = '-infinity',
         last_error = case when status in ('waiting', 'kept') then reason else last_error end,
         status = case when status in ('waiting', 'kept') then 'failed' else status end
   where related = path and serves_until is not null;
end $$;
create function withdraw_workshop_mails() returns trigger language plpgsql as $$
begin
  perform public.withdraw_mails('/ateliers/' || new.id,
    case when new.cancelled_at is null then 'superseded' else 'too_late' end);
  return null;
end $$;
create trigger workshops_withdraw_mails after update on workshops
  for each row when (old.sequence <> new.sequence or old.cancelled_at is distinct from new.cancelled_at)
  execute function withdraw_workshop_mails();
create function withdraw_meeting_mails() returns trigger language plpgsql as $$
begin
  perform public.withdraw_mails('/rencontres/' || new.id,
    case when new.status = 'planned' then 'superseded' else 'too_late' end);
  return null;
end $$;
create trigger meetings_withdraw_mails after update on meetings
  for each row when (old.status = 'planned' and (new.status <> 'planned' or old.sequence <> new.sequence))
  execute function withdraw_meeting_mails();

-- An answer noted for a guest tells that they were invited, by word of mouth: the same rights as by mail.
create or replace function workshop_concerns(workshop uuid, organisation uuid) returns boolean
language sql stable as $$
  select exists (select from workshop_guests g
                 where g.workshop_id = workshop and g.organisation_id = organisation
                   and (g.invited_at is not null or g.answer <> 'none' or g.attended))
      or exists (select from workshop_decisions d
                 join organisations o on o.id = d.owner_organisation_id and o.kind <> 'council'
                 where d.workshop_id = workshop and d.owner_organisation_id = organisation)
$$;
