-- Invented départements, each a copy of the real one: its territories under other numbers, its communes
-- under codes that the register does not use. $1 is how many départements there are in all.
create temporary table copies as
select row_number() over (order by tens, units) as copy, tens || units as prefix
from unnest(string_to_array('0123456789', null)) tens, unnest(string_to_array('0123456789AB', null)) units
where tens || units not in (select left(insee_code, 2) from municipalities);
delete from copies where copy >= {départements};

insert into territories (siren, name, short_name, kind, departments, population_total, municipalities_total)
select '9' || lpad(c.copy::text, 3, '0') || lpad(t.place::text, 5, '0'), t.name || ' ' || c.prefix,
       t.short_name || ' ' || c.prefix, t.kind, array[c.prefix], t.population_total, t.municipalities_total
from (select *, row_number() over (order by siren) as place from territories) t cross join copies c;

-- A commune outside the real département has the same last three digits as another.
insert into municipalities (insee_code, name, department, population, postcodes)
select c.prefix || right(m.insee_code, 3), m.name || ' ' || c.prefix, c.prefix, m.population,
       array[c.prefix || right(m.postcodes[1], 3)]
from municipalities m cross join copies c where m.department = '81';

insert into territory_memberships (insee_code, territory_siren, period)
select c.prefix || right(m.insee_code, 3), '9' || lpad(c.copy::text, 3, '0') || lpad(t.place::text, 5, '0'), m.period
from territory_memberships m
join municipalities o on o.insee_code = m.insee_code and o.department = '81'
join (select siren, row_number() over (order by siren) as place from territories where siren !~ '^9') t
  on t.siren = m.territory_siren
cross join copies c;
drop table copies;
