-- Who may come in, and the proof of what was done.

create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gist;

-- The role under which the program serves requests: it owns nothing, and cannot rewrite the audit.
-- Roles belong to the server, not to the database: another Vigie may have made it already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'vigie_app') then
    create role vigie_app nologin;
  end if;
  execute format('grant vigie_app to %I', current_user);
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise notice 'no right to create the role vigie_app: the program will run as %', current_user;
end $$;

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    grant usage on schema public to vigie_app;
    alter default privileges in schema public grant select, insert, update, delete on tables to vigie_app;
    alter default privileges in schema public grant usage, select on sequences to vigie_app;
  end if;
end $$;

-- `unaccent` reads a dictionary found through the search path, so it is not immutable; naming the
-- dictionary makes it so, and lets a restored index build.
create function fold_text(value text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent'::regdictionary, value));

-- Audit ------------------------------------------------------------------------------------------

create table audit_events (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- No foreign key: a line of the audit outlives what it speaks of.
  actor_id uuid,
  actor_name text not null,
  origin text not null,
  request_id text,
  verb text not null,
  object_type text not null,
  object_id text not null,
  object_label text,
  before jsonb,
  after jsonb,
  constraint audit_events_origin_known check (origin in ('web', 'cli', 'system'))
);
create index audit_events_by_time on audit_events (at desc, id desc);
create index audit_events_by_actor on audit_events (actor_id, id desc);
create index audit_events_by_object on audit_events (object_type, object_id, id desc);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger audit_events_append_only before update or delete or truncate on audit_events
  for each statement execute function refuse_change();

create function setting_or_null(name text) returns text language sql stable
  return nullif(current_setting(name, true), '');

-- Writes one line for each changed row: the columns that changed, before and after.
-- Arguments: the key's columns, then (optional) the columns whose value must never be written.
create function audit_row() returns trigger language plpgsql as $$
declare
  key_columns text[] := string_to_array(tg_argv[0], ',');
  secret_columns text[] := case when tg_nargs > 1 then string_to_array(tg_argv[1], ',') else '{}' end;
  old_row jsonb := case when tg_op = 'INSERT' then '{}'::jsonb else to_jsonb(old) end;
  new_row jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) end;
  whole jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
  old_changes jsonb;
  new_changes jsonb;
  secret text;
begin
  -- A file import keeps its own ledger of every row, before and after: it is not told twice.
  if setting_or_null('vigie.import_id') is not null then
    return null;
  end if;
  select coalesce(jsonb_object_agg(o.key, o.value), '{}') into old_changes
    from jsonb_each(old_row) o where new_row -> o.key is distinct from o.value;
  select coalesce(jsonb_object_agg(n.key, n.value), '{}') into new_changes
    from jsonb_each(new_row) n where old_row -> n.key is distinct from n.value;
  old_changes := old_changes - array['version', 'updated_at'];
  new_changes := new_changes - array['version', 'updated_at'];
  if tg_op = 'UPDATE' and old_changes = '{}' and new_changes = '{}' then
    return null;
  end if;
  foreach secret in array secret_columns loop
    if old_changes ? secret then old_changes := jsonb_set(old_changes, array[secret], '"•••"'); end if;
    if new_changes ? secret then new_changes := jsonb_set(new_changes, array[secret], '"•••"'); end if;
  end loop;
  insert into audit_events (actor_id, actor_name, origin, request_id, verb, object_type, object_id,
                            object_label, before, after)
  values (setting_or_null('vigie.actor_id')::uuid,
          coalesce(setting_or_null('vigie.actor_name'), session_user),
          coalesce(setting_or_null('vigie.origin'), 'system'),
          setting_or_null('vigie.request_id'),
          lower(tg_op), tg_table_name,
          (select string_agg(whole ->> k, '/') from unnest(key_columns) k),
          coalesce(whole ->> 'full_name', whole ->> 'name', whole ->> 'label'),
          case when tg_op <> 'INSERT' then old_changes end,
          case when tg_op <> 'DELETE' then new_changes end);
  return null;
end $$;

-- Optimistic locking: every change of a row moves its version by one.
create function bump_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end $$;

-- Accounts ---------------------------------------------------------------------------------------

create table organisations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  kind text not null,
  constraint organisations_name_unique unique (name),
  constraint organisations_kind_known check (kind in ('council', 'cci', 'cma', 'state', 'epci', 'other'))
);

create table users (
  id uuid primary key,
  email text not null,
  full_name text not null,
  role text not null,
  organisation_id uuid not null references organisations,
  status text not null default 'invited',
  password_hash text,
  password_changed_at timestamptz,
  created_at timestamptz not null default now(),
  last_sign_in_at timestamptz,
  version int not null default 1,
  constraint users_role_known check (role in ('admin', 'staff', 'adviser', 'elected')),
  constraint users_status_known check (status in ('invited', 'active', 'suspended')),
  constraint users_active_has_password check (status <> 'active' or password_hash is not null),
  constraint users_email_shape check (email = lower(email) and email like '%_@_%')
);
create unique index users_email_unique on users (email);
-- Signing in is no change of the account: it neither moves the version nor is audited twice.
create trigger users_version
  before update of email, full_name, role, organisation_id, status, password_hash on users
  for each row execute function bump_version();

-- Someone must always be able to give rights: the last active administrator stays.
create function keep_one_administrator() returns trigger language plpgsql as $$
begin
  if old.role = 'admin' and old.status = 'active' then
    perform pg_advisory_xact_lock(hashtext('users_last_administrator'));
    if not exists (select from users where role = 'admin' and status = 'active') then
      raise exception 'the last active administrator cannot be removed'
        using errcode = 'check_violation', constraint = 'users_last_administrator';
    end if;
  end if;
  return null;
end $$;
create constraint trigger users_last_administrator after update or delete on users
  deferrable initially deferred for each row execute function keep_one_administrator();

create table sessions (
  id uuid primary key,
  -- SHA-256 of the cookie's token: a stolen copy of this table opens nothing.
  token_hash bytea not null,
  user_id uuid not null references users on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  user_agent text not null,
  ip text not null,
  constraint sessions_token_unique unique (token_hash)
);
create index sessions_by_user on sessions (user_id);

create table one_time_links (
  token_hash bytea primary key,
  purpose text not null,
  -- Null for the link that creates the first administrator.
  user_id uuid references users on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint one_time_links_purpose_known check (purpose in ('invitation', 'reset', 'first_administrator')),
  constraint one_time_links_user check ((user_id is null) = (purpose = 'first_administrator'))
);
create index one_time_links_by_user on one_time_links (user_id);

create table sign_in_attempts (
  id bigint generated always as identity primary key,
  email text not null,
  ip text not null,
  at timestamptz not null,
  succeeded boolean not null
);
create index sign_in_attempts_by_email on sign_in_attempts (email, at desc);
create index sign_in_attempts_by_ip on sign_in_attempts (ip, at desc);

-- A form that is sent twice is carried out once: the second finds where the first one went.
create table submissions (
  key uuid primary key,
  user_id uuid not null references users on delete cascade,
  location text not null,
  at timestamptz not null
);

create trigger organisations_audit after insert or update or delete on organisations
  for each row execute function audit_row('id');
create trigger users_audit
  after insert or delete
     or update of email, full_name, role, organisation_id, status, password_hash on users
  for each row execute function audit_row('id', 'password_hash');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke update, delete, truncate on audit_events from vigie_app;
  end if;
end $$;
