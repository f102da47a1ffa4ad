-- What became of the minutes of each: their mail. One that was refused may be sent again, to another address.
alter table workshop_minutes_recipients
  add column mail_id uuid references mails on delete set null,
  add constraint workshop_minutes_recipients_mail_left check (mail_id is null or left_at is not null);
create index workshop_minutes_recipients_by_mail on workshop_minutes_recipients (mail_id);

-- What was promised at a meeting and is not done, for who promised it, with the rights of the moment.
create view due_steps as
select n.id, n.meeting_id, n.siren, n.promise as text, n.due_on, u.id as user_id
from next_steps n
join meetings m on m.id = n.meeting_id and m.undone_at is null
join users u on u.id = n.owner_id
where n.done_on is null and u.status = 'active' and (u.role = 'staff' or u.role = 'adviser' and exists (
  select from user_territories t
  join current_memberships c on c.territory_siren = t.territory_siren
  join establishments e on e.insee_code = c.insee_code
  where t.user_id = u.id and e.siren = n.siren));
