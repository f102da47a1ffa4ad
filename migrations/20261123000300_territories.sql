-- Reference geography: EPCI, communes, which commune belongs to which EPCI and when.

create table reference_sources (
  code text primary key,
  label text not null,
  producer text not null,
  version text not null,
  as_of date not null,
  loaded_at timestamptz not null default now()
);

create table territories (
  siren text primary key,
  name text not null,
  short_name text not null,
  kind text not null,
  departments text[] not null,
  population_total int not null,
  municipalities_total int not null,
  -- Where its tile stands on the map of equal tiles; null: placed after the others.
  tile_column smallint,
  tile_row smallint,
  constraint territories_siren_shape check (siren ~ '^[0-9]{9}$'),
  constraint territories_kind_known check (kind in ('CC', 'CA', 'CU', 'METRO', 'MET69')),
  constraint territories_tile_unique unique (tile_column, tile_row)
);

create table municipalities (
  insee_code text primary key,
  name text not null,
  department text not null,
  siren text,
  population int,
  postcodes text[] not null default '{}',
  search_name text generated always as (fold_text(name)) stored,
  constraint municipalities_code_shape check (insee_code ~ '^[0-9][0-9AB][0-9]{3}$')
);
create index municipalities_by_department on municipalities (department);

-- A merged commune keeps resolving by its old code.
create table former_municipalities (
  insee_code text primary key,
  name text not null,
  successor_code text not null references municipalities,
  constraint former_municipalities_moved check (insee_code <> successor_code)
);

create table territory_memberships (
  insee_code text not null references municipalities,
  territory_siren text not null references territories,
  period daterange not null,
  constraint territory_memberships_one_at_a_time
    exclude using gist (insee_code with =, period with &&),
  constraint territory_memberships_not_empty check (not isempty(period))
);
create index territory_memberships_by_territory on territory_memberships (territory_siren);

-- Today's membership: the one that has not ended.
create view current_memberships with (security_invoker = true) as
  select insee_code, territory_siren from territory_memberships where upper_inf(period);

create table territory_contours (
  territory_siren text primary key references territories on delete cascade,
  path text not null,
  label_x real not null,
  label_y real not null
);
create table contour_frames (
  only_one boolean primary key default true check (only_one),
  width real not null,
  height real not null,
  source text not null,
  loaded_at timestamptz not null default now()
);

-- What a user may see besides the role: an adviser's territories.
create table user_territories (
  user_id uuid not null references users on delete cascade,
  territory_siren text not null references territories,
  primary key (user_id, territory_siren)
);

create trigger territories_audit after insert or update or delete on territories
  for each row execute function audit_row('siren');
create trigger territory_memberships_audit after insert or update or delete on territory_memberships
  for each row execute function audit_row('insee_code,territory_siren');
create trigger user_territories_audit after insert or update or delete on user_territories
  for each row execute function audit_row('user_id,territory_siren');
