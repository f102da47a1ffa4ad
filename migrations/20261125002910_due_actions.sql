-- Actions still to be done and the account that carries each out, with the rights of this moment: who left the
-- organisation in charge, or no longer works with companies, is told nothing of them; nor is anybody but the
-- council told of what is not shared.
create view due_actions as
select a.id, p.siren, a.title, a.due_on, u.id as user_id
from actions a
join action_plans p on p.id = a.plan_id and p.closed_on is null
join users u on u.id = a.owner_user_id and u.organisation_id = a.owner_organisation_id
where a.status in ('todo', 'ongoing', 'blocked') and u.status = 'active'
  and (u.role = 'staff' or u.role = 'adviser' and a.is_shared);
