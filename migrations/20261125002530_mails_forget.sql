-- The outbox keeps no secret, and no text for longer than it serves. An address that answers for its reader
-- is in the body for as long as the mail waits; once it left or was given up, the address is taken out, and
-- the mail is not to be sent again.
alter table mails
  -- The address that answers, as it stands in the body.
  add column answer_link text,
  -- Whether something of the body was taken away.
  add column is_emptied boolean not null default false;

create function forget_answer_link() returns trigger language plpgsql as $$
begin
  new.text := replace(new.text, new.answer_link, '(adresse personnelle, effacée)');
  new.html := '';
  new.answer_link := null;
  new.is_emptied := true;
  return new;
end $$;
create trigger mails_forget_answer_link before insert or update on mails
  for each row when (new.answer_link is not null and new.status in ('sent', 'refused', 'failed'))
  execute function forget_answer_link();

-- Those of before this day.
update mails set answer_link = substring(text from 'https?://[^[:space:]]+/invitation/[^[:space:]]+')
 where kind = 'workshop';
alter table mails
  add constraint mails_answer_link_forgotten check (answer_link is null or status in ('waiting', 'kept')),
  add constraint mails_emptied_without_html check (not is_emptied or html = '');
create index mails_by_body on mails (created_at) where text <> '' or html <> '';
