-- A deterioration that someone must handle: new, taken in charge, waiting, closed.
create table alerts (
  id uuid primary key,
  siren text not null references companies,
  opened_at timestamptz not null,
  -- The assessment that opened it, and the last one that told something new of it.
  opened_by bigint not null references risk_assessments,
  assessment_id bigint not null references risk_assessments,
  -- How grave it is today: a level, or an open procedure.
  level text not null,
  is_procedure boolean not null,
  status text not null default 'new',
  assignee_id uuid references users,
  taken_at timestamptz,
  waits_until date,
  closed_at timestamptz,
  closed_by_name text,
  outcome text,
  motive text,
  merged_into uuid references alerts,
  version int not null default 1,
  constraint alerts_status_known check (status in ('new', 'taken', 'waiting', 'closed', 'merged')),
  constraint alerts_level_known check (level in ('moderate', 'high', 'critical')),
  constraint alerts_outcome_known check (outcome in
    ('met', 'plan', 'referred', 'no_difficulty', 'false_alert', 'lifted', 'ended')),
  constraint alerts_taken_by_someone check (status <> 'taken' or assignee_id is not null),
  constraint alerts_waits_until_a_day check ((status = 'waiting') = (waits_until is not null)),
  constraint alerts_closed_with_a_reason check (
    (status = 'closed') = (outcome is not null) and (status <> 'closed' or length(btrim(motive)) >= 10)),
  constraint alerts_merged_somewhere check ((status = 'merged') = (merged_into is not null)),
  constraint alerts_not_into_itself check (merged_into <> id)
);
-- One open alert a company: what is new enriches it.
create unique index alerts_one_open on alerts (siren) where status in ('new', 'taken', 'waiting');
create index alerts_queue on alerts (status, opened_at);
create index alerts_by_company on alerts (siren, opened_at desc);
create trigger alerts_version before update on alerts for each row execute function bump_version();
create trigger alerts_audit after insert or update or delete on alerts
  for each row execute function audit_row('id');

-- Why: each cause once for a company, whatever becomes of its alert.
create table alert_causes (
  siren text not null references companies,
  cause_key text not null,
  alert_id uuid not null references alerts,
  at timestamptz not null,
  -- What changed, since when and from which source, in French.
  sentence text not null,
  -- The notice that no longer stands took its cause away.
  lifted_at timestamptz,
  primary key (siren, cause_key)
);
create index alert_causes_by_alert on alert_causes (alert_id, at);

-- What people did with it.
create table alert_events (
  id bigint generated always as identity primary key,
  alert_id uuid not null references alerts,
  at timestamptz not null,
  actor_id uuid references users,
  actor_name text not null,
  kind text not null,
  text text not null,
  constraint alert_events_kind_known check (kind in
    ('opened', 'enriched', 'taken', 'assigned', 'waiting', 'woken', 'closed', 'merged', 'reopened', 'lifted'))
);
create index alert_events_by_alert on alert_events (alert_id, id);
create trigger alert_events_append_only before update or delete or truncate on alert_events
  for each statement execute function refuse_change();

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke update, delete, truncate on alert_events from vigie_app;
  end if;
end $$;
