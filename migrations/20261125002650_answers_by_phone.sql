-- A guest who phones answers all the same: who noted it is kept, and every answer. The guest's own, by
-- their link, replaces what was noted for them.
alter table workshop_guests add column answered_by uuid references users;
alter table workshop_guests add constraint workshop_guests_noted_is_answered
  check (answered_by is null or answer <> 'none');
create index workshop_guests_by_noter on workshop_guests (answered_by);

-- Without the name of a replacement: a person who is forgotten leaves nothing here.
create table workshop_answers (
  id uuid primary key,
  guest_id uuid not null references workshop_guests,
  answer text not null,
  -- Null for the guest's own.
  noted_by uuid references users,
  answered_at timestamptz not null,
  constraint workshop_answers_answer_known check (answer in ('yes', 'no', 'replaced'))
);
create index workshop_answers_by_guest on workshop_answers (guest_id, answered_at);
create index workshop_answers_by_noter on workshop_answers (noted_by);

insert into workshop_answers (id, guest_id, answer, answered_at)
select gen_random_uuid(), id, answer, answered_at from workshop_guests where answer <> 'none';

create trigger workshop_answers_append_only before update or delete or truncate on workshop_answers
  for each statement execute function refuse_change();
create trigger workshop_answers_audit after insert on workshop_answers
  for each row execute function audit_row('id');

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke update, delete, truncate on workshop_answers from vigie_app;
  end if;
end $$;
