-- Documents of an action: read with its rights; one that is removed leaves its name and why.
create table action_documents (
  id uuid primary key,
  action_id uuid not null references actions,
  name text not null,
  media_type text not null,
  size_bytes int not null,
  added_by uuid not null references users,
  added_at timestamptz not null,
  removed_by uuid references users,
  removed_at timestamptz,
  removal_motive text not null default '',
  constraint action_documents_name_short check (length(btrim(name)) between 1 and 120),
  constraint action_documents_size check (size_bytes between 1 and 10485760),
  constraint action_documents_removed_whole check (
    case when removed_at is null then removed_by is null and removal_motive = ''
      else removed_by is not null and length(btrim(removal_motive)) >= 10 end)
);
create index action_documents_by_action on action_documents (action_id, added_at desc);
create trigger action_documents_of_a_running_plan before insert or update or delete on action_documents
  for each row execute function refuse_closed_plan();
create trigger action_documents_audit after insert or update or delete on action_documents
  for each row execute function audit_row('id', 'name,removal_motive');

-- Apart, so that the audit and the lists never carry it.
create table action_document_contents (
  document_id uuid primary key references action_documents,
  content bytea not null,
  constraint action_document_contents_size check (octet_length(content) between 1 and 10485760)
);

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on action_documents from vigie_app;
  end if;
end $$;
