//! The five places through the site: what people do, what is refused, what stays written.

use std::collections::BTreeSet;

use vigie::domain::Role;

use crate::support::app::{Client, Page, TestApp};
use crate::support::business::{self, LAUTREC, SIDOBRE};

const MOTIVE: &str = "Premier employeur de la vallée.";

fn choose_path(siret: &str) -> String {
    format!("/territoires/{LAUTREC}/places/choisir?siret={siret}")
}

/// Chooses an establishment for a place through the form that the page offers.
async fn choose(client: &mut Client, siret: &str, place: &str) -> Page {
    let page = client.get(&choose_path(siret)).await.expect(200);
    let form = page.form(&format!("/territoires/{LAUTREC}/places/choisir"));
    client
        .submit(&form.set("place", place).set("motif", MOTIVE))
        .await
}

/// A site with `count` companies in the first territory, the first `held` of which hold its places.
async fn site_with(count: u32, held: u32) -> (TestApp, Client, Vec<String>) {
    let app = TestApp::new().await;
    business::territories(&app.db).await;
    let mut sirets = Vec::new();
    for rank in 1..=count {
        sirets.push(
            business::company(&app.db, rank, "81901", 100 - i32::try_from(rank).unwrap()).await,
        );
    }
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    for rank in 1..=held {
        let siret = &sirets[rank as usize - 1];
        choose(&mut staff, siret, &rank.to_string())
            .await
            .expect(303);
    }
    (app, staff, sirets)
}

async fn held_slots(app: &TestApp, territory: &str) -> Vec<(i16, String)> {
    sqlx::query_as(
        "select slot, siret from key_companies where territory_siren = $1 and exited_on is null
         order by slot",
    )
    .bind(territory)
    .fetch_all(&app.db.pool)
    .await
    .expect("the places")
}

/// Address of an act on the holder of a place.
async fn act_path(app: &TestApp, slot: i16, act: &str) -> String {
    let id: uuid::Uuid = sqlx::query_scalar(
        "select id from key_companies where territory_siren = $1 and slot = $2 and exited_on is null",
    )
    .bind(LAUTREC)
    .bind(slot)
    .fetch_one(&app.db.pool)
    .await
    .expect("a holder");
    format!("/entreprises-cles/{id}/{act}")
}

async fn count(app: &TestApp, table: &str) -> i64 {
    let sql = match table {
        "key_companies" => "select count(*) from key_companies",
        "impact_facts" => "select count(*) from impact_facts",
        _ => "select count(*) from key_company_events",
    };
    sqlx::query_scalar(sql)
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

#[tokio::test]
async fn a_territory_shows_its_five_places_first_and_the_empty_ones() {
    let (_app, mut staff, _) = site_with(8, 2).await;
    let page = staff
        .get(&format!("/territoires/{LAUTREC}"))
        .await
        .expect(200);
    page.says("2 entreprises clés sur 5")
        .says("EXEMPLE 1")
        .says("Place libre");
    assert_eq!(page.texts(".places > li").len(), 5);
    assert_eq!(page.texts(".places > li.libre").len(), 3);
    page.says("entre à la place 1").says(MOTIVE);
    assert!(page.sql <= 8, "{} statements", page.sql);
}

#[tokio::test]
async fn a_person_whose_name_is_masked_is_a_candidate_like_another() {
    let (app, mut staff, sirets) = site_with(2, 0).await;
    sqlx::query(
        "update companies set name = null, is_person = true, diffusible = false
         where siren = left($1, 9)",
    )
    .bind(&sirets[0])
    .execute(&app.db.pool)
    .await
    .expect("a masked person");
    for page in ["", "/vivier", "/vivier?q=exemple"] {
        let path = format!("/territoires/{LAUTREC}{page}");
        staff.get(&path).await.expect(200).says("EXEMPLE 2");
    }
}

#[tokio::test]
async fn candidates_are_ranked_without_the_key_companies_in_few_statements() {
    let (_app, mut staff, _) = site_with(30, 1).await;
    let page = staff
        .get(&format!("/territoires/{LAUTREC}/vivier"))
        .await
        .expect(200);
    let names = page.texts("tbody th > a:first-of-type");
    assert_eq!(names.len(), 25);
    assert!(names[0].starts_with("EXEMPLE 2"), "{names:?}");
    page.says("Déjà entreprises clés du territoire")
        .says("29 entreprises");
    assert!(page.sql <= 6, "{} statements", page.sql);
    let second = staff
        .get(&format!("/territoires/{LAUTREC}/vivier?page=2"))
        .await
        .expect(200);
    assert_eq!(second.texts("tbody th").len(), 4);
    let found = staff
        .get(&format!("/territoires/{LAUTREC}/vivier?q=exemplé+12"))
        .await
        .expect(200);
    assert_eq!(found.texts("tbody th").len(), 1);
    let none = staff
        .get(&format!("/territoires/{LAUTREC}/vivier?q=%25&effectif=-3"))
        .await
        .expect(200);
    none.says("Aucune entreprise ne correspond");
    staff
        .get(&format!("/territoires/{LAUTREC}/vivier?page=99999999999"))
        .await
        .expect(404);
}

#[tokio::test]
async fn the_sixth_is_refused_with_the_five_and_replaces_one_without_losing_anything() {
    let (app, mut staff, sirets) = site_with(7, 4).await;
    let sixth = &sirets[5];
    let page = staff.get(&choose_path(sixth)).await.expect(200);
    let form = page.form(&format!("/territoires/{LAUTREC}/places/choisir"));
    choose(&mut staff, &sirets[4], "5").await.expect(303);

    let typed = "Dernière scierie du canton.";
    let refused = staff
        .submit(&form.set("place", "5").set("motif", typed))
        .await
        .expect(409);
    refused
        .says("Les cinq places sont prises : laquelle remplacer, et pourquoi ?")
        .says(typed);
    for rank in 1..=5 {
        refused.says(&format!("EXEMPLE {rank}"));
    }
    assert_eq!(held_slots(&app, LAUTREC).await.len(), 5);

    let form = refused.form(&format!("/territoires/{LAUTREC}/places/remplacer"));
    assert_eq!(form.value("motif").map(str::trim), Some(typed));
    let leaving = form_choice(&refused, "sortante", 1);
    let form = form.set("sortante", &leaving).set("issue", "left");
    let blank = staff.submit(&form).await.expect(422);
    blank
        .says("Écrivez pourquoi, en dix caractères au moins")
        .says(typed);
    let form = blank
        .form(&format!("/territoires/{LAUTREC}/places/remplacer"))
        .set("motif_sortie", "Partie s’installer à Castres.");
    assert_eq!(form.value("sortante"), Some(leaving.as_str()));
    staff.submit(&form).await.expect(303);

    let held = held_slots(&app, LAUTREC).await;
    assert_eq!(held.len(), 5);
    assert_eq!(held[1], (2, sixth.clone()));
    let page = staff
        .get(&format!("/territoires/{LAUTREC}"))
        .await
        .expect(200);
    page.says("quitte la place 2 (partie du territoire), remplacée par EXEMPLE 6")
        .says("Partie s’installer à Castres.")
        .says("entre à la place 2");
    assert_eq!(count(&app, "key_companies").await, 6);
}

/// The value of the n-th choice of a group of the page.
fn form_choice(page: &Page, name: &str, rank: usize) -> String {
    let pattern = format!("name=\"{name}\" value=\"");
    let rest = page.text.split(&pattern).nth(rank + 1).expect("a choice");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn a_hundred_choices_at_once_leave_five_and_ninety_five_clear_answers() {
    let (app, _, sirets) = site_with(100, 0).await;
    let app = app.patient();
    let staff = app.sign_in(Role::Staff, &[]).await;
    let referent = staff.user_id.to_string();
    let tasks: Vec<_> = sirets
        .into_iter()
        .map(|siret| {
            let (mut client, referent) = (staff.clone(), referent.clone());
            tokio::spawn(async move {
                let fields = [
                    ("siret", siret.as_str()),
                    ("motif", MOTIVE),
                    ("referent", &referent),
                    ("date", "2026-11-24"),
                ];
                let path = format!("/territoires/{LAUTREC}/places/choisir");
                client.post(&path, &fields).await
            })
        })
        .collect();
    let (mut chosen, mut refused) = (0, 0);
    for task in tasks {
        let page = task.await.expect("an answer");
        match page.status.as_u16() {
            303 => chosen += 1,
            409 => {
                page.says("Les cinq places de ce territoire sont prises.");
                refused += 1;
            }
            other => panic!("{other}: {}", page.words()),
        }
    }
    assert_eq!((chosen, refused), (5, 95));
    let held: BTreeSet<i16> = held_slots(&app, LAUTREC)
        .await
        .into_iter()
        .map(|(s, _)| s)
        .collect();
    assert_eq!(held, BTreeSet::from([1, 2, 3, 4, 5]));
    assert_eq!(count(&app, "events").await, 5);
}

#[tokio::test]
async fn a_company_is_key_in_one_territory_unless_two_sites_of_a_group_count() {
    let (app, mut staff, sirets) = site_with(1, 1).await;
    let other_site = business::site(&app.db, &sirets[0], 2, "81902", 40).await;
    let path = format!("/territoires/{SIDOBRE}/places/choisir");
    let page = staff
        .get(&format!("{path}?siret={other_site}"))
        .await
        .expect(200);
    page.says("Cette entreprise est déjà clé ailleurs (Lautrecois d’essai, place 1)");
    let form = page.form(&path).set("motif", MOTIVE).set("place", "1");
    let refused = staff.submit(&form).await.expect(409);
    refused
        .says("déjà clé dans le territoire Lautrecois d’essai, à la place 1")
        .says(MOTIVE);
    let form = refused.form(&path).set("groupe", "oui");
    staff.submit(&form).await.expect(303);
    assert_eq!(held_slots(&app, SIDOBRE).await, [(1, other_site)]);
    staff
        .get(&choose_path(&sirets[0]))
        .await
        .expect(409)
        .says("déjà clé dans ce territoire");
}

#[tokio::test]
async fn what_cannot_enter_is_told_why() {
    let (app, mut staff, sirets) = site_with(2, 0).await;
    let elsewhere = business::company(&app.db, 3, "81902", 10).await;
    staff
        .get(&choose_path(&elsewhere))
        .await
        .expect(409)
        .says("n’est pas dans ce territoire mais dans le territoire Sidobre d’essai");
    staff
        .get(&choose_path("12345"))
        .await
        .expect(409)
        .says("Cet établissement est inconnu");
    staff.get(&choose_path("")).await.expect(409);
    business::close(&app.db, &sirets[1]).await;
    staff
        .get(&choose_path(&sirets[1]))
        .await
        .expect(422)
        .says("fermé d’après le répertoire");

    let page = staff.get(&choose_path(&sirets[0])).await.expect(200);
    let form = page.form(&format!("/territoires/{LAUTREC}/places/choisir"));
    let empty = form.clone().set("motif", "court").set("date", "31/02/2026");
    let refused = staff.submit(&empty).await.expect(422);
    refused
        .says("Écrivez pourquoi, en dix caractères au moins")
        .says("Indiquez une date complète, par exemple 27/03/2026.");
    let late = form
        .clone()
        .set("motif", MOTIVE)
        .set("place", "1")
        .set("date", "2026-11-25");
    staff
        .submit(&late)
        .await
        .expect(422)
        .says("Cette date n’est pas encore venue");
    let fields = [
        ("siret", sirets[0].as_str()),
        ("place", "6"),
        ("motif", MOTIVE),
    ];
    let path = format!("/territoires/{LAUTREC}/places/choisir");
    staff
        .post(&path, &fields)
        .await
        .expect(422)
        .says("Choisissez une place de 1 à 5");
    assert_eq!(count(&app, "key_companies").await, 0);
}

#[tokio::test]
async fn a_form_sent_twice_gives_one_place() {
    let (app, mut staff, sirets) = site_with(2, 0).await;
    let page = staff.get(&choose_path(&sirets[0])).await.expect(200);
    let form = page.form(&format!("/territoires/{LAUTREC}/places/choisir"));
    let form = form.set("place", "1").set("motif", MOTIVE);
    let first = staff.submit(&form).await.expect(303);
    let second = staff.submit(&form).await.expect(303);
    assert_eq!(first.location(), second.location());
    assert_eq!(count(&app, "events").await, 1);
}

#[tokio::test]
async fn a_place_is_released_with_each_outcome_and_is_free_again() {
    let (app, mut staff, _) = site_with(4, 4).await;
    let outcomes = [
        ("maintained", "maintenue"),
        ("closed", "fermée"),
        ("left", "partie du territoire"),
        ("other", "autre"),
    ];
    for (slot, (outcome, _)) in (1i16..).zip(outcomes) {
        let path = act_path(&app, slot, "liberer").await;
        let page = staff.get(&path).await.expect(200);
        page.says(&format!("Libérer la place {slot}\u{a0}: EXEMPLE {slot}"));
        let form = page
            .form(&path)
            .set("issue", outcome)
            .set("motif", "Accompagnement terminé.");
        let early = form.clone().set("date", "2020-01-01");
        staff
            .submit(&early)
            .await
            .expect(422)
            .says("sa sortie ne peut pas être plus ancienne");
        staff.submit(&form).await.expect(303);
    }
    assert!(held_slots(&app, LAUTREC).await.is_empty());
    let page = staff
        .get(&format!("/territoires/{LAUTREC}"))
        .await
        .expect(200);
    for (slot, (_, words)) in (1..).zip(outcomes) {
        page.says(&format!("EXEMPLE {slot} quitte la place {slot} ({words})."));
    }
    assert_eq!(count(&app, "events").await, 8);
}

#[tokio::test]
async fn a_place_that_was_held_does_not_receive_an_older_entry() {
    let (app, mut staff, sirets) = site_with(2, 1).await;
    let path = act_path(&app, 1, "liberer").await;
    let form = staff.get(&path).await.expect(200).form(&path);
    let form = form
        .set("issue", "other")
        .set("motif", "Accompagnement terminé.");
    staff.submit(&form).await.expect(303);
    let page = staff.get(&choose_path(&sirets[1])).await.expect(200);
    let form = page.form(&format!("/territoires/{LAUTREC}/places/choisir"));
    let form = form
        .set("place", "1")
        .set("motif", MOTIVE)
        .set("date", "2026-11-01");
    staff
        .submit(&form)
        .await
        .expect(422)
        .says("La place était encore tenue");
    assert!(held_slots(&app, LAUTREC).await.is_empty());
}

#[tokio::test]
async fn a_company_moves_to_a_free_place_or_exchanges_with_its_holder() {
    let (app, mut staff, sirets) = site_with(2, 2).await;
    let path = act_path(&app, 1, "deplacer").await;
    let page = staff.get(&path).await.expect(200);
    page.says("Place 2, en échange avec EXEMPLE 2")
        .says("Place 4, libre");
    let exchange = form_choice(&page, "place", 0);
    let form = page
        .form(&path)
        .set("place", &exchange)
        .set("motif", "Priorité revue en atelier.");
    staff.submit(&form).await.expect(303);
    let held = held_slots(&app, LAUTREC).await;
    assert_eq!(held, [(1, sirets[1].clone()), (2, sirets[0].clone())]);

    let path = act_path(&app, 2, "deplacer").await;
    let form = staff.get(&path).await.expect(200).form(&path);
    let form = form
        .set("place", "4")
        .set("motif", "Priorité revue en atelier.");
    staff.submit(&form).await.expect(303);
    let held = held_slots(&app, LAUTREC).await;
    assert_eq!(held, [(1, sirets[1].clone()), (4, sirets[0].clone())]);
    let page = staff
        .get(&format!("/territoires/{LAUTREC}"))
        .await
        .expect(200);
    page.says("EXEMPLE 1 passe de la place 1 à la place 2.")
        .says("EXEMPLE 2 passe de la place 2 à la place 1.")
        .says("EXEMPLE 1 passe de la place 2 à la place 4.");
}

#[tokio::test]
async fn the_second_of_two_editors_sees_what_changed_and_keeps_their_text() {
    let (app, mut staff, _) = site_with(1, 1).await;
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    let release = act_path(&app, 1, "liberer").await;
    let stale = staff.get(&release).await.expect(200).form(&release);

    let path = act_path(&app, 1, "referent").await;
    let form = colleague.get(&path).await.expect(200).form(&path);
    let form = form
        .set("referent", &colleague.user_id.to_string())
        .set("motif", "Départ en congé.");
    colleague.submit(&form).await.expect(303);

    let typed = "Mon motif à ne pas perdre.";
    let stale = stale.set("issue", "other").set("motif", typed);
    let refused = staff.submit(&stale).await.expect(409);
    refused
        .says("Quelqu’un a changé cette place pendant votre saisie")
        .says(typed);
    refused.says("Dernier changement par Direction du Développement Essai");
    staff.submit(&refused.form(&release)).await.expect(303);

    // Whoever comes after the release reads it, with their text.
    let gone = colleague.submit(&stale).await.expect(409);
    gone.says("n’occupe plus la place 1 depuis le").says(typed);
}

#[tokio::test]
async fn every_act_is_signed_and_audited() {
    let (app, mut staff, _) = site_with(1, 1).await;
    let path = act_path(&app, 1, "referent").await;
    let page = staff.get(&path).await.expect(200);
    let same = page
        .form(&path)
        .set("referent", &staff.user_id.to_string())
        .set("motif", MOTIVE);
    staff
        .submit(&same)
        .await
        .expect(422)
        .says("Rien ne changerait");
    let admin = app.sign_in(Role::Admin, &[]).await;
    let fields = [
        ("referent", admin.user_id.to_string()),
        ("motif", MOTIVE.into()),
        ("version", "1".into()),
    ];
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    staff
        .post(&path, &fields)
        .await
        .expect(422)
        .says("n’est plus un agent actif");
    let signed: i64 = sqlx::query_scalar(
        "select count(*) from key_company_events e join users u on u.id = e.actor_id
         where e.actor_name = u.full_name and e.at = '2026-11-24T09:00:00Z'",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("a count");
    assert_eq!(signed, 1);
    let audited: i64 = sqlx::query_scalar(
        "select count(*) from audit_events where object_type = 'key_companies' and actor_id = $1",
    )
    .bind(staff.user_id)
    .fetch_one(&app.db.pool)
    .await
    .expect("a count");
    assert_eq!(audited, 1);
}

#[tokio::test]
async fn an_adviser_reads_own_territories_and_an_elected_official_reads_counts() {
    let (app, _, sirets) = site_with(3, 2).await;
    let mut adviser = app.sign_in(Role::Adviser, &[LAUTREC]).await;
    let page = adviser
        .get(&format!("/territoires/{LAUTREC}"))
        .await
        .expect(200);
    page.says("EXEMPLE 1")
        .hides("Libérer")
        .hides("Choisir dans le vivier");
    adviser
        .get(&format!("/territoires/{LAUTREC}/vivier"))
        .await
        .expect(200)
        .hides("places/choisir");
    for path in ["", "/vivier", "/comparer"] {
        adviser
            .get(&format!("/territoires/{SIDOBRE}{path}"))
            .await
            .expect(404);
    }
    adviser.get(&choose_path(&sirets[2])).await.expect(403);
    adviser
        .get(&act_path(&app, 1, "liberer").await)
        .await
        .expect(403);

    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected
        .get(&format!("/territoires/{LAUTREC}"))
        .await
        .expect(200);
    page.says("2 entreprises clés sur 5")
        .hides("EXEMPLE")
        .hides(MOTIVE);
    for siret in &sirets {
        page.hides(&siret[..9]);
    }
    elected
        .get(&format!("/territoires/{LAUTREC}/vivier"))
        .await
        .expect(403);
    elected
        .get(&format!("/entreprises/{}/impact", &sirets[0][..9]))
        .await
        .expect(403);
}

#[tokio::test]
async fn two_or_three_companies_are_compared_and_a_fourth_is_refused() {
    let (app, mut staff, sirets) = site_with(5, 0).await;
    let path = |n: usize| {
        let query: Vec<_> = sirets
            .iter()
            .take(n)
            .map(|siret| format!("siret={siret}"))
            .collect();
        format!("/territoires/{LAUTREC}/comparer?{}", query.join("&"))
    };
    business::state_fact(&app.db, &sirets[2], "fiscal", 67, staff.user_id).await;
    business::state_fact(&app.db, &sirets[0], "fiscal", 33, staff.user_id).await;
    let page = staff.get(&path(3)).await.expect(200);
    page.says("EXEMPLE 3")
        .says("Le plus élevé")
        .says("Inconnu : aucun constat enregistré.");
    assert!(page.sql <= 6, "{} statements", page.sql);
    let refused = staff.get(&path(4)).await.expect(422);
    refused
        .says("Vous avez coché 4 entreprises : gardez-en trois au plus.")
        .says("EXEMPLE 4");
    staff
        .get(&path(0))
        .await
        .expect(422)
        .says("Cochez deux ou trois entreprises");
}

#[tokio::test]
async fn what_people_state_replaces_the_unknown_and_the_former_fact_stays() {
    let (app, mut staff, sirets) = site_with(2, 0).await;
    let impact = format!(
        "/entreprises/{}/impact?territoire={LAUTREC}",
        &sirets[0][..9]
    );
    let page = staff.get(&impact).await.expect(200);
    page.says("Inconnu")
        .says("Si elle fermait")
        .says("Hypothèse de travail");
    staff
        .get(&format!("{impact}&perte=30"))
        .await
        .expect(200)
        .says("Si elle perdait 30 % de ses emplois")
        .hides("Pollution laissée");
    staff
        .get(&format!("{impact}&perte=0"))
        .await
        .expect(422)
        .says("Écrivez un nombre entier de 1 à 100");
    let path = format!("/etablissements/{}/impact/savoir-faire", sirets[0]);
    let form = staff.get(&path).await.expect(200).form(&path);
    let form = form
        .set("degre", "67")
        .set("constat", "Label Entreprise du patrimoine vivant.");
    let twin = form.clone();
    staff.submit(&form).await.expect(303);
    let page = staff.get(&impact).await.expect(200);
    page.says("6,7 sur 10")
        .says("Savoir-faire rare ou labellisé. Label Entreprise");

    // A colleague who had opened the same empty form learns of it, and may then replace it.
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    let twin: Vec<_> = twin
        .fields
        .into_iter()
        .filter(|(name, _)| name != "_cle")
        .collect();
    let twin: Vec<_> = twin.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let refused = colleague.post(&path, &twin).await.expect(409);
    refused
        .says("Quelqu’un a enregistré un autre constat")
        .says("Constat enregistré pendant votre saisie");
    let form = refused
        .form(&path)
        .set("degre", "100")
        .set("constat", "Trois brevets déposés.");
    colleague.submit(&form).await.expect(303);
    let page = staff.get(&path).await.expect(200);
    page.says("Trois brevets déposés.").says("remplacé le");
    assert_eq!(count(&app, "impact_facts").await, 2);

    staff
        .get(&format!("/etablissements/{}/impact/emplois", sirets[0]))
        .await
        .expect(404);
    staff
        .get(&format!("/etablissements/{}/impact/rumeur", sirets[0]))
        .await
        .expect(404);
    staff
        .get("/etablissements/é/impact/ancrage")
        .await
        .expect(404);
}

#[tokio::test]
async fn the_weights_rank_again_and_two_editors_do_not_overwrite_each_other() {
    let (app, mut staff, sirets) = site_with(2, 0).await;
    business::state_fact(&app.db, &sirets[1], "know_how", 100, staff.user_id).await;
    let vivier = format!("/territoires/{LAUTREC}/vivier");
    let first = |page: &Page| page.texts("tbody th > a:first-of-type")[0].clone();
    let before = staff.get(&vivier).await.expect(200);
    assert!(first(&before).starts_with("EXEMPLE 2"));

    let path = "/reglages/criteres";
    let form = staff.get(path).await.expect(200).form(path);
    let wrong = form.clone().set("savoir-faire", "0");
    let refused = staff.submit(&wrong).await.expect(422);
    refused.says("La somme des poids fait 90 et doit faire 100 : ajoutez 10 points.");
    let right = refused.form(path).set("emplois", "40");
    staff.submit(&right).await.expect(303);
    let after = staff.get(&vivier).await.expect(200);
    assert!(first(&after).starts_with("EXEMPLE 1"));

    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    let fields: Vec<_> = form
        .fields
        .iter()
        .filter(|(name, _)| name != "_cle")
        .cloned()
        .collect();
    let fields: Vec<_> = fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    let refused = colleague.post(path, &fields).await.expect(409);
    refused
        .says("Quelqu’un a changé les poids pendant votre saisie")
        .says("Emplois 40");
    colleague.submit(&refused.form(path)).await.expect(303);
    let page = colleague.get(path).await.expect(200);
    assert_eq!(page.texts("tbody tr").len(), 4);
}

#[tokio::test]
async fn addresses_that_lead_nowhere_answer_so() {
    let (_app, mut staff, sirets) = site_with(1, 1).await;
    for path in [
        "/territoires/999999999".to_owned(),
        "/territoires/-1/vivier".to_owned(),
        "/entreprises-cles/12/liberer".to_owned(),
        format!("/entreprises-cles/{}/remplacer", uuid::Uuid::nil()),
        "/entreprises/000000000/impact".to_owned(),
    ] {
        staff.get(&path).await.expect(404);
    }
    let siren = &sirets[0][..9];
    staff
        .get(&format!(
            "/entreprises/{siren}/impact?territoire=nulle-part"
        ))
        .await
        .expect(200);
}
