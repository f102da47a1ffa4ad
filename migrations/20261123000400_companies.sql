-- Legal units and establishments as the registers know them, and what people know of them.
-- The schema holds the shape of numbers; Luhn's sum is checked by `domain` before any row arrives
-- (as a CHECK it made a load of 300,000 rows several times slower).

create table naf_codes (
  nomenclature text not null,
  code text not null,
  label text not null,
  section text not null,
  section_label text not null,
  primary key (nomenclature, code),
  constraint naf_codes_nomenclature_known check (nomenclature in ('rev2', '2025'))
);

create table headcount_bands (
  code text primary key,
  label text not null,
  minimum int not null,
  maximum int,
  -- The bands' own order: 'NN' comes first although its code sorts last.
  rank smallint not null unique,
  -- The number of jobs that a band stands for where only the band is known.
  estimate int not null
);

create table legal_categories (
  code text primary key,
  label text not null
);

create table imports (
  id uuid primary key,
  kind text not null,
  status text not null,
  label text not null,
  source text not null,
  -- The date that the data speaks of, not the date of the import.
  source_date date not null,
  created_at timestamptz not null,
  created_by uuid references users,
  created_by_name text not null,
  applied_at timestamptz,
  undone_at timestamptz,
  -- SHA-256 of the files, in the order given: the same deposit is recognised.
  fingerprint text not null,
  failure text,
  files jsonb not null,
  counts jsonb not null default '{}',
  version int not null default 1,
  constraint imports_status_known check (status in
    ('analysing', 'ready', 'applying', 'applied', 'undoing', 'undone', 'discarded', 'failed')),
  constraint imports_label_not_empty check (label <> '')
);
create index imports_by_time on imports (created_at desc);
create trigger imports_version before update on imports for each row execute function bump_version();

-- `import_id` below names the import that wrote the row last. It is no foreign key: imports are never
-- deleted (the application may not), and one check per row is a fifth of the time of a first import.
do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on imports from vigie_app;
  end if;
end $$;

create table companies (
  siren text primary key,
  diffusible boolean not null,
  is_person boolean not null,
  -- Null only when the register forbids its diffusion.
  name text,
  usual_name text,
  acronym text,
  legal_category text,
  active boolean not null,
  created_on date,
  ceased_on date,
  naf_code text,
  naf_nomenclature text,
  naf_2025 text,
  headcount_band text references headcount_bands,
  headcount_band_year smallint,
  size_category text,
  head_office_siret text,
  is_social_economy boolean,
  is_mission_company boolean,
  is_employer boolean,
  -- The establishment that stands for the company in the département; kept by imports.
  local_siret text,
  import_id uuid,
  source text not null,
  source_date date not null,
  -- Null for a person whose diffusion is forbidden: no search finds them by name, no sort betrays it.
  search_name text generated always as (
    case when diffusible or not is_person then
      fold_text(coalesce(name, '') || ' ' || coalesce(usual_name, '') || ' ' || coalesce(acronym, ''))
    end) stored,
  constraint companies_siren_shape check (siren ~ '^[0-9]{9}$'),
  constraint companies_masked_person check (diffusible or not is_person or name is null)
);
-- The list's four sorts; the lists of active companies, the usual ones, read the same indexes.
create index companies_by_name on companies (search_name collate "C", siren);
create index companies_by_creation on companies (created_on desc nulls last, siren);
create index companies_by_local_establishment on companies (local_siret);
create index companies_by_activity on companies (naf_code);
create index companies_search on companies using gin (search_name gin_trgm_ops);
create index companies_by_import on companies (import_id);

create table establishments (
  siret text primary key,
  siren text not null references companies,
  diffusible boolean not null,
  is_head_office boolean not null,
  active boolean not null,
  name text,
  address text,
  postcode text,
  -- The commune as the file gives it, and the one that it is today (null outside the reference).
  commune_code text,
  commune_label text,
  insee_code text references municipalities,
  created_on date,
  closed_on date,
  naf_code text,
  naf_nomenclature text,
  naf_2025 text,
  headcount_band text references headcount_bands,
  headcount_band_year smallint,
  lambert_x real,
  lambert_y real,
  import_id uuid,
  source text not null,
  source_date date not null,
  constraint establishments_siret_shape check (siret ~ '^[0-9]{14}$'),
  constraint establishments_siret_of_siren check (left(siret, 9) = siren),
  constraint establishments_masked_address check (diffusible or address is null)
);
create index establishments_by_company on establishments (siren);
create index establishments_by_commune on establishments (insee_code, naf_code);
create index establishments_by_import on establishments (import_id);
create index establishments_search on establishments using gin (fold_text(name) gin_trgm_ops)
  where name is not null;

create table headcounts (
  siret text not null references establishments,
  period date not null,
  granularity text not null,
  headcount int not null,
  import_id uuid,
  source text not null,
  source_date date not null,
  primary key (siret, granularity, period),
  constraint headcounts_granularity_known check (granularity in ('month', 'year')),
  constraint headcounts_period_start check (
    period = date_trunc(granularity, period::timestamp)::date),
  constraint headcounts_not_negative check (headcount >= 0)
);
create index headcounts_by_import on headcounts (import_id);

create table contacts (
  id uuid primary key,
  siren text not null references companies,
  full_name text not null,
  job_title text not null default '',
  email text not null default '',
  phone text not null default '',
  note text not null default '',
  created_at timestamptz not null default now(),
  version int not null default 1,
  constraint contacts_name_not_empty check (full_name <> '')
);
create index contacts_by_company on contacts (siren);
-- Which contacts a company has or had, for its history.
create index audit_events_contacts_by_company on audit_events
  ((coalesce(after ->> 'siren', before ->> 'siren'))) where object_type = 'contacts';
create trigger contacts_version before update on contacts for each row execute function bump_version();

-- A file import keeps its own ledger. `audit_row` knows it too, but is then called for nothing on
-- every one of several hundred thousand rows.
create trigger companies_audit after insert or update or delete on companies
  for each row when (setting_or_null('vigie.import_id') is null)
  execute function audit_row('siren');
create trigger establishments_audit after insert or update or delete on establishments
  for each row when (setting_or_null('vigie.import_id') is null)
  execute function audit_row('siret');
create trigger headcounts_audit after insert or update or delete on headcounts
  for each row when (setting_or_null('vigie.import_id') is null)
  execute function audit_row('siret,granularity,period');
create trigger contacts_audit after insert or update or delete on contacts
  for each row execute function audit_row('id');
