-- Documents may be kept in a bucket. Each says where its content is: exactly one place while it is there, none once it
-- is removed. Its SHA-256 is checked at each reading.
alter table action_documents
  add column place text not null default 'database',
  add column sha256 bytea,
  add constraint action_documents_place_known check (place in ('database', 'bucket')),
  -- Unknown for what an older program adds to the database during an upgrade.
  add constraint action_documents_sha256_whole check (
    case when sha256 is null then place = 'database' else octet_length(sha256) = 32 end),
  add constraint action_documents_by_place unique (id, place);

-- Neither a change of a closed plan nor something to tell: the same contents, measured.
alter table action_documents disable trigger user;
update action_documents d set sha256 = sha256(c.content) from action_document_contents c where c.document_id = d.id;
alter table action_documents enable trigger user;

alter table action_document_contents
  add column place text not null default 'database',
  add constraint action_document_contents_place check (place = 'database'),
  add constraint action_document_contents_of_place foreign key (document_id, place) references action_documents (id, place);

-- Objects that this database put in the bucket. A row comes before its object and goes after it, so none is ever
-- forgotten; what no document holds is deleted from a moment on. Objects that have no row here belong to others.
create table action_document_objects (
  key uuid primary key,
  document_id uuid unique,
  place text not null default 'bucket',
  deletable_from timestamptz,
  constraint action_document_objects_place check (place = 'bucket'),
  constraint action_document_objects_of_place foreign key (document_id, place) references action_documents (id, place),
  constraint action_document_objects_held_or_deletable check ((document_id is null) = (deletable_from is not null))
);
create index action_document_objects_deletable on action_document_objects (deletable_from) where document_id is null;

-- Two places are refused by the keys above; no place, or a place for what is removed, is refused here.
create function keep_document_content() returns trigger language plpgsql as $$
declare
  document uuid;
begin
  if tg_table_name = 'action_documents' then
    document := new.id;
  elsif tg_op = 'DELETE' then
    document := old.document_id;
  else
    document := coalesce(new.document_id, old.document_id);
  end if;
  if exists (
    select from action_documents d where d.id = document and (d.removed_at is null) <> (
      exists (select from action_document_contents c where c.document_id = d.id)
      or exists (select from action_document_objects o where o.document_id = d.id))
  ) then
    raise exception 'a document has its content until it is removed, and no longer'
      using errcode = 'check_violation', constraint = 'action_documents_content';
  end if;
  return null;
end $$;
create constraint trigger action_documents_content after insert or update on action_documents
  deferrable initially deferred for each row execute function keep_document_content();
create constraint trigger action_documents_content after insert or update or delete on action_document_contents
  deferrable initially deferred for each row execute function keep_document_content();
create constraint trigger action_documents_content after insert or update or delete on action_document_objects
  deferrable initially deferred for each row execute function keep_document_content();
