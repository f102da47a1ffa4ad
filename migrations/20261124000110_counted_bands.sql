-- The band that holds the latest headcount of an establishment: what its list shows, filters and sorts
-- by when the register gives no band. Kept by the statements that write headcounts, whoever sends
-- them, so that a list of a hundred thousand companies reads it where it reads the band.
alter table establishments
  add column counted_band text references headcount_bands,
  add column counted_year smallint;

create function count_bands() returns trigger
  language plpgsql set search_path = public, pg_temp as $$
begin
  update establishments e set counted_band = l.code, counted_year = l.year
    from (select distinct on (t.siret) t.siret, b.code, extract(year from h.period)::smallint as year
            from (select distinct siret from touched) t
            left join headcounts h on h.siret = t.siret
            left join headcount_bands b
              on h.headcount >= b.minimum and (b.maximum is null or h.headcount <= b.maximum)
           order by t.siret,
                    h.period + case h.granularity when 'year' then interval '1 year' else interval '1 month' end
                      desc nulls last,
                    b.rank desc) l
   where e.siret = l.siret
     and (e.counted_band, e.counted_year) is distinct from (l.code, l.year);
  return null;
end $$;
create trigger headcounts_count_new after insert on headcounts
  referencing new table as touched for each statement execute function count_bands();
create trigger headcounts_count_changed after update on headcounts
  referencing new table as touched for each statement execute function count_bands();
create trigger headcounts_count_gone after delete on headcounts
  referencing old table as touched for each statement execute function count_bands();

-- What stands there already.
update establishments e set counted_band = l.code, counted_year = l.year
  from (select distinct on (h.siret) h.siret, b.code, extract(year from h.period)::smallint as year
          from headcounts h
          left join headcount_bands b
            on h.headcount >= b.minimum and (b.maximum is null or h.headcount <= b.maximum)
         order by h.siret,
                  h.period + case h.granularity when 'year' then interval '1 year' else interval '1 month' end desc,
                  b.rank desc) l
 where e.siret = l.siret;

-- It moves by itself: no import changed it, none takes it back.
create or replace function changed_entries(old jsonb, new jsonb) returns jsonb
  language sql immutable parallel safe as $$
  select jsonb_object_agg(o.key, o.value) from jsonb_each(old) o
   where new -> o.key is distinct from o.value
     and o.key not in ('search_name', 'local_siret', 'counted_band', 'counted_year')
$$;
