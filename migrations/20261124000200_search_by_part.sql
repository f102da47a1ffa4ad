-- The pattern that finds a word, accents and case forgiven, anywhere in a folded name. What the word
-- holds of LIKE's own signs is taken as it stands.
create function part_pattern(word text) returns text
  language sql immutable strict parallel safe
  return '%' || regexp_replace(public.fold_text(word), '([\\%_])', '\\\1', 'g') || '%';

-- The same for every way of writing the word: « st » and « saint », « ste » and « sainte ».
create function part_patterns(word text) returns text[]
  language sql immutable strict parallel safe
  return array[public.part_pattern(word)] || case public.fold_text(word)
    when 'st' then array['%saint%']
    when 'ste' then array['%sainte%']
    when 'saint' then array['st %', 'st-%', '% st %', '% st-%', '%-st-%']
    when 'sainte' then array['ste %', 'ste-%', '% ste %', '% ste-%', '%-ste-%']
    else '{}'::text[] end;
