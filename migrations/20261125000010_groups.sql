-- Groups of companies: no register that reaches us tells them, people do. Each company is scored
-- alone; the worst of its group and the group's consolidated accounts stand beside it.

create table company_groups (
  id uuid primary key,
  name text not null,
  -- The company that files the consolidated accounts, when it is known here.
  head_siren text references companies,
  created_at timestamptz not null,
  version int not null default 1,
  constraint company_groups_name_length check (length(btrim(name)) between 2 and 120)
);
create unique index company_groups_name on company_groups (fold_text(name));
create trigger company_groups_version before update on company_groups
  for each row execute function bump_version();
create trigger company_groups_audit after insert or update or delete on company_groups
  for each row execute function audit_row('id');

create table group_members (
  id uuid primary key,
  group_id uuid not null references company_groups,
  siren text not null references companies,
  -- Who or what says so.
  source text not null,
  joined_on date not null,
  joined_by text not null,
  left_on date,
  left_by text,
  left_motive text,
  constraint group_members_source check (length(btrim(source)) >= 3),
  constraint group_members_leaving check (
    (left_on is null) = (left_by is null) and (left_on is null) = (left_motive is null)
    and left_on >= joined_on and length(btrim(left_motive)) >= 10)
);
-- A company belongs to one group at a time.
create unique index group_members_one_group on group_members (siren) where left_on is null;
create index group_members_by_group on group_members (group_id);
create trigger group_members_audit after insert or update or delete on group_members
  for each row execute function audit_row('id');
