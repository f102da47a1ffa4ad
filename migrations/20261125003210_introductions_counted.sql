-- Introductions of the twelve months before an evening, by dossier of the need, as they stood that evening.
create function indicator_introductions(evening date, within text[])
returns table (dossier text, proposed int, met int, pursued int)
language sql stable parallel safe as $$
  select b.dossier, count(*)::int,
         count(*) filter (where exists (
           select from introduction_events v
           where v.introduction_id = i.id and v.state in ('met', 'pursued') and v.happened_on <= evening))::int,
         count(*) filter (where exists (
           select from introduction_events v
           where v.introduction_id = i.id and v.state = 'pursued' and v.happened_on <= evening))::int
  from introductions i
  join matching_board b on b.id = i.need_id
  where i.proposed_on <= evening and i.proposed_on > evening - interval '12 months'
    and (within is null or b.territories && within)
  group by b.dossier
$$;
