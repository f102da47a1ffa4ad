-- Five years of the method on every key company, and what files say of all companies. Invented; dates
-- count back from today, and what varies follows a hash, so that every run loads the same.

-- Ten facts a company: five deposits of accounts announced, five years of public ratios.
insert into facts (kind, key, siren, happened_on, content, import_id, source, source_date)
select 'notice', 'C' || y || c.siren, c.siren, current_date - 365 * y - 90,
       jsonb_build_object('id', 'C' || y || c.siren, 'siren', c.siren, 'other_sirens', '[]'::jsonb,
         'published_on', current_date - 365 * y - 90, 'family', 'accounts', 'kind', 'original',
         'deposit', jsonb_build_object('closed_on', current_date - 365 * y - 300, 'confidential', false)),
       c.import_id, 'BODACC', current_date
from companies c cross join generate_series(0, 4) y;
insert into facts (kind, key, siren, happened_on, content, import_id, source, source_date)
select 'ratios', c.siren || y, c.siren, current_date - 365 * y - 300,
       jsonb_build_object('siren', c.siren, 'closed_on', current_date - 365 * y - 300, 'kind', 'complete',
         'confidentiality', 'public',
         'amounts', jsonb_build_object('chiffre_d_affaires', 500000 + r * 1000, 'resultat_net', (r - 30) * 100),
         'ratios', jsonb_build_object('taux_d_endettement', r * 2, 'ratio_de_liquidite', 60 + r * 2,
           'autonomie_financiere', r - 10, 'caf_sur_ca', (r - 20) / 4.0, 'marge_ebe', (r - 25) / 4.0,
           'credit_clients_jours', 20 + r, 'credit_fournisseurs_jours', 20 + r)),
       c.import_id, 'Ratios financiers (INPI)', current_date
from companies c cross join generate_series(0, 4) y
cross join lateral (select abs(hashtext(c.siren || y)) % 100 as r) dice;

-- Sites of key companies are counted for five years; the others have two.
insert into headcounts (siret, period, granularity, headcount, import_id, source, source_date)
select h.siret, (h.period - make_interval(months => 24 * n))::date, h.granularity,
       greatest(h.headcount - n + hashtext(h.siret) % 6, 1), h.import_id, h.source, h.source_date
from headcounts h cross join generate_series(1, 2) n
where exists (select from key_companies k where k.siret = h.siret)
on conflict do nothing;

-- In each territory somebody left the fifth place before its holder came.
insert into key_companies (id, territory_siren, siren, siret, slot, referent_id, entered_on, entry_motive,
                           exited_on, exit_outcome, exit_motive)
select gen_random_uuid(), k.territory_siren, e.siren, e.siret, 5, k.referent_id, current_date - 1800,
       k.entry_motive, current_date - 900, (array['closed', 'left', 'maintained'])[1 + abs(hashtext(e.siret)) % 3],
       'Sortie inventée pour la mesure.'
from key_companies k
cross join lateral (
  select e.siren, e.siret from establishments e
  join current_memberships m on m.insee_code = e.insee_code
  where m.territory_siren = k.territory_siren and e.is_head_office
    and not exists (select from key_companies o where o.siren = e.siren)
  order by e.siret limit 1) e
where k.slot = 5;

-- Every quarter a meeting, with what was promised, needed and seen.
insert into meetings (id, siren, kind, held_on, summary, author_id, author_name, organisation_id, by_council,
                      is_shared, created_at)
select gen_random_uuid(), k.siren, (array['call', 'visit', 'video'])[1 + n % 3], current_date - 90 * n - 10,
       'Échange inventé ' || n, u.id, u.full_name, u.organisation_id, true, n % 2 = 0, now()
from key_companies k join users u on u.id = k.referent_id cross join generate_series(0, 19) n
where k.exited_on is null;
insert into next_steps (id, meeting_id, siren, promise, due_on, owner_id, done_on, created_at)
select gen_random_uuid(), m.id, m.siren, 'Promesse inventée', m.held_on + 30, m.author_id,
       case when m.held_on < current_date - 60 then m.held_on + 20 end, now()
from meetings m;
insert into company_needs (id, siren, meeting_id, dossier, need, status, author_id, author_name, created_at)
select gen_random_uuid(), m.siren, m.id, (array['land', 'training', 'research'])[1 + abs(hashtext(m.id::text)) % 3],
       'Besoin inventé', 'kept', m.author_id, m.author_name, now()
from meetings m where m.kind = 'visit';
insert into signals (id, siren, kind, observed_on, motive, expires_on, author_id, author_name, created_at)
select gen_random_uuid(), m.siren, 'fewer_orders', m.held_on, 'Motif inventé pour la mesure.', m.held_on + 180,
       m.author_id, m.author_name, now()
from meetings m where m.kind = 'visit' and abs(hashtext(m.siren)) % 4 = 0;
insert into impact_facts (id, siret, criterion, worth, note, noted_on, author_id)
select gen_random_uuid(), k.siret, c, (array[0, 33, 67, 100])[1 + abs(hashtext(k.siret || c)) % 4], 'Constat inventé',
       k.entered_on, k.referent_id
from key_companies k
cross join unnest(array['provider', 'dependents', 'know_how', 'fiscal', 'environment', 'rooted']) c;

-- Every quarter a workshop on the companies of each territory.
insert into organisations (name, kind, covers_everywhere)
select 'Partenaire d’exemple ' || n, (array['cci', 'cma', 'bank', 'training'])[1 + n % 4], true
from generate_series(1, 12) n;
insert into workshops (id, title, held_at, duration_minutes, place, territory_siren, organiser_id, created_at)
select gen_random_uuid(), 'Atelier inventé', now() - make_interval(days => 90 * n + 20), 120, 'Salle inventée',
       k.territory_siren, k.referent_id, now()
from key_companies k cross join generate_series(0, 19) n where k.slot = 1 and k.exited_on is null;
insert into workshop_companies (workshop_id, siren, position, reason)
select w.id, k.siren, k.slot, 'chosen'
from workshops w join key_companies k on k.territory_siren = w.territory_siren and k.exited_on is null;
insert into workshop_guests (id, workshop_id, organisation_id, person_name, answer, answered_at, attended, created_at)
select gen_random_uuid(), w.id, o.id, 'Personne Exemple', 'yes', w.held_at, true, now()
from workshops w join organisations o on o.covers_everywhere;
insert into workshop_entries (id, workshop_id, siren, kind, organisation_id, author_id, text, created_at)
select gen_random_uuid(), c.workshop_id, c.siren, kind, o.id, w.organiser_id, 'Parole inventée', w.held_at
from workshop_companies c join workshops w on w.id = c.workshop_id
cross join (select id from organisations where kind = 'council' limit 1) o
cross join unnest(array['shared', 'position', 'confidential']) kind;
insert into workshop_decisions (id, workshop_id, siren, kind, text, owner_organisation_id, owner_user_id, due_on,
                                status, done_on, decided_by, decided_at)
select gen_random_uuid(), c.workshop_id, c.siren, 'act', 'Décision inventée', o.id, w.organiser_id,
       w.held_at::date + 60, case when w.held_at < now() - interval '60 days' then 'done' else 'open' end,
       case when w.held_at < now() - interval '60 days' then w.held_at::date + 40 + abs(hashtext(c.siren)) % 40 end,
       w.organiser_id, w.held_at
from workshop_companies c join workshops w on w.id = c.workshop_id
cross join (select id from organisations where kind = 'council' limit 1) o;

-- One plan closed and one running, ten actions each.
insert into action_plans (id, siren, objective, opened_on, opened_by, closed_on, closed_by, outcome, outcome_motive,
                          created_at)
select gen_random_uuid(), k.siren, 'Objectif inventé', current_date - 1400, k.referent_id, current_date - 800,
       k.referent_id, 'maintained', 'Bilan inventé pour la mesure.', now()
from key_companies k where k.exited_on is null
union all
select gen_random_uuid(), k.siren, 'Objectif inventé', current_date - 300, k.referent_id, null, null, null, '', now()
from key_companies k where k.exited_on is null;
insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, owner_user_id, starts_on, due_on,
                     planned_euros, spent_euros, status, result, ended_on, is_shared, created_by, created_at)
select gen_random_uuid(), p.id, m.dossier, m.measure, 'Action inventée ' || n, o.id, p.opened_by,
       p.opened_on + 10 * n, p.opened_on + 10 * n + 250, 10000 * n, 8000 * n,
       case when is_done then 'done' else 'ongoing' end, case when is_done then 'Résultat inventé' else '' end,
       case when is_done then p.opened_on + 20 * n end, n % 2 = 0, p.opened_by, p.opened_on + time '09:00'
from action_plans p cross join generate_series(1, 10) n
cross join lateral (select p.closed_on is not null or n < 4 as is_done) s
cross join lateral (
  select * from (values (0, 'land', 'support'), (1, 'accessibility', 'works'), (2, 'environment', 'network'),
    (3, 'training', 'skills'), (4, 'research', 'university')) m (place, dossier, measure)
  where place = n % 5) m
cross join (select id from organisations where kind = 'council' limit 1) o;
insert into action_steps (id, action_id, position, title, done_on)
select gen_random_uuid(), a.id, n, 'Étape inventée', a.ended_on from actions a cross join generate_series(1, 3) n;
insert into action_notes (id, action_id, noted_on, text, author_id, author_name, organisation_id, at)
select gen_random_uuid(), a.id, a.starts_on, 'Note inventée', u.id, u.full_name, u.organisation_id, now()
from actions a join users u on u.id = a.owner_user_id cross join generate_series(1, 2) n;
insert into action_funders (id, action_id, organisation_id, amount_euros)
select gen_random_uuid(), a.id, o.id, 5000
from actions a cross join (select id from organisations where kind = 'bank' limit 1) o;

-- Needs and offers, and who was introduced to whom.
insert into matching_entries (id, side, siren, theme, text, said_on, author_id, author_name, written_by, created_at)
select gen_random_uuid(), (array['need', 'offer'])[1 + k.slot % 2], k.siren,
       (select code from matching_themes order by hashtext(code || k.siren) limit 1), 'Besoin ou offre inventé',
       current_date - 100, u.id, u.full_name, u.organisation_id, now()
from key_companies k join users u on u.id = k.referent_id where k.exited_on is null;
insert into introductions (id, need_id, organisation_id, state, state_on, outcome, proposed_on, author_id, author_name,
                           created_at)
select gen_random_uuid(), m.id, o.id, 'pursued', current_date - 50, 'Suite inventée', current_date - 90, m.author_id,
       m.author_name, now()
from matching_entries m cross join (select id from organisations where kind = 'training' limit 1) o
where m.side = 'need';
