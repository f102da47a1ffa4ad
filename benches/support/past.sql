-- What was said of key companies each quarter of the five years, the alerts that were closed, and whether
-- they served.
insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, points, completeness, held,
                              statistical, events_floor, flags_floor, retained, state, change, is_sudden, cause,
                              inputs, inputs_hash, explanation)
select a.siren, a.as_of - 90 * n, a.assessed_at - make_interval(days => 90 * n), a.model_id, a.model_version, a.points,
       a.completeness, a.held, a.statistical, a.events_floor, a.flags_floor, a.retained, a.state, 0, false, a.cause,
       a.inputs, a.inputs_hash, a.explanation
from risk_assessments a cross join generate_series(1, 19) n
where exists (select from key_companies k where k.siren = a.siren);
insert into alerts (id, siren, opened_at, opened_by, assessment_id, level, is_procedure, status, closed_at,
                    closed_by_name, outcome, motive)
select gen_random_uuid(), a.siren, a.assessed_at, a.id, a.id, 'high', false, 'closed', a.assessed_at + interval '40 days',
       'Personne Exemple', 'met', 'Motif inventé pour la mesure.'
from risk_assessments a
where a.as_of < current_date - 60 and abs(hashtext(a.siren || a.as_of::text)) % 6 = 0
  and exists (select from key_companies k where k.siren = a.siren);
insert into assessment_feedback (assessment_id, user_id, is_useful, motive, at)
select a.opened_by, (select id from users where role = 'staff' order by email limit 1),
       hashtext(a.siren) % 3 <> 0, 'Motif inventé', a.closed_at
from alerts a where a.status = 'closed';
