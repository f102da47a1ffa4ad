-- What is said and decided in a room is told to those who were there: the audit knows that it was written,
-- by whom and when, not the words.
drop trigger workshops_audit on workshops;
create trigger workshops_audit after insert or update or delete on workshops
  for each row execute function audit_row('id', 'minutes_intro,minutes_remarks,cancel_motive');
drop trigger workshop_decisions_audit on workshop_decisions;
create trigger workshop_decisions_audit after insert or update or delete on workshop_decisions
  for each row execute function audit_row('id', 'text,outcome');

-- Open decisions and who carries them out, with the rights of this moment: who left the organisation in
-- charge, or no longer works with companies, is told nothing of them.
create view due_decisions as
select d.id, d.workshop_id, d.siren, d.text, d.due_on, u.id as user_id
from workshop_decisions d
join users u on u.id = d.owner_user_id and u.organisation_id = d.owner_organisation_id
where d.status = 'open' and u.status = 'active' and u.role in ('staff', 'adviser');
