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

create or replace function key_company_outcomes(evening date, share int)
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
  jobs_source text
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
  -- The last workshop of the year that left something behind on a company: read once, not for each.
  reviews as materialized (
    select wc.siren, max((w.held_at at time zone 'Europe/Paris')::date) as held_on
    from workshops w join workshop_companies wc on wc.workshop_id = w.id
    where w.cancelled_at is null
      and w.held_at < (evening + 1)::timestamp at time zone 'Europe/Paris'
      and w.held_at >= ((evening - interval '12 months')::date + 1)::timestamp at time zone 'Europe/Paris'
      and (exists (select from workshop_entries x where x.workshop_id = w.id and x.siren = wc.siren)
        or exists (select from workshop_decisions x where x.workshop_id = w.id and x.siren = wc.siren))
    group by wc.siren),
  judged as (
    select e.*, f.followed_by, f.followed_on,
           e.entered_on <= evening - interval '12 months' as is_due,
           c.active or coalesce(c.ceased_on, c.source_date) > evening as is_active,
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
           b.jobs as jobs_then, b.oldest as jobs_then_on,
           n.jobs as jobs_now, n.oldest as jobs_now_on, n.source as jobs_source
    from entries e
    join companies c on c.siren = e.siren
    left join lateral jobs_in_territory(e.siren, e.territory_siren, e.entered_on) b on true
    left join lateral jobs_in_territory(e.siren, e.territory_siren, evening) n on true
    left join lateral (
      select followed_by, followed_on from (
        select 'meeting' as followed_by, max(m.held_on) as followed_on from meetings m
        where m.siren = e.siren and m.status = 'held' and m.undone_at is null
          and m.held_on <= evening and m.held_on > evening - interval '12 months'
        union all
        select 'workshop', v.held_on from reviews v where v.siren = e.siren
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
         j.jobs_then, j.jobs_then_on, j.jobs_now, j.jobs_now_on, j.jobs_source
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
