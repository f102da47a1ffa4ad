-- Workshops: a meeting of partners over a list of companies. Prepared, invited, held, decided, told.
create table workshops (
  id uuid primary key,
  title text not null,
  held_at timestamptz not null,
  duration_minutes int not null,
  place text not null default '',
  video_url text not null default '',
  -- Null for the whole département.
  territory_siren text references territories,
  organiser_id uuid not null references users,
  -- Moves when what the invitation says changes: the calendars of the guests follow it.
  sequence int not null default 0,
  cancelled_at timestamptz,
  cancel_motive text,
  -- What the council adds to the minutes before and after what was recorded.
  minutes_intro text not null default '',
  minutes_remarks text not null default '',
  created_at timestamptz not null,
  version int not null default 1,
  constraint workshops_title_not_empty check (title <> ''),
  constraint workshops_somewhere check (place <> '' or video_url <> ''),
  constraint workshops_duration check (duration_minutes between 15 and 600),
  constraint workshops_cancelled_with_a_motive check ((cancelled_at is null) = (cancel_motive is null))
);
create index workshops_by_time on workshops (held_at, id);
create index workshops_by_territory on workshops (territory_siren, held_at);
create trigger workshops_version before update on workshops for each row execute function bump_version();
create trigger workshops_audit after insert or update or delete on workshops
  for each row execute function audit_row('id');

-- The agenda.
create table workshop_companies (
  workshop_id uuid not null references workshops,
  siren text not null references companies,
  position int not null,
  -- Why it was proposed: for the council, since an alert is told to nobody else.
  reason text not null,
  primary key (workshop_id, siren),
  constraint workshop_companies_reason_known check (reason in ('alert', 'open_decision', 'not_reviewed', 'chosen'))
);
create index workshop_companies_by_company on workshop_companies (siren, workshop_id);
create trigger workshop_companies_audit after insert or update of reason or delete on workshop_companies
  for each row execute function audit_row('workshop_id,siren');

-- Who is invited: an organisation, one of its people, or a colleague; the name and the address are those
-- of the invitation.
create table workshop_guests (
  id uuid primary key,
  workshop_id uuid not null references workshops,
  organisation_id uuid not null references organisations,
  person_id uuid references partner_people,
  user_id uuid references users,
  person_name text not null default '',
  person_email text not null default '',
  answer text not null default 'none',
  replacement_name text not null default '',
  answered_at timestamptz,
  invited_at timestamptz,
  reminded_at timestamptz,
  -- The sequence that the last mail told; the mail itself, for as long as the outbox keeps it.
  told_sequence int not null default 0,
  mail_id uuid references mails on delete set null,
  -- Null until the list is called.
  attended boolean,
  created_at timestamptz not null,
  version int not null default 1,
  constraint workshop_guests_answer_known check (answer in ('none', 'yes', 'no', 'replaced')),
  constraint workshop_guests_answered check ((answer = 'none') = (answered_at is null)),
  constraint workshop_guests_replaced_by_someone check ((answer = 'replaced') = (replacement_name <> ''))
);
create index workshop_guests_by_workshop on workshop_guests (workshop_id);
create index workshop_guests_by_organisation on workshop_guests (organisation_id);
create index workshop_guests_by_user on workshop_guests (user_id);
create index workshop_guests_by_mail on workshop_guests (mail_id);
-- Nobody is invited twice.
create unique index workshop_guests_person on workshop_guests (workshop_id, person_id);
create unique index workshop_guests_user on workshop_guests (workshop_id, user_id);
create unique index workshop_guests_organisation on workshop_guests (workshop_id, organisation_id)
  where person_id is null and user_id is null;
create unique index workshop_guests_address on workshop_guests (workshop_id, lower(person_email))
  where person_email <> '';
create trigger workshop_guests_version before update on workshop_guests
  for each row execute function bump_version();
-- The audit knows the keys of people, never their particulars: who is erased leaves nothing here.
create trigger workshop_guests_audit
  after insert or delete or update of answer, replacement_name, answered_at, invited_at, reminded_at, attended
  on workshop_guests
  for each row execute function audit_row('id', 'person_name,person_email,replacement_name');

-- Secrets that answer an invitation without an account; the last mail's and those before.
create table workshop_links (
  token_hash bytea primary key,
  guest_id uuid not null references workshop_guests on delete cascade,
  created_at timestamptz not null
);
create index workshop_links_by_guest on workshop_links (guest_id);

-- A person who asks to be forgotten leaves the lists of guests too.
create function forget_guest() returns trigger language plpgsql as $$
begin
  delete from public.workshop_links l using public.workshop_guests g
    where g.id = l.guest_id and g.person_id = new.id;
  update public.workshop_guests
     set person_name = new.full_name, person_email = '', user_id = null,
         replacement_name = case when answer = 'replaced' then new.full_name else '' end
   where person_id = new.id;
  return null;
end $$;
create trigger partner_people_forgotten_guest after update on partner_people
  for each row when (old.erased_at is null and new.erased_at is not null)
  execute function forget_guest();

-- What is said in the room, each its own row: two people who write at once lose nothing.
create table workshop_entries (
  id uuid primary key,
  workshop_id uuid not null,
  siren text not null,
  -- What is shared, where a partner stands, what stays within the council.
  kind text not null,
  organisation_id uuid not null references organisations,
  author_id uuid not null references users,
  text text not null,
  created_at timestamptz not null,
  version int not null default 1,
  foreign key (workshop_id, siren) references workshop_companies,
  constraint workshop_entries_kind_known check (kind in ('shared', 'position', 'confidential')),
  constraint workshop_entries_text_not_empty check (btrim(text) <> '')
);
create index workshop_entries_by_company on workshop_entries (siren, workshop_id, created_at);
create index workshop_entries_by_workshop on workshop_entries (workshop_id, siren);
create trigger workshop_entries_version before update on workshop_entries
  for each row execute function bump_version();
create trigger workshop_entries_audit after insert or update or delete on workshop_entries
  for each row execute function audit_row('id', 'text');

create table workshop_decisions (
  id uuid primary key,
  workshop_id uuid not null,
  siren text not null,
  kind text not null,
  text text not null,
  owner_organisation_id uuid not null references organisations,
  owner_person_id uuid references partner_people,
  owner_user_id uuid references users,
  due_on date not null,
  status text not null default 'open',
  done_on date,
  -- What came of it, or why it was dropped or put off.
  outcome text not null default '',
  decided_by uuid not null references users,
  decided_at timestamptz not null,
  version int not null default 1,
  foreign key (workshop_id, siren) references workshop_companies,
  constraint workshop_decisions_kind_known check (kind in
    ('maintain', 'watch', 'meet', 'act', 'refer', 'release', 'other')),
  constraint workshop_decisions_status_known check (status in ('open', 'done', 'dropped')),
  constraint workshop_decisions_done_on_a_day check ((status = 'open') = (done_on is null)),
  constraint workshop_decisions_dropped_with_a_motive check (status <> 'dropped' or length(btrim(outcome)) >= 10),
  constraint workshop_decisions_text_not_empty check (btrim(text) <> '')
);
create index workshop_decisions_by_company on workshop_decisions (siren, workshop_id);
create index workshop_decisions_by_workshop on workshop_decisions (workshop_id, siren);
create index workshop_decisions_open on workshop_decisions (owner_user_id, due_on) where status = 'open';
create trigger workshop_decisions_version before update on workshop_decisions
  for each row execute function bump_version();
create trigger workshop_decisions_audit after insert or update or delete on workshop_decisions
  for each row execute function audit_row('id');

-- The minutes as they were sent: shared parts only, organisations by name, no person.
create table workshop_minutes (
  id uuid primary key,
  workshop_id uuid not null references workshops,
  number int not null,
  content jsonb not null,
  sent_at timestamptz not null,
  sent_by uuid not null references users,
  recipients int not null,
  constraint workshop_minutes_numbered unique (workshop_id, number)
);
create trigger workshop_minutes_append_only before update or delete or truncate on workshop_minutes
  for each statement execute function refuse_change();
create trigger workshop_minutes_audit after insert on workshop_minutes
  for each row execute function audit_row('id', 'content');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke update, delete, truncate on workshop_minutes from vigie_app;
    revoke delete, truncate on workshops, workshop_entries, workshop_decisions from vigie_app;
  end if;
end $$;
