-- What a deposited file says, before anyone confirms it; and what a confirmed one changed.

-- Unlogged: a crash of the server empties them, and the deposit is then asked for again. Nothing
-- here is a fact yet.
--
-- `provides` says which columns the file tells of, one bit each (the views below name the bits): a
-- source that does not know a column leaves it alone.
-- `change` is null until the row is judged, then one of: created, changed, unchanged, ignored
-- (outside the département), duplicate (said twice in the same words), rejected.
create unlogged table staged_companies (
  import_id uuid not null,
  file smallint not null,
  line bigint not null,
  siren text not null,
  provides int not null,
  diffusible boolean,
  is_person boolean,
  name text, usual_name text, acronym text, legal_category text,
  active boolean,
  created_on date, ceased_on date,
  naf_code text, naf_nomenclature text, naf_2025 text,
  headcount_band text, headcount_band_year smallint, size_category text,
  head_office_siret text,
  is_social_economy boolean, is_mission_company boolean, is_employer boolean,
  change text
);
create index staged_companies_by_import on staged_companies (import_id);

create unlogged table staged_establishments (
  import_id uuid not null,
  file smallint not null,
  line bigint not null,
  siret text not null,
  siren text not null,
  provides int not null,
  diffusible boolean,
  is_head_office boolean,
  active boolean,
  name text, address text, postcode text,
  commune_code text, commune_label text, insee_code text,
  created_on date, closed_on date,
  naf_code text, naf_nomenclature text, naf_2025 text,
  headcount_band text, headcount_band_year smallint,
  lambert_x real, lambert_y real,
  change text
);
create index staged_establishments_by_import on staged_establishments (import_id);

create unlogged table staged_headcounts (
  import_id uuid not null,
  file smallint not null,
  line bigint not null,
  siret text not null,
  period date not null,
  granularity text not null,
  headcount int not null,
  change text
);
create index staged_headcounts_by_import on staged_headcounts (import_id);

-- How a staged row and the known one make the row to keep: the one place that says so, read by the
-- preview, by the confirmation and by the ledger. What a partial diffusion hides never comes out
-- of here, whatever another source says.
create view merged_companies with (security_invoker = true) as
  select s.ctid as staged_row, s.import_id, s.file, s.line, s.change, s.siren, told.diffusible, told.is_person,
         case when not hides_names then told.name end as name,
         case when not hides_names then told.usual_name end as usual_name,
         case when told.diffusible then told.acronym end as acronym,
         told.legal_category, told.active, told.created_on, told.ceased_on,
         told.naf_code, told.naf_nomenclature, told.naf_2025,
         told.headcount_band, told.headcount_band_year, told.size_category, told.head_office_siret,
         told.is_social_economy, told.is_mission_company, told.is_employer,
         c.siren is null as is_new,
         (c.diffusible, c.is_person, c.name, c.usual_name, c.acronym, c.legal_category, c.active,
          c.created_on, c.ceased_on, c.naf_code, c.naf_nomenclature, c.naf_2025, c.headcount_band,
          c.headcount_band_year, c.size_category, c.head_office_siret, c.is_social_economy,
          c.is_mission_company, c.is_employer)
         is distinct from
         (told.diffusible, told.is_person, case when not hides_names then told.name end,
          case when not hides_names then told.usual_name end,
          case when told.diffusible then told.acronym end, told.legal_category, told.active,
          told.created_on, told.ceased_on, told.naf_code, told.naf_nomenclature, told.naf_2025,
          told.headcount_band, told.headcount_band_year, told.size_category, told.head_office_siret,
          told.is_social_economy, told.is_mission_company, told.is_employer) as differs
  from staged_companies s
  left join companies c on c.siren = s.siren
  cross join lateral (select
    case when s.provides & 1 <> 0 then s.diffusible else coalesce(c.diffusible, true) end as diffusible,
    case when s.provides & 2 <> 0 then s.is_person else coalesce(c.is_person, false) end as is_person,
    case when s.provides & 4 <> 0 then s.name else c.name end as name,
    case when s.provides & 8 <> 0 then s.usual_name else c.usual_name end as usual_name,
    case when s.provides & 16 <> 0 then s.acronym else c.acronym end as acronym,
    case when s.provides & 32 <> 0 then s.legal_category else c.legal_category end as legal_category,
    case when s.provides & 64 <> 0 then s.active else coalesce(c.active, true) end as active,
    case when s.provides & 128 <> 0 then s.created_on else c.created_on end as created_on,
    case when s.provides & 256 <> 0 then s.ceased_on else c.ceased_on end as ceased_on,
    case when s.provides & 512 <> 0 then s.naf_code else c.naf_code end as naf_code,
    case when s.provides & 512 <> 0 then s.naf_nomenclature else c.naf_nomenclature end as naf_nomenclature,
    case when s.provides & 1024 <> 0 then s.naf_2025 else c.naf_2025 end as naf_2025,
    case when s.provides & 2048 <> 0 then s.headcount_band else c.headcount_band end as headcount_band,
    case when s.provides & 2048 <> 0 then s.headcount_band_year else c.headcount_band_year end as headcount_band_year,
    case when s.provides & 4096 <> 0 then s.size_category else c.size_category end as size_category,
    case when s.provides & 8192 <> 0 then s.head_office_siret else c.head_office_siret end as head_office_siret,
    case when s.provides & 16384 <> 0 then s.is_social_economy else c.is_social_economy end as is_social_economy,
    case when s.provides & 32768 <> 0 then s.is_mission_company else c.is_mission_company end as is_mission_company,
    case when s.provides & 65536 <> 0 then s.is_employer else c.is_employer end as is_employer
  ) told
  cross join lateral (select not told.diffusible and told.is_person as hides_names) hidden;

create view merged_establishments with (security_invoker = true) as
  select s.ctid as staged_row, s.import_id, s.file, s.line, s.change, s.siret, s.siren,
         told.diffusible, told.is_head_office, told.active,
         case when told.diffusible then told.name end as name,
         case when told.diffusible then told.address end as address,
         case when told.diffusible then told.postcode end as postcode,
         told.commune_code, told.commune_label, told.insee_code, told.created_on, told.closed_on,
         told.naf_code, told.naf_nomenclature, told.naf_2025,
         told.headcount_band, told.headcount_band_year,
         case when told.diffusible then told.lambert_x end as lambert_x,
         case when told.diffusible then told.lambert_y end as lambert_y,
         e.siret is null as is_new,
         (e.diffusible, e.is_head_office, e.active, e.name, e.address, e.postcode, e.commune_code,
          e.commune_label, e.insee_code, e.created_on, e.closed_on, e.naf_code, e.naf_nomenclature,
          e.naf_2025, e.headcount_band, e.headcount_band_year, e.lambert_x, e.lambert_y)
         is distinct from
         (told.diffusible, told.is_head_office, told.active, case when told.diffusible then told.name end,
          case when told.diffusible then told.address end, case when told.diffusible then told.postcode end,
          told.commune_code, told.commune_label, told.insee_code, told.created_on, told.closed_on,
          told.naf_code, told.naf_nomenclature, told.naf_2025, told.headcount_band,
          told.headcount_band_year, case when told.diffusible then told.lambert_x end,
          case when told.diffusible then told.lambert_y end) as differs
  from staged_establishments s
  left join establishments e on e.siret = s.siret
  cross join lateral (select
    case when s.provides & 1 <> 0 then s.diffusible else coalesce(e.diffusible, true) end as diffusible,
    case when s.provides & 2 <> 0 then s.is_head_office else coalesce(e.is_head_office, false) end as is_head_office,
    case when s.provides & 4 <> 0 then s.active else coalesce(e.active, true) end as active,
    case when s.provides & 8 <> 0 then s.name else e.name end as name,
    case when s.provides & 16 <> 0 then s.address else e.address end as address,
    case when s.provides & 32 <> 0 then s.postcode else e.postcode end as postcode,
    case when s.provides & 64 <> 0 then s.commune_code else e.commune_code end as commune_code,
    case when s.provides & 64 <> 0 then s.insee_code else e.insee_code end as insee_code,
    case when s.provides & 128 <> 0 then s.commune_label else e.commune_label end as commune_label,
    case when s.provides & 256 <> 0 then s.created_on else e.created_on end as created_on,
    case when s.provides & 512 <> 0 then s.closed_on else e.closed_on end as closed_on,
    case when s.provides & 1024 <> 0 then s.naf_code else e.naf_code end as naf_code,
    case when s.provides & 1024 <> 0 then s.naf_nomenclature else e.naf_nomenclature end as naf_nomenclature,
    case when s.provides & 2048 <> 0 then s.naf_2025 else e.naf_2025 end as naf_2025,
    case when s.provides & 4096 <> 0 then s.headcount_band else e.headcount_band end as headcount_band,
    case when s.provides & 4096 <> 0 then s.headcount_band_year else e.headcount_band_year end as headcount_band_year,
    case when s.provides & 8192 <> 0 then s.lambert_x else e.lambert_x end as lambert_x,
    case when s.provides & 8192 <> 0 then s.lambert_y else e.lambert_y end as lambert_y
  ) told;

-- Lines and values that were set aside, with what was expected. The first 10,000 of an import are
-- kept one by one; `imports.counts` holds the numbers of all.
create table import_rejections (
  import_id uuid not null references imports on delete cascade,
  file smallint not null,
  line bigint not null,
  column_name text not null,
  value text not null,
  cause text not null,
  expected text not null,
  -- Whether the line itself stands, without this value.
  keeps_line boolean not null
);
create index import_rejections_by_import on import_rejections (import_id, keeps_line, cause, file, line);

-- The ledger: what each import changed, row by row. It is the audit of imports and their undo.
-- An insertion holds no copy of the row: the row itself is there, and whatever changes it later
-- leaves what it was before.
create table import_changes (
  import_id uuid not null,
  table_name text not null,
  row_key text not null,
  verb text not null,
  before jsonb,
  after jsonb,
  constraint import_changes_verb_known check (verb in ('insert', 'update'))
);
create index import_changes_by_import on import_changes (import_id, table_name, verb, row_key);
create trigger import_changes_append_only before update or delete or truncate on import_changes
  for each statement execute function refuse_change();

-- The entries of `old` that are not the same in `new`, without what every change moves by itself.
create function changed_entries(old jsonb, new jsonb) returns jsonb
  language sql immutable parallel safe as $$
  select jsonb_object_agg(o.key, o.value) from jsonb_each(old) o
   where new -> o.key is distinct from o.value and o.key not in ('search_name', 'local_siret')
$$;

-- How far a running analysis is, for the page that waits; not a fact, so not audited.
create unlogged table import_progress (
  import_id uuid primary key,
  done bigint not null,
  total bigint not null
);

create trigger imports_audit after insert or update or delete on imports
  for each row execute function audit_row('id');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke update, delete, truncate on import_changes from vigie_app;
  end if;
end $$;
