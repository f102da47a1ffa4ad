-- Who supplies whom, and who depends on whom: no register tells it, companies and people do.
create table supply_links (
  id uuid primary key,
  -- Each end is a company known here, or another one in words; one of the two is known.
  supplier_siren text references companies,
  supplier_name text not null default '',
  customer_siren text references companies,
  customer_name text not null default '',
  -- What is supplied.
  goods text not null,
  -- How much the supplier depends on this customer, and the part of its turnover in percent; the same for the
  -- customer, in percent of its purchases. Null when nobody said.
  supplier_dependence text,
  supplier_share smallint,
  customer_dependence text,
  customer_share smallint,
  -- Who says so: one of the two, or an estimate of the organisation of who wrote it last.
  basis text not null,
  said_on date not null,
  said_by uuid not null references organisations,
  -- Since when the link is known to exist.
  seen_since date,
  ended_on date,
  ended_by text,
  end_reason text,
  author_id uuid not null references users,
  author_name text not null,
  -- Of the author, on that day.
  written_by uuid not null references organisations,
  by_council boolean not null default false,
  created_at timestamptz not null,
  version int not null default 1,
  constraint supply_links_one_supplier check ((supplier_siren is null) = (btrim(supplier_name) <> '')),
  constraint supply_links_one_customer check ((customer_siren is null) = (btrim(customer_name) <> '')),
  constraint supply_links_of_a_known_company check (num_nonnulls(supplier_siren, customer_siren) >= 1),
  constraint supply_links_not_with_itself check (supplier_siren <> customer_siren),
  constraint supply_links_names check (length(supplier_name) <= 120 and length(customer_name) <= 120),
  constraint supply_links_goods check (btrim(goods) <> '' and length(goods) <= 200),
  constraint supply_links_degrees_known check (
    supplier_dependence in ('weak', 'medium', 'strong') and customer_dependence in ('weak', 'medium', 'strong')),
  constraint supply_links_shares check (supplier_share between 1 and 100 and customer_share between 1 and 100),
  -- A part says nothing of what the company could do without it: somebody says the degree.
  constraint supply_links_share_of_a_degree check (
    (supplier_share is null or supplier_dependence is not null)
    and (customer_share is null or customer_dependence is not null)),
  constraint supply_links_basis_known check (basis in ('supplier', 'customer', 'estimate')),
  constraint supply_links_ending check (
    (ended_on is null) = (ended_by is null) and (ended_on is null) = (end_reason is null)
    and ended_on >= seen_since and length(btrim(end_reason)) >= 10)
);
-- Two companies have one current link each way.
create unique index supply_links_once_current on supply_links
  (coalesce(supplier_siren, fold_text(supplier_name)), coalesce(customer_siren, fold_text(customer_name)))
  where ended_on is null;
create index supply_links_by_supplier on supply_links (supplier_siren);
create index supply_links_by_customer on supply_links (customer_siren);
create trigger supply_links_version before update on supply_links
  for each row execute function bump_version();
-- What people write stays out of the audit, which knows that it was written, by whom and when.
create trigger supply_links_audit after insert or update or delete on supply_links
  for each row execute function audit_row('id', 'goods,supplier_name,customer_name,end_reason');

-- Whether somebody whose territories are these reads this company: it has an establishment there.
create function reads_company(scope text[], company text) returns boolean
language sql stable parallel safe
  return scope is null or exists (
    select from public.establishments s
    join public.current_memberships m on m.insee_code = s.insee_code
    where s.siren = company and m.territory_siren = any (scope));

-- Each link as either of its known ends sees it.
create view supply_ends as
select id, supplier_siren as siren, true as supplies, customer_siren as other_siren, customer_name as other_name,
       supplier_dependence as own_dependence, supplier_share as own_share,
       customer_dependence as other_dependence, customer_share as other_share,
       case basis when 'supplier' then 'own' when 'customer' then 'other' else basis end as basis
from supply_links where supplier_siren is not null
union all
select id, customer_siren, false, supplier_siren, supplier_name, customer_dependence, customer_share,
       supplier_dependence, supplier_share,
       case basis when 'customer' then 'own' when 'supplier' then 'other' else basis end
from supply_links where customer_siren is not null;

-- The same with its words. `registered` is the name of the other end when it may be shown to all who read it.
create view supply_board as
select e.id, e.siren, e.supplies, e.other_siren, e.other_name,
       case when c.diffusible or not c.is_person then c.name end as registered,
       coalesce(c.active, true) as other_is_active,
       exists (select from key_companies k where k.siren = e.other_siren and k.exited_on is null) as other_is_key,
       e.own_dependence, e.own_share, e.other_dependence, e.other_share, e.basis, l.goods, l.said_on,
       o.name as said_by, l.seen_since, l.ended_on, l.ended_by, l.end_reason, l.author_name, l.written_by,
       l.by_council, l.created_at, l.version
from supply_ends e
join supply_links l on l.id = e.id
join organisations o on o.id = l.said_by
left join companies c on c.siren = e.other_siren;

-- The links of a company as a reader sees them, the current ones or a single one: a company out of their
-- territories is not named.
create function supply_lines(risk boolean, scope text[], company text, link uuid) returns jsonb
language sql stable parallel safe
  return (
    select coalesce(jsonb_agg(to_jsonb(x) order by x.supplies, array_position(
             array['strong', 'medium', 'weak'], coalesce(x.other_dependence, x.own_dependence)), x.goods, x.id), '[]')
    from (
      select b.id, b.supplies, case when r.reads then b.other_siren end as other_siren,
             case when b.other_siren is null then b.other_name when r.reads then b.registered end as other,
             array_remove(array[
               case when b.other_siren is not null and not r.reads then 'elsewhere' end,
               case when r.reads and b.other_is_key then 'key' end,
               case when r.reads and not b.other_is_active then 'closed' end], null) as marks,
             case when risk and r.reads and b.other_is_key then coalesce(k.shown, 'not_assessed') end as shown,
             b.own_dependence, b.own_share, b.other_dependence, b.other_share, b.basis, b.goods, b.said_on,
             b.said_by, b.seen_since, b.ended_on, b.written_by, b.by_council, b.version
      from public.supply_board b
      cross join lateral (
        select b.other_siren is not null and reads_company(scope, b.other_siren) as reads) r
      left join public.company_risks k on k.siren = b.other_siren
      where b.siren = company and case when link is null then b.ended_on is null else b.id = link end
      order by b.created_at desc limit 200) x);

do $$
begin
  if exists (select from pg_roles where rolname = 'vigie_app') then
    revoke delete, truncate on supply_links from vigie_app;
  end if;
end $$;
