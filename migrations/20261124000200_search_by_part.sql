-- The pattern that finds a word, accents and case forgiven, anywhere in a folded name. What the word
-- holds of LIKE's own signs is taken as it stands.
create function part_pattern(word text) returns text
  language sql immutable strict parallel safe
  return '%' || regexp_replace(public.fold_text(word), '([\\%_])', '\\\1', 'g') || '%';
