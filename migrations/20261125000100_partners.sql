-- Partners: organisations with what they can do and where, the people in them; contacts of companies that
-- leave, and people who ask to be forgotten.

-- Organisations are known already, as the employers of accounts. The kinds grow; none is taken away.
alter table organisations
  add column siren text,
  add column covers_everywhere boolean not null default false,
  add column email text not null default '',
  add column phone text not null default '',
  add column website text not null default '',
  add column note text not null default '',
  -- An organisation is never deleted: what its people signed names it.
  add column archived_on date,
  add column created_at timestamptz not null default now(),
  add column version int not null default 1,
  drop constraint organisations_kind_known,
  add constraint organisations_kind_known check (kind in
    ('council', 'state', 'epci', 'public', 'cci', 'cma', 'chamber', 'bank', 'laboratory', 'training', 'company',
     'other')),
  add constraint organisations_name_not_empty check (name <> ''),
  add constraint organisations_siren_shape check (siren ~ '^[0-9]{9}$'),
  -- Two organisations may bear one name when their SIREN tells them apart.
  drop constraint organisations_name_unique;
create unique index organisations_siren_unique on organisations (siren);
create unique index organisations_name_per_siren on organisations (fold_text(name), coalesce(siren, ''));
create index organisations_search on organisations using gin (fold_text(name) gin_trgm_ops);
create trigger organisations_version before update on organisations
  for each row execute function bump_version();

-- What an organisation can bring, by dossier of the action plans; an empty theme is the dossier at large.
create table organisation_skills (
  organisation_id uuid not null references organisations,
  dossier text not null,
  theme text not null default '',
  primary key (organisation_id, dossier, theme),
  constraint organisation_skills_dossier_known check (dossier in
    ('land', 'accessibility', 'environment', 'training', 'research'))
);
create index organisation_skills_by_dossier on organisation_skills (dossier, organisation_id);

-- Where it works, unless it covers everything.
create table organisation_territories (
  organisation_id uuid not null references organisations,
  territory_siren text not null references territories,
  primary key (organisation_id, territory_siren)
);
create index organisation_territories_by_territory on organisation_territories (territory_siren);
create index users_by_organisation on users (organisation_id);

create table partner_people (
  id uuid primary key,
  organisation_id uuid not null references organisations,
  full_name text not null,
  job_title text not null default '',
  email text not null default '',
  phone text not null default '',
  -- Their account, for those who have one.
  user_id uuid references users,
  -- Who gave these particulars (GDPR, art. 14).
  source text not null default '',
  last_contact_on date,
  archived_on date,
  erased_at timestamptz,
  created_at timestamptz not null default now(),
  version int not null default 1,
  constraint partner_people_name_not_empty check (full_name <> ''),
  constraint partner_people_erased_whole check (erased_at is null or (
    full_name = 'Personne effacée' and job_title = '' and email = '' and phone = '' and source = ''
    and user_id is null and archived_on is not null))
);
create index partner_people_by_organisation on partner_people (organisation_id);
create unique index partner_people_one_for_an_account on partner_people (user_id);
create index partner_people_search on partner_people using gin (fold_text(full_name) gin_trgm_ops);
create trigger partner_people_version before update on partner_people
  for each row execute function bump_version();

alter table contacts
  add column source text not null default '',
  add column last_contact_on date,
  add column archived_on date,
  add column erased_at timestamptz,
  add constraint contacts_erased_whole check (erased_at is null or (
    full_name = 'Personne effacée' and job_title = '' and email = '' and phone = '' and note = ''
    and source = '' and archived_on is not null));

create trigger organisation_skills_audit after insert or update or delete on organisation_skills
  for each row execute function audit_row('organisation_id,dossier,theme');
create trigger organisation_territories_audit after insert or update or delete on organisation_territories
  for each row execute function audit_row('organisation_id,territory_siren');
create trigger partner_people_audit after insert or update or delete on partner_people
  for each row execute function audit_row('id');

-- Erasure ----------------------------------------------------------------------------------------
-- A person who asks to be forgotten leaves the audit as well, yet the audit stays append-only: who did what
-- and when never changes. One change is let through, on the lines that speak of a person whose record is
-- erased (or gone): to become exactly themselves with the personal values masked. No setting opens that
-- door, and the program's role still has no right to update the table: only the trigger below does.

create function without_personal_values(value jsonb) returns jsonb language sql immutable strict
  return (
    select coalesce(jsonb_object_agg(v.key, case
             when v.key in ('full_name', 'job_title', 'email', 'phone', 'note', 'source', 'user_id')
             then '"•••"'::jsonb else v.value end), '{}')
    from jsonb_each(value) v);

create function is_forgotten(object_type text, object_id text) returns boolean language sql stable
  return case object_type
    when 'contacts' then not exists (
      select from public.contacts c where c.id = object_id::uuid and c.erased_at is null)
    when 'partner_people' then not exists (
      select from public.partner_people p where p.id = object_id::uuid and p.erased_at is null)
    else false end;

create function refuse_all_but_forgetting() returns trigger language plpgsql as $$
begin
  if is_forgotten(old.object_type, old.object_id) then
    old.before := without_personal_values(old.before);
    old.after := without_personal_values(old.after);
    old.object_label := 'Personne effacée';
    if old is not distinct from new then
      return new;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

drop trigger audit_events_append_only on audit_events;
create trigger audit_events_append_only before delete or truncate on audit_events
  for each statement execute function refuse_change();
create trigger audit_events_only_forget before update on audit_events
  for each row execute function refuse_all_but_forgetting();

-- Runs with the rights of who owns the schema, for it alone may touch the audit. Its name sorts after the
-- audit's trigger: the line that tells of the erasure holds the old values, and is masked with the others.
create function forget_in_audit() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  update audit_events
     set before = without_personal_values(before), after = without_personal_values(after),
         object_label = 'Personne effacée'
   where object_type = tg_table_name and object_id = new.id::text;
  return null;
end $$;

create trigger contacts_erasure after update on contacts
  for each row when (old.erased_at is null and new.erased_at is not null)
  execute function forget_in_audit();
create trigger partner_people_erasure after update on partner_people
  for each row when (old.erased_at is null and new.erased_at is not null)
  execute function forget_in_audit();

create function refuse_to_remember() returns trigger language plpgsql as $$
begin
  raise exception 'an erased person stays erased'
    using errcode = 'check_violation', constraint = tg_table_name || '_stays_erased';
end $$;
create trigger contacts_stays_erased before update on contacts
  for each row when (old.erased_at is not null) execute function refuse_to_remember();
create trigger partner_people_stays_erased before update on partner_people
  for each row when (old.erased_at is not null) execute function refuse_to_remember();

-- Contacts deleted before this day were promised to disappear.
update audit_events
   set before = without_personal_values(before), after = without_personal_values(after),
       object_label = 'Personne effacée'
 where object_type = 'contacts' and is_forgotten(object_type, object_id);

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on organisations, partner_people from vigie_app;
  end if;
end $$;
