-- The same figures, read faster: the last count of each site by its key, workshops once an evening.
-- And who read them is told when they may have changed.

create or replace function jobs_in_territory(company text, territory text, evening date)
returns table (jobs int, oldest date, source text)
language sql stable parallel safe as $$
  select sum(h.headcount)::int, min(h.period), min(h.source)
  from establishments e
  join territory_memberships m on m.insee_code = e.insee_code and m.period @> evening
  cross join lateral (
    select headcount, period, source from (
      (select headcount, period, source, granularity from headcounts
       where siret = e.siret and granularity = 'month'
         and period <= evening and period > evening - interval '2 years'
       order by period desc limit 1)
      union all
      (select headcount, period, source, granularity from headcounts
       where siret = e.siret and granularity = 'year'
         and period <= evening and period > evening - interval '2 years'
       order by period desc limit 1)) last_of_each
    order by period desc, granularity limit 1) h
  where e.siren = company and m.territory_siren = territory
    and (e.active or coalesce(e.closed_on, e.source_date) > evening)
  having count(*) > 0
$$;

-- What a person stated of a company's sites, by company and evening.
create index impact_facts_by_site on impact_facts (siret, criterion, noted_on);

drop function indicator_figures, key_company_outcomes;
create function key_company_outcomes(evening date, share int)
returns table (
  territory_siren text,
  siren text,
  -- Its first entry, and the place that it holds that evening; null when it holds none any more.
  entered_on date,
  key_company_id uuid,
  -- The last exchange, workshop review or plan of the twelve months before: which, and when.
  followed_by text,
  followed_on date,
  -- `maintained`, `lost`, or `unproven` when its jobs are not known; null before twelve months.
  verdict text,
  -- Why it is lost or unproven.
  reason text,
  jobs_then int,
  jobs_then_on date,
  jobs_now int,
  jobs_now_on date,
  jobs_source text,
  -- Whether its closure would leave a pollution, or a service that nobody else gives nearby, as a person
  -- stated; null for what nobody stated.
  is_polluting boolean,
  is_provider boolean
)
language sql stable parallel safe as $$
  with entries as (
    select k.territory_siren, k.siren, min(k.entered_on) as entered_on,
           max(k.id::text) filter (where k.exited_on is null or k.exited_on > evening)::uuid as key_company_id,
           -- What its last exit said, unless it came back.
           case when bool_and(coalesce(k.exited_on <= evening, false)) then
             (array_agg(k.exit_outcome order by k.exited_on desc))[1] end as exit_outcome
    from key_companies k
    where k.entered_on <= evening
    group by k.territory_siren, k.siren),
  -- The last workshop of the year that left something behind on each company.
  reviews as (
    select wc.siren, max((w.held_at at time zone 'Europe/Paris')::date) as held_on
    from workshops w join workshop_companies wc on wc.workshop_id = w.id
    where w.cancelled_at is null
      and w.held_at < (evening + 1)::timestamp at time zone 'Europe/Paris'
      and w.held_at >= ((evening - interval '12 months')::date + 1)::timestamp at time zone 'Europe/Paris'
      and (exists (select from workshop_entries x where x.workshop_id = w.id and x.siren = wc.siren)
        or exists (select from workshop_decisions x where x.workshop_id = w.id and x.siren = wc.siren))
    group by wc.siren),
  known as materialized (
    select e.*, c.active or coalesce(c.ceased_on, c.source_date) > evening as is_active
    from entries e join companies c on c.siren = e.siren),
  -- Once a company: what follows reads its columns several times.
  judged as materialized (
    select e.*, f.followed_by, f.followed_on,
           e.entered_on <= evening - interval '12 months' as is_due,
           exists (
             select from establishments s
             join territory_memberships m on m.insee_code = s.insee_code and m.period @> evening
             where s.siren = e.siren and m.territory_siren = e.territory_siren
               and (s.active or coalesce(s.closed_on, s.source_date) > evening)
               and coalesce(s.created_on, evening) <= evening) as is_there,
           coalesce((
             select a.state in ('liquidation', 'struck_off') from risk_assessments a
             where a.siren = e.siren and a.as_of <= evening
             order by a.as_of desc, a.id desc limit 1), false) as is_liquidated,
           s.is_polluting, s.is_provider,
           b.jobs as jobs_then, b.oldest as jobs_then_on,
           n.jobs as jobs_now, n.oldest as jobs_now_on, n.source as jobs_source
    from known e
    left join reviews v on v.siren = e.siren
    left join lateral jobs_in_territory(e.siren, e.territory_siren, e.entered_on) b on true
    left join lateral jobs_in_territory(e.siren, e.territory_siren, evening) n on true
    left join lateral (
      select bool_or(i.worth > 0) filter (where i.criterion = 'environment') as is_polluting,
             bool_or(i.worth > 0) filter (where i.criterion = 'provider') as is_provider
      from impact_facts i
      where i.siret between e.siren || '00000' and e.siren || '99999' and i.noted_on <= evening
        and (i.superseded_at is null
             or (i.superseded_at at time zone 'Europe/Paris')::date > evening)) s on true
    left join lateral (
      select followed_by, followed_on from (
        select 'meeting' as followed_by, max(m.held_on) as followed_on from meetings m
        where m.siren = e.siren and m.status = 'held' and m.undone_at is null
          and m.held_on <= evening and m.held_on > evening - interval '12 months'
        union all
        select 'workshop', v.held_on
        union all
        select 'plan', max(least(p.closed_on, evening)) from action_plans p
        where p.siren = e.siren and p.opened_on <= evening
          and (p.closed_on is null or p.closed_on > evening - interval '12 months')
      ) evidence
      where followed_on is not null
      order by followed_on desc, followed_by limit 1) f on e.key_company_id is not null)
  select j.territory_siren, j.siren, j.entered_on, j.key_company_id, j.followed_by, j.followed_on,
         case when not j.is_due then null
              when r.reason is null then 'maintained'
              when r.reason = 'jobs_unknown' then 'unproven'
              else 'lost' end,
         case when j.is_due then r.reason end,
         j.jobs_then, j.jobs_then_on, j.jobs_now, j.jobs_now_on, j.jobs_source,
         j.is_polluting, j.is_provider
  from judged j
  cross join lateral (
    select case when not j.is_active or j.exit_outcome = 'closed' then 'closed'
                when j.is_liquidated then 'liquidation'
                when not j.is_there or j.exit_outcome = 'left' then 'left'
                -- The proof is younger than the entry: the same count does not prove itself.
                when j.jobs_then is null or j.jobs_now is null or j.jobs_now_on <= j.jobs_then_on
                  then 'jobs_unknown'
                when j.jobs_now * 100 < j.jobs_then * share then 'jobs' end as reason) r
$$;

-- « * » stands for all of them together: a key that joins fast.
create function indicator_figures(evening date, share int, within text[])
returns table (
  territory_siren text,
  territories int,
  -- Places held, and those of them whose company was met, reviewed or accompanied during the year.
  identified int,
  followed int,
  -- Companies that entered twelve months ago or more, and what became of them.
  due int,
  maintained int,
  lost int,
  unproven int,
  -- Jobs at entry and that evening, of the companies in place for which both are known.
  jobs_known int,
  jobs_then int,
  jobs_now int,
  -- Alerts of the year on companies in place, those after which somebody met the company, days until
  -- then (median), assessments that people judged, and found useful.
  alerts int,
  alerts_met int,
  contact_days int,
  judged int,
  useful int,
  -- Workshops held during the year, organisations that came, decisions that fell due, done in time.
  workshops int,
  partners int,
  decisions int,
  decisions_in_time int,
  -- Companies in place whose closure would leave a pollution behind, or a service unprovided.
  polluting int,
  providers int,
  -- Companies in place of which somebody stated it, for each of the two.
  pollutions_known int,
  providers_known int
)
language sql stable parallel safe as $$
  with places as (
    select t.siren from territories t
    where (within is null or t.siren = any (within))
      and exists (select from territory_memberships m where m.territory_siren = t.siren and m.period @> evening)),
  outcomes as materialized (
    select o.*, o.key_company_id is not null as is_held
    from key_company_outcomes(evening, share) o join places p on p.siren = o.territory_siren),
  counted as (
    select case when grouping(o.territory_siren) = 1 then '*' else o.territory_siren end as place,
           count(*) filter (where is_held) as identified,
           count(*) filter (where is_held and followed_on is not null) as followed,
           count(verdict) as due,
           count(*) filter (where verdict = 'maintained') as maintained,
           count(*) filter (where verdict = 'lost') as lost,
           count(*) filter (where verdict = 'unproven') as unproven,
           count(*) filter (where is_held and jobs_then is not null and jobs_now is not null) as jobs_known,
           sum(jobs_then) filter (where is_held and jobs_now is not null) as jobs_then,
           sum(jobs_now) filter (where is_held and jobs_then is not null) as jobs_now,
           count(*) filter (where is_held and is_polluting) as polluting,
           count(*) filter (where is_held and is_provider) as providers,
           count(is_polluting) filter (where is_held) as pollutions_known,
           count(is_provider) filter (where is_held) as providers_known
    from outcomes o group by grouping sets ((o.territory_siren), ())),
  opened as (
    select o.territory_siren, o.siren, (a.opened_at at time zone 'Europe/Paris')::date as opened_on,
           (select min(m.held_on) from meetings m
            where m.siren = a.siren and m.status = 'held' and m.undone_at is null
              and m.held_on between (a.opened_at at time zone 'Europe/Paris')::date and evening) as met_on
    from outcomes o join alerts a on a.siren = o.siren
    where o.is_held and a.status <> 'merged'
      and (a.opened_at at time zone 'Europe/Paris')::date <= evening
      and (a.opened_at at time zone 'Europe/Paris')::date > evening - interval '12 months'),
  alarmed as (
    select case when grouping(territory_siren) = 1 then '*' else territory_siren end as place, count(*) as alerts,
           count(met_on) as alerts_met,
           percentile_disc(0.5) within group (order by met_on - opened_on)
             filter (where met_on is not null) as contact_days
    from opened group by grouping sets ((territory_siren), ())),
  judgments as (
    select case when grouping(o.territory_siren) = 1 then '*' else o.territory_siren end as place, count(*) as judged,
           count(*) filter (where f.is_useful) as useful
    from outcomes o
    join risk_assessments a on a.siren = o.siren
    join assessment_feedback f on f.assessment_id = a.id
    where o.is_held and (f.at at time zone 'Europe/Paris')::date <= evening
      and (f.at at time zone 'Europe/Paris')::date > evening - interval '12 months'
    group by grouping sets ((o.territory_siren), ())),
  -- A workshop of the whole département counts in the total only.
  held as (
    select case when grouping(w.territory_siren) = 1 then '*' else w.territory_siren end as place,
           count(distinct w.id) as workshops,
           count(distinct g.organisation_id) as partners
    from workshops w
    join workshop_guests g on g.workshop_id = w.id and g.attended
    where w.cancelled_at is null and (within is null or w.territory_siren = any (within))
      and (w.held_at at time zone 'Europe/Paris')::date <= evening
      and (w.held_at at time zone 'Europe/Paris')::date > evening - interval '12 months'
    group by grouping sets ((w.territory_siren), ())),
  promised as (
    select case when grouping(o.territory_siren) = 1 then '*' else o.territory_siren end as place, count(*) as decisions,
           count(*) filter (where d.status = 'done' and d.done_on <= d.due_on) as in_time
    from outcomes o join workshop_decisions d on d.siren = o.siren
    where o.is_held and d.status <> 'dropped' and d.due_on <= evening
      and d.due_on > evening - interval '12 months'
    group by grouping sets ((o.territory_siren), ()))
  select r.territory_siren, r.territories::int,
         coalesce(c.identified, 0)::int, coalesce(c.followed, 0)::int,
         coalesce(c.due, 0)::int, coalesce(c.maintained, 0)::int, coalesce(c.lost, 0)::int,
         coalesce(c.unproven, 0)::int,
         coalesce(c.jobs_known, 0)::int, coalesce(c.jobs_then, 0)::int, coalesce(c.jobs_now, 0)::int,
         coalesce(a.alerts, 0)::int, coalesce(a.alerts_met, 0)::int, a.contact_days::int,
         coalesce(j.judged, 0)::int, coalesce(j.useful, 0)::int,
         coalesce(h.workshops, 0)::int, coalesce(h.partners, 0)::int,
         coalesce(p.decisions, 0)::int, coalesce(p.in_time, 0)::int,
         coalesce(c.polluting, 0)::int, coalesce(c.providers, 0)::int,
         coalesce(c.pollutions_known, 0)::int, coalesce(c.providers_known, 0)::int
  from (select siren as territory_siren, siren as place, 1::bigint as territories from places
        union all select null, '*', count(*) from places) r
  left join counted c on c.place = r.place
  left join alarmed a on a.place = r.place
  left join judgments j on j.place = r.place
  left join held h on h.place = r.place
  left join promised p on p.place = r.place
$$;

-- What a closed plan left unended is over: a plan that starts again from it holds its own actions.
create or replace function indicator_actions(evening date, within text[])
returns table (
  dossier text,
  actions int,
  done int,
  late int,
  planned_euros bigint,
  spent_euros bigint,
  companies int
)
language sql stable parallel safe as $$
  select a.dossier, count(*)::int,
         count(*) filter (where a.status = 'done' and a.ended_on <= evening)::int,
         count(*) filter (where a.due_on < evening and coalesce(a.ended_on > evening, true))::int,
         sum(a.planned_euros)::bigint, sum(a.spent_euros)::bigint, count(distinct p.siren)::int
  from actions a
  join action_plans p on p.id = a.plan_id
  where (a.created_at at time zone 'Europe/Paris')::date <= evening
    and not (a.status = 'dropped' and a.ended_on <= evening)
    and not (coalesce(p.closed_on <= evening, false) and coalesce(a.ended_on > p.closed_on, true))
    and exists (
      select from key_companies k
      where k.siren = p.siren and k.entered_on <= evening and (k.exited_on is null or k.exited_on > evening)
        and (within is null or k.territory_siren = any (within)))
  group by a.dossier
$$;

-- One row for each transaction that may have moved a figure. Rows and their sum are the state of the figures:
-- what was computed under a state holds as long as it is the same. A row that is taken away only makes
-- them computed once more.
create table indicator_changes (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp()
);
create function tell_indicators() returns trigger language plpgsql as $$
declare
  me text := pg_current_xact_id()::text;
begin
  -- Once is enough; the setting ends with the transaction, or with the savepoint that is given up.
  if setting_or_null('vigie.indicators_told') is distinct from me then
    insert into indicator_changes default values;
    perform set_config('vigie.indicators_told', me, true);
  end if;
  return null;
end $$;

do $$
declare
  source text;
begin
  -- Every table that the functions of the indicators read: a test compares.
  foreach source in array array[
    'action_plans', 'actions', 'alerts', 'assessment_feedback', 'companies', 'establishments', 'headcounts',
    'impact_facts', 'introduction_events', 'introductions', 'key_companies', 'matching_entries',
    'matching_themes', 'meetings', 'organisation_territories', 'risk_assessments', 'territories',
    'territory_memberships', 'workshop_companies', 'workshop_decisions', 'workshop_entries', 'workshop_guests',
    'workshops']
  loop
    execute format('create trigger %I after insert or update or delete or truncate on %I
                    for each statement execute function tell_indicators()', source || '_tells_indicators', source);
  end loop;
end $$;
