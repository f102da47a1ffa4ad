-- Meetings with companies, from the call noted in a minute to the meeting at the highest level; what comes of
-- them: needs, next steps, the diagnosis of the company's model.
--
-- Confidential by part: `confidential_text` is read by the council and by the organisation that wrote it, never
-- by the audit, which keeps a mask.

create table meetings (
  id uuid primary key,
  siren text not null references companies,
  kind text not null,
  status text not null default 'held',
  -- Day of the meeting in France; planned ones have their hour.
  held_on date not null,
  planned_at timestamptz,
  place text not null default '',
  -- The essential in one sentence.
  summary text not null default '',
  shared_text text not null default '',
  confidential_text text not null default '',
  -- What to ask at the highest level; null until someone writes it.
  questions text,
  author_id uuid not null references users,
  author_name text not null,
  -- Theirs on that day: what an organisation wrote stays its own when its author leaves.
  organisation_id uuid not null references organisations,
  by_council boolean not null,
  -- Whether the partners of the territory may read it.
  is_shared boolean not null default false,
  created_at timestamptz not null,
  -- Taken back within minutes by who noted it.
  undone_at timestamptz,
  version int not null default 1,
  constraint meetings_kind_known check (kind in ('call', 'visit', 'mail', 'video', 'top_level')),
  constraint meetings_status_known check (status in ('planned', 'held', 'cancelled')),
  constraint meetings_held_says_something check (status <> 'held' or summary <> ''),
  constraint meetings_planned_has_hour check (status = 'held' or planned_at is not null)
);
create index meetings_by_company on meetings (siren, held_on desc) where undone_at is null;
create index meetings_by_day on meetings (held_on desc, id desc) where undone_at is null;
create index meetings_by_author on meetings (author_id, held_on desc) where undone_at is null;
-- The same words by the same person on the same day are the same meeting.
create unique index meetings_noted_once on meetings (siren, author_id, held_on, kind, md5(summary))
  where undone_at is null and status = 'held' and kind <> 'top_level';
create trigger meetings_version before update on meetings for each row execute function bump_version();

create table meeting_dossiers (
  meeting_id uuid not null references meetings,
  dossier text not null,
  primary key (meeting_id, dossier),
  constraint meeting_dossiers_known check (dossier in
    ('land', 'accessibility', 'environment', 'training', 'research'))
);

-- Who was there. Somebody who has a record is named by it, so that an erased person leaves no copy.
create table meeting_people (
  meeting_id uuid not null references meetings,
  position smallint not null,
  side text not null,
  contact_id uuid references contacts,
  user_id uuid references users,
  partner_id uuid references partner_people,
  typed_name text not null default '',
  typed_role text not null default '',
  primary key (meeting_id, position),
  constraint meeting_people_side_known check (side in ('company', 'council', 'partner')),
  constraint meeting_people_one_way check (
    num_nonnulls(contact_id, user_id, partner_id) + (typed_name <> '')::int = 1)
);
create index meeting_people_by_contact on meeting_people (contact_id);

-- Red flags ticked there.
create table meeting_signals (
  meeting_id uuid not null references meetings,
  signal_id uuid not null references signals,
  primary key (meeting_id, signal_id)
);

-- The interview, theme by theme: two people who write two themes do not meet.
create table meeting_answers (
  meeting_id uuid not null references meetings,
  theme text not null,
  shared_text text not null default '',
  confidential_text text not null default '',
  written_by text not null,
  written_at timestamptz not null,
  version int not null default 1,
  primary key (meeting_id, theme),
  constraint meeting_answers_theme_known check (theme in
    ('market', 'finance', 'workforce', 'premises', 'environment', 'succession', 'projects'))
);
create trigger meeting_answers_version before update on meeting_answers
  for each row execute function bump_version();

-- What a company needs, until it becomes an action of its plan.
create table company_needs (
  id uuid primary key,
  siren text not null references companies,
  meeting_id uuid references meetings,
  dossier text not null,
  need text not null,
  status text not null default 'open',
  author_id uuid not null references users,
  author_name text not null,
  created_at timestamptz not null,
  version int not null default 1,
  constraint company_needs_dossier_known check (dossier in
    ('land', 'accessibility', 'environment', 'training', 'research')),
  constraint company_needs_status_known check (status in ('open', 'kept', 'dropped')),
  constraint company_needs_not_empty check (need <> '')
);
create index company_needs_by_company on company_needs (siren, status);
create trigger company_needs_version before update on company_needs for each row execute function bump_version();

-- What was promised, by whom, for when.
create table next_steps (
  id uuid primary key,
  meeting_id uuid not null references meetings,
  siren text not null references companies,
  promise text not null,
  due_on date not null,
  owner_id uuid not null references users,
  -- Keeping in touch: done by the owner's next meeting with the company.
  is_contact boolean not null default false,
  done_on date,
  done_by uuid references meetings,
  created_at timestamptz not null,
  version int not null default 1,
  constraint next_steps_not_empty check (promise <> '')
);
create index next_steps_by_owner on next_steps (owner_id, due_on) where done_on is null;
create index next_steps_by_company on next_steps (siren, due_on) where done_on is null;
create trigger next_steps_version before update on next_steps for each row execute function bump_version();

-- Where the company's model is headed. A new version never replaces the one before.
create table diagnoses (
  id uuid primary key,
  siren text not null references companies,
  rank int not null,
  strategy text not null,
  technical text not null,
  workforce_state text not null,
  workforce_project text not null,
  workforce_help text not null,
  author_id uuid not null references users,
  author_name text not null,
  at timestamptz not null,
  constraint diagnoses_one_of_a_rank unique (siren, rank),
  constraint diagnoses_not_empty check (
    strategy || technical || workforce_state || workforce_project || workforce_help <> '')
);
create trigger diagnoses_append_only before update or delete or truncate on diagnoses
  for each statement execute function refuse_change();

-- The essential of a private note and what is confidential never reach the audit; names do not outlive their
-- erasure there.
create trigger meetings_audit after insert or update or delete on meetings
  for each row execute function audit_row('id', 'summary,shared_text,confidential_text,questions');
create trigger meeting_dossiers_audit after insert or update or delete on meeting_dossiers
  for each row execute function audit_row('meeting_id,dossier');
create trigger meeting_people_audit after insert or update or delete on meeting_people
  for each row execute function audit_row('meeting_id,position', 'typed_name,typed_role');
create trigger meeting_answers_audit after insert or update or delete on meeting_answers
  for each row execute function audit_row('meeting_id,theme', 'shared_text,confidential_text');
create trigger company_needs_audit after insert or update or delete on company_needs
  for each row execute function audit_row('id', 'need');
create trigger next_steps_audit after insert or update or delete on next_steps
  for each row execute function audit_row('id', 'promise');
create trigger diagnoses_audit after insert on diagnoses
  for each row execute function audit_row('id', 'strategy,technical,workforce_state,workforce_project,workforce_help');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on meetings, meeting_answers, meeting_signals, company_needs, next_steps from vigie_app;
    revoke update, delete, truncate on diagnoses from vigie_app;
  end if;
end $$;
