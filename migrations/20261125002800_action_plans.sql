-- Action plans over the five dossiers: one running plan a company; what is late is computed, never stored.
create table action_plans (
  id uuid primary key,
  siren text not null references companies,
  objective text not null,
  opened_on date not null,
  opened_by uuid not null references users,
  -- Started again from a closed plan.
  copied_from uuid references action_plans,
  closed_on date,
  closed_by uuid references users,
  outcome text,
  outcome_motive text not null default '',
  created_at timestamptz not null,
  version int not null default 1,
  constraint action_plans_objective_not_empty check (btrim(objective) <> ''),
  constraint action_plans_outcome_known check (outcome in ('maintained', 'partly', 'failed', 'other')),
  constraint action_plans_closed_whole check (
    case when closed_on is null then num_nonnulls(closed_by, outcome) = 0 and outcome_motive = ''
      else num_nonnulls(closed_by, outcome) = 2 and length(btrim(outcome_motive)) >= 10 end),
  constraint action_plans_closed_after_opening check (closed_on >= opened_on)
);
create unique index action_plans_one_running on action_plans (siren) where closed_on is null;
create index action_plans_by_company on action_plans (siren, opened_on desc);
create trigger action_plans_version before update on action_plans for each row execute function bump_version();

create table actions (
  id uuid primary key,
  plan_id uuid not null references action_plans,
  dossier text not null,
  measure text not null,
  -- A verb and its object.
  title text not null,
  owner_organisation_id uuid not null references organisations,
  owner_person_id uuid references partner_people,
  owner_user_id uuid references users,
  partner_organisation_id uuid references organisations,
  elected_referent text not null default '',
  starts_on date not null,
  due_on date not null,
  -- Whole euros; spent over planned is allowed, and said.
  planned_euros bigint,
  spent_euros bigint,
  status text not null default 'todo',
  -- Why it is blocked or dropped; who can unblock it.
  reason text not null default '',
  unblocker text not null default '',
  -- What came of it, on which day it ended.
  result text not null default '',
  ended_on date,
  -- Else for the council only.
  is_shared boolean not null default false,
  expected_environment text not null default 'none',
  expected_social text not null default 'none',
  expected_economy text not null default 'none',
  expected_governance text not null default 'none',
  -- Null until it is said.
  seen_environment text,
  seen_social text,
  seen_economy text,
  seen_governance text,
  -- The need that it answers.
  need_id uuid references company_needs,
  created_by uuid not null references users,
  created_at timestamptz not null,
  version int not null default 1,
  constraint actions_measure_of_its_dossier check ((dossier, measure) in (
    ('land', 'support'), ('land', 'investment'), ('land', 'compliance'),
    ('accessibility', 'works'),
    ('environment', 'network'), ('environment', 'sustainability'), ('environment', 'pollution'),
    ('training', 'skills'), ('training', 'hiring'), ('training', 'succession'),
    ('research', 'companies'), ('research', 'university'), ('research', 'public_research'))),
  constraint actions_title_not_empty check (btrim(title) <> ''),
  constraint actions_one_owner check (num_nonnulls(owner_person_id, owner_user_id) <= 1),
  constraint actions_due_after_start check (due_on >= starts_on),
  constraint actions_euros check (planned_euros >= 0 and spent_euros >= 0),
  constraint actions_status_known check (status in ('todo', 'ongoing', 'blocked', 'done', 'dropped')),
  constraint actions_blocked_says_why check (
    status <> 'blocked' or btrim(reason) <> '' and btrim(unblocker) <> ''),
  constraint actions_dropped_says_why check (status <> 'dropped' or btrim(reason) <> ''),
  constraint actions_done_says_result check (status <> 'done' or btrim(result) <> ''),
  constraint actions_ended_on_a_day check ((status in ('done', 'dropped')) = (ended_on is not null)),
  constraint actions_expected_known check (
    array[expected_environment, expected_social, expected_economy, expected_governance]
      <@ array['none', 'positive', 'strong', 'negative']),
  constraint actions_seen_known check (
    array_remove(array[seen_environment, seen_social, seen_economy, seen_governance], null)
      <@ array['none', 'positive', 'strong', 'negative'])
);
create index actions_by_plan on actions (plan_id, dossier, due_on);
create index actions_open_by_user on actions (owner_user_id, due_on) where status in ('todo', 'ongoing', 'blocked');
create index actions_open_by_organisation on actions (owner_organisation_id, due_on)
  where status in ('todo', 'ongoing', 'blocked');
create index actions_by_need on actions (need_id);
create trigger actions_version before update on actions for each row execute function bump_version();

create table action_funders (
  id uuid primary key,
  action_id uuid not null references actions,
  organisation_id uuid references organisations,
  typed_name text not null default '',
  amount_euros bigint not null,
  constraint action_funders_one_way check ((organisation_id is null) = (btrim(typed_name) <> '')),
  constraint action_funders_amount check (amount_euros > 0)
);
-- No funder twice.
create unique index action_funders_organisation on action_funders (action_id, organisation_id);
create unique index action_funders_name on action_funders (action_id, fold_text(btrim(typed_name)))
  where typed_name <> '';

create table action_notes (
  id uuid primary key,
  action_id uuid not null references actions,
  noted_on date not null,
  text text not null,
  is_shared boolean not null default false,
  author_id uuid not null references users,
  author_name text not null,
  organisation_id uuid not null references organisations,
  at timestamptz not null,
  constraint action_notes_not_empty check (btrim(text) <> '')
);
create index action_notes_by_action on action_notes (action_id, at desc);
create trigger action_notes_append_only before update or delete or truncate on action_notes
  for each statement execute function refuse_change();

create table action_steps (
  id uuid primary key,
  action_id uuid not null references actions,
  position int not null,
  title text not null,
  done_on date,
  version int not null default 1,
  constraint action_steps_ranked unique (action_id, position),
  constraint action_steps_not_empty check (btrim(title) <> '')
);
create trigger action_steps_version before update on action_steps for each row execute function bump_version();

-- A closed plan does not change, nor what hangs from it. The shared lock makes a writer wait for a closing
-- that is under way.
create function refuse_closed_plan() returns trigger language plpgsql as $$
declare
  line record;
  plan uuid;
begin
  line := case when tg_op = 'DELETE' then old else new end;
  if tg_table_name = 'action_plans' then
    if old.closed_on is null then return line; end if;
  else
    if tg_table_name = 'actions' then
      plan := line.plan_id;
    else
      select a.plan_id into plan from actions a where a.id = line.action_id;
    end if;
    perform from action_plans p where p.id = plan and p.closed_on is null for share;
    if found then return line; end if;
  end if;
  raise exception 'a closed plan does not change'
    using errcode = '23514', constraint = 'action_plans_closed_stay_closed';
end $$;
create trigger action_plans_closed before update or delete on action_plans
  for each row execute function refuse_closed_plan();
create trigger actions_of_a_running_plan before insert or update or delete on actions
  for each row execute function refuse_closed_plan();
create trigger action_funders_of_a_running_plan before insert or update or delete on action_funders
  for each row execute function refuse_closed_plan();
create trigger action_notes_of_a_running_plan before insert on action_notes
  for each row execute function refuse_closed_plan();
create trigger action_steps_of_a_running_plan before insert or update or delete on action_steps
  for each row execute function refuse_closed_plan();

-- What people write stays out of the audit, which knows that it was written, by whom and when.
create trigger action_plans_audit after insert or update or delete on action_plans
  for each row execute function audit_row('id', 'objective,outcome_motive');
create trigger actions_audit after insert or update or delete on actions
  for each row execute function audit_row('id', 'title,elected_referent,reason,unblocker,result');
create trigger action_funders_audit after insert or update or delete on action_funders
  for each row execute function audit_row('id', 'typed_name');
create trigger action_notes_audit after insert on action_notes
  for each row execute function audit_row('id', 'text');
create trigger action_steps_audit after insert or update or delete on action_steps
  for each row execute function audit_row('id', 'title');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on action_plans, actions from vigie_app;
    revoke update, delete, truncate on action_notes from vigie_app;
  end if;
end $$;
