-- The risk of each company: one row for each time that something changed, kept for ever with all
-- that it takes to compute it again.

create table risk_assessments (
  id bigint generated always as identity primary key,
  -- No foreign key: what was said outlives a company that an import takes back.
  siren text not null,
  -- The evening that it speaks of, and when it was computed.
  as_of date not null,
  assessed_at timestamptz not null,
  model_id text not null,
  model_version text not null,
  -- Null without any accounts to read.
  points smallint,
  -- Known share of the model's weight, in hundredths.
  completeness smallint not null,
  -- The three sources, never blended; null says nothing. `held` is the level that the exit margin
  -- remembers.
  held text,
  statistical text,
  events_floor text,
  flags_floor text,
  -- The worst of the three, then what a named person changed; null: not assessed.
  retained text,
  -- A procedure is a state, not a prediction.
  state text not null,
  -- Points more (worse) than the assessment before, on the same model.
  change smallint,
  -- A fall of many points at once.
  is_sudden boolean not null,
  -- What made it, in French.
  cause text not null,
  -- Everything that was read (facts, flags, override, the assessment before), and its SHA-256.
  inputs jsonb not null,
  inputs_hash text not null,
  -- What is shown (`scoring::explanation`).
  explanation jsonb not null,
  constraint risk_assessments_levels check (
    held in ('low', 'moderate', 'high', 'critical')
    and statistical in ('low', 'moderate', 'high', 'critical')
    and events_floor in ('low', 'moderate', 'high', 'critical')
    and flags_floor in ('low', 'moderate', 'high', 'critical')
    and retained in ('low', 'moderate', 'high', 'critical')),
  constraint risk_assessments_state_known check (state in
    ('none', 'safeguard', 'safeguard_plan', 'receivership', 'receivership_plan', 'liquidation', 'closed', 'struck_off')),
  constraint risk_assessments_completeness_bounds check (completeness between 0 and 100)
);
create index risk_assessments_by_company on risk_assessments (siren, as_of desc, id desc);
create trigger risk_assessments_append_only before update or delete or truncate on risk_assessments
  for each statement execute function refuse_change();

-- The last word on each company, for lists and maps; kept by `risk`.
create table company_risks (
  siren text primary key references companies on delete cascade,
  assessment_id bigint not null references risk_assessments,
  retained text,
  state text not null,
  points smallint,
  change smallint,
  -- Since when the company has this level and state.
  since date not null,
  -- What lists and maps show: an open procedure is a state and hides the level.
  shown text generated always as (
    case when state in ('safeguard', 'safeguard_plan', 'receivership', 'receivership_plan', 'liquidation')
         then 'procedure' else retained end) stored
);
create index company_risks_by_level on company_risks (retained, state);

-- A named person moves the level by one, for a reason, for a time.
create table risk_overrides (
  id uuid primary key,
  siren text not null references companies,
  direction text not null,
  motive text not null,
  author_id uuid not null references users,
  author_name text not null,
  decided_on date not null,
  expires_on date not null,
  withdrawn_on date,
  constraint risk_overrides_direction_known check (direction in ('up', 'down')),
  constraint risk_overrides_motive check (length(btrim(motive)) >= 10),
  constraint risk_overrides_expiry check (expires_on > decided_on and expires_on <= decided_on + 184),
  -- One at a time; one that has expired or was withdrawn leaves room for another.
  constraint risk_overrides_one_in_force exclude using gist
    (siren with =, daterange(decided_on, least(withdrawn_on, expires_on)) with &&)
);
create index risk_overrides_by_company on risk_overrides (siren);
create trigger risk_overrides_audit after insert or update or delete on risk_overrides
  for each row execute function audit_row('id');
create trigger risk_overrides_rescore_insert after insert on risk_overrides
  referencing new table as new_rows for each statement execute function ask_to_rescore('siren');
create trigger risk_overrides_rescore_update after update on risk_overrides
  referencing new table as new_rows old table as old_rows
  for each statement execute function ask_to_rescore('siren');

-- Whether an assessment served: what measures the explanation.
create table assessment_feedback (
  assessment_id bigint not null references risk_assessments,
  user_id uuid not null references users,
  is_useful boolean not null,
  motive text not null,
  at timestamptz not null,
  primary key (assessment_id, user_id)
);
create trigger assessment_feedback_audit after insert or update or delete on assessment_feedback
  for each row execute function audit_row('assessment_id,user_id');

-- The past under another version of the model, to compare: never in place of what was said.
create table risk_comparisons (
  assessment_id bigint not null references risk_assessments,
  model_id text not null,
  model_version text not null,
  points smallint,
  statistical text,
  compared_at timestamptz not null,
  primary key (assessment_id, model_id, model_version)
);

create trigger headcounts_rescore_insert after insert on headcounts
  referencing new table as new_rows for each statement execute function ask_to_rescore('siret');
create trigger headcounts_rescore_update after update on headcounts
  referencing new table as new_rows old table as old_rows
  for each statement execute function ask_to_rescore('siret');
create trigger headcounts_rescore_delete after delete on headcounts
  referencing old table as old_rows for each statement execute function ask_to_rescore('siret');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke update, delete, truncate on risk_assessments from vigie_app;
  end if;
end $$;
