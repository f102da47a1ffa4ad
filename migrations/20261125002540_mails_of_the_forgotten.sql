-- A person who asks to be forgotten leaves the outbox too. What was written to them and still waits does not
-- leave; of what left, the subject and the dates stay, without name, address, text or file. Mails of an account
-- are not theirs alone: they follow the account.
create function forget_mails(addresses text[], related_to text[], name text) returns void language plpgsql as $$
declare
  found uuid[];
begin
  select array_agg(m.id) into found from public.mails m
   where m.user_id is null
     and (m.related = any(related_to) and m.to_name = name
          -- An address that several people share tells them apart by their name.
          or lower(m.to_address) = any(addresses) and (m.to_name = name or not (
               exists (select from public.contacts c where lower(c.email) = lower(m.to_address))
               or exists (select from public.partner_people p where lower(p.email) = lower(m.to_address))
               or exists (select from public.organisations o where lower(o.email) = lower(m.to_address)))));
  if found is null then
    return;
  end if;
  update public.mails
     set to_name = 'Personne effacée', to_address = '', text = '', html = '', is_emptied = true, answer_link = null,
         unsubscribe = null, unsubscribe_hash = null,
         last_error = case when status in ('waiting', 'kept') then 'erased' else last_error end,
         status = case when status in ('waiting', 'kept') then 'failed' else status end
   where id = any(found);
  delete from public.mail_attachments where mail_id = any(found);
end $$;

create index mails_by_address on mails (lower(to_address));

create or replace function forget_invited_contact() returns trigger language plpgsql as $$
declare
  -- Theirs, and those of before they had a record: their name at a meeting of theirs, or their address.
  own uuid[] := array(
    select i.id from public.meeting_invitations i
     where i.contact_id = old.id
        or i.contact_id is null and i.side = 'company' and i.person_name = old.full_name and (
             old.email <> '' and lower(i.address) = lower(old.email)
             or exists (select from public.meeting_people p
                        where p.meeting_id = i.meeting_id and p.contact_id = old.id)));
begin
  perform public.forget_mails(
    array(select lower(a) from (
            select old.email as a
            union select i.address from public.meeting_invitations i where i.id = any(own)) x
          where a <> ''),
    array(select '/rencontres/' || i.meeting_id from public.meeting_invitations i where i.id = any(own)),
    old.full_name);
  update public.meeting_invitations set person_name = new.full_name, address = '', user_id = null
   where id = any(own);
  return null;
end $$;

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
     set person_name = new.full_name, person_email = '', user_id = null,
         replacement_name = case when answer = 'replaced' then new.full_name else '' end
   where person_id = new.id;
  return null;
end $$;
