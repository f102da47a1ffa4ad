-- The search of the header reads what people wrote: in French, accents, plurals and small slips forgiven.

-- French words without their accents, so that « ecole » finds « école ».
create text search configuration french_folded (copy = french);
alter text search configuration french_folded
  alter mapping for hword, hword_part, word with public.unaccent, french_stem;

-- The words of a text. The configuration is named whole: an index must not depend on the search path.
create function search_vector(value text) returns tsvector
  language sql immutable strict parallel safe
  return to_tsvector('public.french_folded'::regconfig, value);

-- All these words, each perhaps begun only. They are quoted: what they hold of the query's own signs is
-- taken as it stands.
create function search_query(words text[]) returns tsquery
  language sql immutable strict parallel safe
  return to_tsquery('public.french_folded'::regconfig, (
    select string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || ''':*', ' & ')
    from unnest(words) word));

-- How well a text answers the words: 2 holds them all, 1 holds something near each, 0 does neither.
create function search_grade(value text, words text[]) returns int
  language sql immutable strict parallel safe
  return case
    when search_vector(value) @@ search_query(words) then 2
    when (select bool_and(word_similarity(fold_text(word), fold_text(value)) >= 0.5) from unnest(words) word)
      then 1
    else 0 end;

create index contacts_words on contacts using gin (search_vector(full_name || ' ' || job_title));
create index contacts_near on contacts using gin (fold_text(full_name || ' ' || job_title) gin_trgm_ops);
create index partner_people_words on partner_people using gin (search_vector(full_name || ' ' || job_title));
create index partner_people_near on partner_people
  using gin (fold_text(full_name || ' ' || job_title) gin_trgm_ops);
create index organisations_words on organisations using gin (search_vector(name));
create index meetings_words on meetings using gin (search_vector(summary || ' ' || shared_text));
create index meetings_near on meetings using gin (fold_text(summary || ' ' || shared_text) gin_trgm_ops);
create index meetings_confidential_words on meetings using gin (search_vector(confidential_text));
create index meeting_answers_words on meeting_answers using gin (search_vector(shared_text));
create index meeting_answers_confidential_words on meeting_answers using gin (search_vector(confidential_text));
create index workshop_entries_words on workshop_entries using gin (search_vector(text));
create index workshop_decisions_words on workshop_decisions using gin (search_vector(text || ' ' || outcome));
create index workshop_decisions_near on workshop_decisions
  using gin (fold_text(text || ' ' || outcome) gin_trgm_ops);
create index actions_words on actions using gin (search_vector(title || ' ' || reason || ' ' || result));
create index actions_near on actions
  using gin (fold_text(title || ' ' || reason || ' ' || result) gin_trgm_ops);
