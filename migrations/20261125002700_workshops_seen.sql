-- A partner sees a workshop to which it was invited, at which it was ticked, or where something was decided
-- that it carries out: one told by telephone has the same rights as one told by mail. What the council carries
-- out itself gives nobody a right.
create function workshop_concerns(workshop uuid, organisation uuid) returns boolean
language sql stable as $$
  select exists (select from workshop_guests g
                 where g.workshop_id = workshop and g.organisation_id = organisation
                   and (g.invited_at is not null or g.attended))
      or exists (select from workshop_decisions d
                 join organisations o on o.id = d.owner_organisation_id and o.kind <> 'council'
                 where d.workshop_id = workshop and d.owner_organisation_id = organisation)
$$;
