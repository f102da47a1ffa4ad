-- Social and fiscal data of named companies: off, until an administrator states on which legal basis
-- and from which day. Without an activation that was not ended there is no such fact, and nobody
-- reads any: the schema says so, whoever writes.

create table social_data_activations (
  id uuid primary key,
  -- The text that allows it, then the agreement that applies it.
  legal_basis text not null,
  reference text not null,
  valid_from date not null,
  valid_until date,
  activated_by uuid not null references users,
  activated_at timestamptz not null,
  ended_at timestamptz,
  -- Null when the period ran out: Vigie ended it.
  ended_by uuid references users,
  ended_motive text,
  -- Facts deleted by the end.
  forgotten_facts bigint,
  constraint social_data_activations_basis check (length(btrim(legal_basis)) >= 20),
  constraint social_data_activations_reference check (length(btrim(reference)) >= 3),
  constraint social_data_activations_period check (
    valid_until > valid_from and valid_until <= valid_from + interval '3 years'),
  constraint social_data_activations_end_whole check (
    (ended_at is null) = (ended_motive is null) and (ended_at is null) = (forgotten_facts is null)
    and (ended_at is not null or ended_by is null)),
  constraint social_data_activations_motive check (length(btrim(ended_motive)) >= 10)
);
create unique index social_data_activations_one_open on social_data_activations ((true))
  where ended_at is null;

-- A right given by name, which ends with the activation that it was given under.
create table social_data_readers (
  id uuid primary key,
  activation_id uuid not null references social_data_activations,
  user_id uuid not null references users,
  granted_by uuid not null references users,
  granted_at timestamptz not null,
  motive text not null,
  revoked_at timestamptz,
  -- Null when nobody asked for it: the activation or the role ended.
  revoked_by uuid references users,
  constraint social_data_readers_motive check (length(btrim(motive)) >= 10),
  constraint social_data_readers_revocation check (revoked_at is not null or revoked_by is null)
);
create unique index social_data_readers_one_right on social_data_readers (user_id)
  where revoked_at is null;

create trigger social_data_activations_audit after insert or update or delete on social_data_activations
  for each row execute function audit_row('id');
create trigger social_data_readers_audit after insert or update or delete on social_data_readers
  for each row execute function audit_row('id');
create trigger social_data_activations_kept before delete or truncate on social_data_activations
  for each statement execute function refuse_change();
create trigger social_data_readers_kept before delete or truncate on social_data_readers
  for each statement execute function refuse_change();

create function is_social_fact(kind text) returns boolean language sql immutable parallel safe
  return kind in ('social_debt', 'social_contribution', 'social_delay');

-- No such fact without an open activation. The lock makes an end wait for an import that is being
-- written, and then delete what it wrote.
create function require_social_basis() returns trigger language plpgsql as $$
begin
  perform from social_data_activations where ended_at is null for share;
  if not found then
    raise exception 'social facts need an activation'
      using errcode = 'check_violation', constraint = 'facts_social_needs_basis';
  end if;
  return new;
end $$;
create trigger facts_social_basis before insert or update on facts
  for each row when (is_social_fact(new.kind)) execute function require_social_basis();

-- The ledger of imports is append-only, but for these: it must not outlive the right to hold them.
create function keep_ledger_row() returns trigger language plpgsql as $$
begin
  if old.table_name = 'facts' and is_social_fact(split_part(old.row_key, '/', 1)) then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
drop trigger import_changes_append_only on import_changes;
create trigger import_changes_append_only before update or truncate on import_changes
  for each statement execute function refuse_change();
create trigger import_changes_kept before delete on import_changes
  for each row execute function keep_ledger_row();

-- Deletes every social fact, staged, kept or in the ledger; gives how many were kept. Told to the
-- audit by their number only.
create function forget_social_facts() returns bigint
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  silenced text := coalesce(current_setting('vigie.import_id', true), '');
  forgotten bigint;
begin
  perform set_config('vigie.import_id', 'social', true);
  delete from facts where is_social_fact(kind);
  get diagnostics forgotten = row_count;
  perform set_config('vigie.import_id', silenced, true);
  delete from staged_facts where is_social_fact(kind);
  delete from import_changes
   where table_name = 'facts' and is_social_fact(split_part(row_key, '/', 1));
  return forgotten;
end $$;
revoke execute on function forget_social_facts() from public;

-- The one change that an activation knows is its end, which takes the rights and the facts along.
create function end_social_data() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  of_the_end text[] := array['ended_at', 'ended_by', 'ended_motive', 'forgotten_facts'];
begin
  if old.ended_at is not null or new.ended_at is null
     or to_jsonb(new) - of_the_end <> to_jsonb(old) - of_the_end then
    raise exception 'social_data_activations is append-only' using errcode = 'insufficient_privilege';
  end if;
  update social_data_readers set revoked_at = new.ended_at, revoked_by = new.ended_by
   where activation_id = new.id and revoked_at is null;
  new.forgotten_facts := forget_social_facts();
  return new;
end $$;
create trigger social_data_activations_end before update on social_data_activations
  for each row execute function end_social_data();

-- Staff only, and under an open activation.
create function require_staff_reader() returns trigger language plpgsql as $$
begin
  perform from social_data_activations where id = new.activation_id and ended_at is null for share;
  if not found or not exists (
    select from users where id = new.user_id and role = 'staff' and status = 'active') then
    raise exception 'only active staff may be given this right'
      using errcode = 'check_violation', constraint = 'social_data_readers_staff';
  end if;
  return new;
end $$;
create trigger social_data_readers_staff before insert on social_data_readers
  for each row execute function require_staff_reader();

-- Whoever leaves the staff loses it for good: it would have to be given again.
create function revoke_social_reader() returns trigger language plpgsql as $$
begin
  update social_data_readers set revoked_at = clock_timestamp()
   where user_id = new.id and revoked_at is null;
  return null;
end $$;
create trigger users_social_reader after update of role, status on users
  for each row when (new.role <> 'staff' or new.status <> 'active')
  execute function revoke_social_reader();

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on social_data_activations, social_data_readers from vigie_app;
  end if;
end $$;
