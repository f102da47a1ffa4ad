-- The indicators, defined once: pages, exports, reports and snapshots read these functions.

-- Jobs of a company's establishments in a territory, one evening: for each the last count of the
-- two years before. `oldest` is the period of the oldest count read; null without any count.
create function jobs_in_territory(company text, territory text, evening date)
returns table (jobs int, oldest date, source text)
language sql stable parallel safe as $$
  select sum(h.headcount)::int, min(h.period), min(h.source)
  from establishments e
  join territory_memberships m on m.insee_code = e.insee_code and m.period @> evening
  cross join lateral (
    select headcount, period, source from headcounts
    where siret = e.siret and period <= evening and period > evening - interval '2 years'
    order by period desc, granularity limit 1) h
  where e.siren = company and m.territory_siren = territory
    and (e.active or coalesce(e.closed_on, e.source_date) > evening)
  having count(*) > 0
$$;

-- Every company that entered a place of a territory by that evening, once a territory. `share` is the
-- part of its jobs, in hundredths, that a company must still have to be maintained.
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
        select 'workshop', max((w.held_at at time zone 'Europe/Paris')::date)
        from workshop_companies wc join workshops w on w.id = wc.workshop_id
        where wc.siren = e.siren and w.cancelled_at is null
          and (w.held_at at time zone 'Europe/Paris')::date <= evening
          and (w.held_at at time zone 'Europe/Paris')::date > evening - interval '12 months'
          -- A review leaves something behind.
          and (exists (select from workshop_entries x where x.workshop_id = w.id and x.siren = wc.siren)
            or exists (select from workshop_decisions x where x.workshop_id = w.id and x.siren = wc.siren))
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

-- The figures of an evening: one row for each territory, and one (null) for all of them together;
-- `within` narrows both, null being every territory. « The year » is the twelve months before the evening.
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
  providers int
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
    select o.territory_siren, grouping(o.territory_siren) = 1 as is_total,
           count(*) filter (where is_held) as identified,
           count(*) filter (where is_held and followed_on is not null) as followed,
           count(verdict) as due,
           count(*) filter (where verdict = 'maintained') as maintained,
           count(*) filter (where verdict = 'lost') as lost,
           count(*) filter (where verdict = 'unproven') as unproven,
           count(*) filter (where is_held and jobs_then is not null and jobs_now is not null) as jobs_known,
           sum(jobs_then) filter (where is_held and jobs_now is not null) as jobs_then,
           sum(jobs_now) filter (where is_held and jobs_then is not null) as jobs_now,
           count(*) filter (where is_held and exists (
             select from impact_facts f where left(f.siret, 9) = o.siren and f.criterion = 'environment'
               and f.worth > 0 and f.noted_on <= evening
               and (f.superseded_at is null
                    or (f.superseded_at at time zone 'Europe/Paris')::date > evening))) as polluting,
           count(*) filter (where is_held and exists (
             select from impact_facts f where left(f.siret, 9) = o.siren and f.criterion = 'provider'
               and f.worth > 0 and f.noted_on <= evening
               and (f.superseded_at is null
                    or (f.superseded_at at time zone 'Europe/Paris')::date > evening))) as providers
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
    select territory_siren, grouping(territory_siren) = 1 as is_total, count(*) as alerts,
           count(met_on) as alerts_met,
           percentile_disc(0.5) within group (order by met_on - opened_on)
             filter (where met_on is not null) as contact_days
    from opened group by grouping sets ((territory_siren), ())),
  judgments as (
    select o.territory_siren, grouping(o.territory_siren) = 1 as is_total, count(*) as judged,
           count(*) filter (where f.is_useful) as useful
    from outcomes o
    join risk_assessments a on a.siren = o.siren
    join assessment_feedback f on f.assessment_id = a.id
    where o.is_held and (f.at at time zone 'Europe/Paris')::date <= evening
      and (f.at at time zone 'Europe/Paris')::date > evening - interval '12 months'
    group by grouping sets ((o.territory_siren), ())),
  -- A workshop of the whole département counts in the total only.
  held as (
    select w.territory_siren, grouping(w.territory_siren) = 1 as is_total,
           count(distinct w.id) as workshops,
           count(distinct g.organisation_id) as partners
    from workshops w
    join workshop_guests g on g.workshop_id = w.id and g.attended
    where w.cancelled_at is null and (within is null or w.territory_siren = any (within))
      and (w.held_at at time zone 'Europe/Paris')::date <= evening
      and (w.held_at at time zone 'Europe/Paris')::date > evening - interval '12 months'
    group by grouping sets ((w.territory_siren), ())),
  promised as (
    select o.territory_siren, grouping(o.territory_siren) = 1 as is_total, count(*) as decisions,
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
         coalesce(c.polluting, 0)::int, coalesce(c.providers, 0)::int
  from (select siren as territory_siren, false as is_total, 1::bigint as territories from places
        union all select null, true, count(*) from places) r
  left join counted c on c.is_total = r.is_total and c.territory_siren is not distinct from r.territory_siren
  left join alarmed a on a.is_total = r.is_total and a.territory_siren is not distinct from r.territory_siren
  left join judgments j on j.is_total = r.is_total and j.territory_siren is not distinct from r.territory_siren
  left join held h on h.is_total = r.is_total and h.territory_siren is not distinct from r.territory_siren
  left join promised p on p.is_total = r.is_total and p.territory_siren is not distinct from r.territory_siren
$$;

-- The actions of an evening by dossier, of the companies that hold a place: those dropped by then do not
-- count. `late` is past its date and not ended. Euros are null when no action says them.
create function indicator_actions(evening date, within text[])
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
    and exists (
      select from key_companies k
      where k.siren = p.siren and k.entered_on <= evening and (k.exited_on is null or k.exited_on > evening)
        and (within is null or k.territory_siren = any (within)))
  group by a.dossier
$$;

-- What the service aims at, and the part of its jobs that a company must keep: settings of the staff.
create table indicator_settings (
  is_only boolean primary key default true,
  kept_share smallint not null default 80,
  followed_target smallint not null default 100,
  maintained_target smallint not null default 90,
  version int not null default 1,
  constraint indicator_settings_one_row check (is_only),
  constraint indicator_settings_bounds check (
    kept_share between 1 and 100 and followed_target between 1 and 100 and maintained_target between 1 and 100)
);
insert into indicator_settings default values;
create trigger indicator_settings_version before update on indicator_settings
  for each row execute function bump_version();
create trigger indicator_settings_audit after insert or update or delete on indicator_settings
  for each row execute function audit_row('is_only');

-- What the council says of its figures: the last one is shown, all are kept, each is signed.
create table indicator_comments (
  id bigint generated always as identity primary key,
  text text not null,
  author_id uuid not null references users,
  at timestamptz not null,
  constraint indicator_comments_length check (length(text) <= 600)
);
create trigger indicator_comments_append_only before update or delete or truncate on indicator_comments
  for each statement execute function refuse_change();
create trigger indicator_comments_audit after insert on indicator_comments
  for each row execute function audit_row('id');

-- Figures as they were on an evening, never changed: a report of the past prints again from here.
create table indicator_snapshots (
  id uuid primary key,
  evening date not null,
  -- The end of a quarter is kept once, by the job; by hand as often as need be.
  is_quarter boolean not null,
  taken_at timestamptz not null,
  taken_by uuid references users,
  taken_by_name text not null,
  -- The figures, as the text that was signed, and its SHA-256.
  content text not null,
  hash text not null,
  constraint indicator_snapshots_hash check (hash = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
  constraint indicator_snapshots_of_the_past check (evening <= (taken_at at time zone 'Europe/Paris')::date)
);
create unique index indicator_snapshots_one_a_quarter on indicator_snapshots (evening) where is_quarter;
create index indicator_snapshots_by_evening on indicator_snapshots (evening desc, taken_at desc);
create trigger indicator_snapshots_append_only before update or delete or truncate on indicator_snapshots
  for each statement execute function refuse_change();
create trigger indicator_snapshots_audit after insert on indicator_snapshots
  for each row execute function audit_row('id');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke update, delete, truncate on indicator_comments, indicator_snapshots from vigie_app;
  end if;
end $$;
