-- The five places of each territory, and why a company deserves one.

create table key_companies (
  id uuid primary key,
  territory_siren text not null references territories,
  siren text not null references companies,
  siret text not null references establishments,
  slot smallint not null,
  -- Admitted beside another site of the same legal unit that is key elsewhere (a group's two sites).
  is_group_site boolean not null default false,
  referent_id uuid not null references users,
  entered_on date not null,
  entry_motive text not null,
  exited_on date,
  exit_outcome text,
  exit_motive text,
  version int not null default 1,
  constraint key_companies_five_places check (slot between 1 and 5),
  -- One current holder for each place; deferrable so that two holders can exchange their places.
  constraint key_companies_one_holder
    exclude using btree (territory_siren with =, slot with =) where (exited_on is null)
    deferrable initially immediate,
  constraint key_companies_exit_whole check (
    (exited_on is null) = (exit_outcome is null) and (exited_on is null) = (exit_motive is null)),
  constraint key_companies_exit_after_entry check (exited_on >= entered_on),
  constraint key_companies_outcome_known check (exit_outcome in ('maintained', 'closed', 'left', 'other')),
  constraint key_companies_motives check (length(btrim(entry_motive)) >= 10 and length(btrim(exit_motive)) >= 10),
  constraint key_companies_siret_of_siren check (left(siret, 9) = siren)
);
create unique index key_companies_establishment_once on key_companies (siret) where exited_on is null;
create unique index key_companies_once_in_territory on key_companies (territory_siren, siren)
  where exited_on is null;
create unique index key_companies_one_territory on key_companies (siren)
  where exited_on is null and not is_group_site;
create index key_companies_by_territory on key_companies (territory_siren, entered_on);
create index key_companies_by_company on key_companies (siren);
create trigger key_companies_version before update on key_companies
  for each row execute function bump_version();

-- What happened to a place, told once and for ever.
create table key_company_events (
  id bigint generated always as identity primary key,
  key_company_id uuid not null references key_companies,
  at timestamptz not null,
  actor_id uuid references users,
  actor_name text not null,
  kind text not null,
  from_slot smallint,
  to_slot smallint,
  referent_id uuid references users,
  -- Who took the place, when this one was replaced.
  replaced_by uuid references key_companies deferrable initially deferred,
  motive text not null,
  constraint key_company_events_kind_known check (kind in
    ('chosen', 'moved', 'referent_changed', 'replaced', 'released'))
);
create index key_company_events_by_key on key_company_events (key_company_id, at);
create trigger key_company_events_append_only before update or delete or truncate on key_company_events
  for each statement execute function refuse_change();

-- Impact: the criteria's weights, and what people know that no register tells.
create table impact_weights (
  criterion text primary key,
  weight smallint not null,
  constraint impact_weights_criterion_known check (criterion in
    ('jobs', 'provider', 'dependents', 'know_how', 'fiscal', 'environment', 'rooted')),
  constraint impact_weights_bounds check (weight between 0 and 100)
);
insert into impact_weights (criterion, weight) values
  ('jobs', 30), ('provider', 20), ('dependents', 15), ('know_how', 10), ('fiscal', 10),
  ('environment', 5), ('rooted', 10);

create table impact_facts (
  id uuid primary key,
  siret text not null references establishments,
  criterion text not null,
  -- The share of the criterion's weight that the fact is worth, in hundredths: a step of its scale.
  worth smallint not null,
  note text not null,
  noted_on date not null,
  author_id uuid not null references users,
  -- The fact in force is the one not yet superseded; the others are its history.
  superseded_at timestamptz,
  constraint impact_facts_criterion_known check (criterion in
    ('provider', 'dependents', 'know_how', 'fiscal', 'environment', 'rooted')),
  constraint impact_facts_worth_bounds check (worth between 0 and 100)
);
create unique index impact_facts_one_in_force on impact_facts (siret, criterion) where superseded_at is null;

create trigger key_companies_audit after insert or update or delete on key_companies
  for each row execute function audit_row('id');
create trigger impact_weights_audit after insert or update or delete on impact_weights
  for each row execute function audit_row('criterion');
create trigger impact_facts_audit after insert or update or delete on impact_facts
  for each row execute function audit_row('id');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke update, delete, truncate on key_company_events from vigie_app;
  end if;
end $$;
