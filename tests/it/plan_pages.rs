//! Action plans from the need heard at a meeting to the closed plan and its copy, as people use them.

use chrono::TimeDelta;
use uuid::Uuid;
use vigie::domain::Role;
use vigie::features::notifications::run;
use vigie::platform::mail::Mail;

use crate::mail::run_jobs;
use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{ALBIGEOIS, Company, siren};
use crate::workshops::{BANK, BANKER, house};

const MEETING: &str = "00000000-0000-7000-8000-0000000000f1";
const NEED: &str = "00000000-0000-7000-8000-0000000000f2";

/// A company that said at a meeting that it needs room.
async fn with_a_need() -> (TestApp, Client) {
    let (app, staff) = house().await;
    sqlx::query(
        "with m as (
           insert into meetings (id, siren, kind, held_on, summary, author_id, author_name, organisation_id,
                                 by_council, created_at)
           select $1::uuid, $3, 'top_level', '2026-11-20', 'À l’étroit.', id, full_name, organisation_id, true, '2026-11-20'
           from users where id = $4 returning *)
         insert into company_needs (id, siren, meeting_id, dossier, need, author_id, author_name, created_at)
         select $2::uuid, siren, id, 'land', 'Trouver un atelier plus grand', author_id, author_name, created_at from m",
    )
    .bind(MEETING)
    .bind(NEED)
    .bind(siren(1))
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("a need");
    (app, staff)
}

fn plan_of(n: u32) -> String {
    format!("/entreprises/{}/plan", siren(n))
}

/// Adds an action to the plan of company 1, which it opens if none runs; gives its path.
pub async fn add(staff: &mut Client, fields: &[(&str, &str)]) -> String {
    let done = try_to_add(staff, fields).await.expect(303);
    done.location().expect("a location")
}

async fn try_to_add(staff: &mut Client, fields: &[(&str, &str)]) -> Page {
    let path = format!("{}/actions/nouvelle", plan_of(1));
    let page = staff.get(&path).await.expect(200);
    let mut form = page
        .form(&path)
        .set("titre", "Former deux soudeurs")
        .set("mesure", "skills");
    if page.text.contains("name=\"objectif\"") {
        form = form.set("objectif", "Garder l’atelier et ses 40 emplois");
    }
    for (name, value) in fields {
        form = form.set(name, value);
    }
    staff.submit(&form).await
}

/// Says where an action stands, by the page that its button opens.
async fn say(client: &mut Client, action: &str, word: &str, fields: &[(&str, &str)]) -> Page {
    let path = format!("{action}/etat/{word}");
    let mut form = client.get(&path).await.expect(200).form(&path);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit(&form).await
}

async fn part(client: &mut Client, action: &str, part: &str, fields: &[(&str, &str)]) -> Page {
    let path = format!("{action}/{part}");
    let mut form = client.get(action).await.expect(200).form(&path);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit(&form).await
}

async fn count(app: &TestApp, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

async fn close(staff: &mut Client, plan: &str) -> Page {
    let path = format!("{plan}/clore");
    let form = staff
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("issue", "partly")
        .set("motif", "Le bail est signé, la formation attend.");
    staff.submit(&form).await
}

async fn plan_path(app: &TestApp) -> String {
    let id: Uuid = sqlx::query_scalar("select id from action_plans where closed_on is null")
        .fetch_one(&app.db.pool)
        .await
        .expect("a running plan");
    format!("/plans/{id}")
}

#[tokio::test]
async fn a_need_becomes_an_action_in_one_gesture() {
    let (app, mut staff) = with_a_need().await;
    let meeting = format!("/rencontres/{MEETING}");
    let button = format!("/besoins/{NEED}/action");
    let page = staff.get(&meeting).await.expect(200);
    assert!(page.text.contains(&format!("href=\"{button}\"")));
    let page = staff.get(&button).await.expect(200);
    let to = format!("{}/actions/nouvelle", plan_of(1));
    let form = page.form(&to);
    assert_eq!(form.value("titre"), Some("Trouver un atelier plus grand"));
    assert_eq!(form.value("mesure"), Some("support"));
    // No plan runs: the action opens it, and so says what the plan is for.
    staff
        .submit(&form)
        .await
        .expect(422)
        .says("à quoi sert ce plan");
    let form = form.set("objectif", "Garder le site");
    let done = staff.submit(&form).await.expect(303);
    let action = done.location().expect("a location");
    // Sent twice, written once.
    let again = staff.submit(&form).await.expect(303);
    assert_eq!(again.location(), Some(action.clone()));
    assert_eq!(
        (
            count(&app, "actions").await,
            count(&app, "action_plans").await
        ),
        (1, 1)
    );
    staff
        .get(&action)
        .await
        .expect(200)
        .says("Trouver un atelier plus grand")
        .says("Répond au besoin")
        .says("Le Département seul");
    let page = staff.get(&meeting).await.expect(200);
    page.says("devenu une action").hides("En faire une action");
    assert!(page.text.contains(&format!("href=\"{action}\"")));
    assert_eq!(staff.get(&button).await.location(), Some(action));
}

#[tokio::test]
async fn the_page_of_a_company_always_says_the_five_dossiers() {
    let (_app, mut staff) = house().await;
    let company = format!("/entreprises/{}", siren(1));
    let page = staff.get(&company).await.expect(200);
    assert_eq!(page.words().matches("aucune action").count(), 5);
    page.says("Aucun plan en cours");
    staff
        .get(&plan_of(1))
        .await
        .expect(200)
        .says("Aucun plan en cours");
    let late = [("debut", "2026-11-01"), ("echeance", "2026-11-10")];
    let action = add(&mut staff, &late).await;
    say(
        &mut staff,
        &action,
        "bloquee",
        &[("motif", "Le centre est complet"), ("qui", "La Région")],
    )
    .await
    .expect(303);
    let page = staff.get(&company).await.expect(200);
    page.says("1 action à mener, dont 1 en retard et 1 bloquée");
    assert_eq!(page.words().matches("aucune action").count(), 4);
    assert!(page.sql <= 8, "{} statements", page.sql);
    let page = staff.get(&plan_of(1)).await.expect(200);
    page.hides("n’occupe pas de place");
    page.says("En retard ou bloquées")
        .says("Le centre est complet. Peut débloquer : La Région.")
        .says("1 action, dont 1 en retard, 1 bloquée");
    assert!(page.sql <= 8, "{} statements", page.sql);
}

#[tokio::test]
async fn the_plan_of_a_company_without_place_says_that_it_is_in_no_figure() {
    let (app, mut staff) = house().await;
    Company::new(5, "EXEMPLE CINQ").add(&app.db.pool).await;
    let path = plan_of(5);
    let form = staff.get(&path).await.expect(200).form(&path);
    staff
        .submit(&form.set("objectif", "Garder l’atelier"))
        .await
        .expect(303);
    staff
        .get(&path)
        .await
        .expect(200)
        .says("son plan n’entre pas dans les indicateurs");
}

#[tokio::test]
async fn an_action_that_makes_no_sense_comes_back_with_words() {
    let (app, mut staff) = house().await;
    let wrong = [
        (
            ("echeance", "2026-01-01"),
            "L’échéance vient avant le début",
        ),
        (("echeance", "9999-12-31"), "Cette date est trop lointaine"),
        (("echeance", "bientôt"), "Écrivez une date"),
        (("prevu", "12,50"), "nombre entier d’euros"),
        (("prevu", "99999999999999"), "douze chiffres au plus"),
        (("titre", " "), "Écrivez un verbe et son objet"),
        (("objectif", ""), "à quoi sert ce plan"),
    ];
    for (field, refusal) in wrong {
        try_to_add(&mut staff, &[field])
            .await
            .expect(422)
            .says(refusal);
    }
    assert_eq!(
        count(&app, "action_plans").await,
        0,
        "a refused action opens no plan"
    );
    // Spent over planned is allowed, and said.
    let spent = [("prevu", "10 000"), ("depense", "12 500")];
    let action = add(&mut staff, &spent).await;
    staff
        .get(&action)
        .await
        .says("12 500 € dépensés, soit 2 500 € de plus que prévu");
    // No funder twice.
    let bank = format!("o:{BANK}");
    for funder in [("organisme", bank.as_str()), ("nom", "Région")] {
        let fields = [funder, ("montant", "4 000")];
        part(&mut staff, &action, "financeurs", &fields)
            .await
            .expect(303);
        part(&mut staff, &action, "financeurs", &fields)
            .await
            .expect(422)
            .says("Ce financeur est déjà dans la liste");
    }
    // Nor once by its name and once typed.
    let name: String =
        sqlx::query_scalar("select upper(name) from organisations where id = $1::text::uuid")
            .bind(BANK)
            .fetch_one(&app.db.pool)
            .await
            .expect("a name");
    let typed = [("nom", name.as_str()), ("montant", "4 000")];
    part(&mut staff, &action, "financeurs", &typed)
        .await
        .expect(422)
        .says("Ce financeur est déjà dans la liste");
    let nothing = [("nom", "Europe"), ("montant", "0")];
    part(&mut staff, &action, "financeurs", &nothing)
        .await
        .expect(422)
        .says("au moins 1 €");
    let neither = [("montant", "4 000")];
    part(&mut staff, &action, "financeurs", &neither)
        .await
        .expect(422)
        .says("l’un des deux");
    assert_eq!(count(&app, "action_funders").await, 2);
    staff.get(&action).await.says("8 000 € financés");
}

#[tokio::test]
async fn each_status_asks_for_what_it_has_to_say() {
    let (_app, mut staff) = house().await;
    let action = add(&mut staff, &[("debut", "2026-11-01")]).await;
    let started = staff.get(&action).await.expect(200);
    let form = started.form(&format!("{action}/etat/en-cours"));
    staff.submit(&form).await.expect(303);
    let blocked = [("motif", "Le permis est refusé"), ("qui", "La mairie")];
    say(&mut staff, &action, "bloquee", &blocked)
        .await
        .expect(303);
    // What blocks may change; its form holds what was said.
    let blocked = [("qui", "Le préfet")];
    say(&mut staff, &action, "bloquee", &blocked)
        .await
        .expect(303);
    let page = staff.get(&action).await;
    page.says("Le permis est refusé. Peut débloquer : Le préfet.");
    let blocked = [("qui", "")];
    say(&mut staff, &action, "bloquee", &blocked)
        .await
        .expect(422)
        .says("Dites qui peut débloquer");
    say(&mut staff, &action, "faite", &[("resultat", "")])
        .await
        .expect(422)
        .says("Dites ce qui a été obtenu");
    let day = [("resultat", "Deux soudeurs formés"), ("jour", "2026-12-24")];
    say(&mut staff, &action, "faite", &day)
        .await
        .expect(422)
        .says("entre son début et aujourd’hui");
    say(&mut staff, &action, "abandonnee", &[("motif", "non")])
        .await
        .expect(422)
        .says("pourquoi elle est abandonnée");
    let done = [
        ("resultat", "Deux soudeurs formés"),
        ("jour", "2026-11-20"),
        ("depense", "3 000"),
        ("constate_social", "strong"),
    ];
    say(&mut staff, &action, "faite", &done).await.expect(303);
    let page = staff.get(&action).await.expect(200);
    page.says("Le 20 novembre 2026")
        .says("Deux soudeurs formés")
        .says("3 000 € dépensés");
    assert_eq!(
        page.texts("#effets-legende ~ tbody tr"),
        ["Social Aucun Fort"]
    );
    // The first button was sent from a page that is older than the rest.
    staff
        .submit(&form_again(&form))
        .await
        .expect(409)
        .says("Une autre personne vient de modifier cette action");
}

/// The same form from another rendering of its page.
fn form_again(form: &crate::support::app::Form) -> crate::support::app::Form {
    form.clone().set("_cle", &Uuid::new_v4().to_string())
}

#[tokio::test]
async fn what_is_dropped_is_no_longer_planned_but_what_it_cost_was_spent() {
    let (app, mut staff) = house().await;
    let kept = add(&mut staff, &[("prevu", "10 000")]).await;
    let dropped = add(&mut staff, &[("prevu", "4 000"), ("depense", "1 000")]).await;
    // More money than was planned is allowed, and said.
    for action in [&kept, &dropped] {
        let funder = [("nom", "Région"), ("montant", "12 000")];
        part(&mut staff, action, "financeurs", &funder)
            .await
            .expect(303);
    }
    let why = [("motif", "Le centre de formation a fermé.")];
    say(&mut staff, &dropped, "abandonnee", &why)
        .await
        .expect(303);
    let plan = plan_path(&app).await;
    staff.get(&plan).await.expect(200).says(
        "10 000 € prévus ; 12 000 € financés, soit 2 000 € de plus que prévu ; 1 000 € dépensés",
    );
    let impact = format!("/entreprises/{}/impact", siren(1));
    let page = staff.get(&impact).await.expect(200);
    page.says("10 000 € prévus").says("1 000 € dépensés");
}

#[tokio::test]
async fn two_people_who_change_an_action_see_both_texts() {
    let (app, mut staff) = house().await;
    let action = add(&mut staff, &[]).await;
    let path = format!("{action}/modifier");
    let mut other = app.sign_in(Role::Staff, &[]).await;
    let theirs = other.get(&path).await.expect(200).form(&path);
    let mine = staff.get(&path).await.expect(200).form(&path);
    other
        .submit(&theirs.set("titre", "Former trois soudeurs"))
        .await
        .expect(303);
    let mine = mine.set("titre", "Former un soudeur");
    let page = staff.submit(&mine).await.expect(409);
    page.says("Former trois soudeurs").says("Rien n’est perdu");
    let form = page.form(&path);
    assert_eq!(form.value("titre"), Some("Former un soudeur"));
    staff.submit(&form).await.expect(303);
    staff.get(&action).await.says("Former un soudeur");
}

#[tokio::test]
async fn a_closed_plan_is_read_not_changed_and_starts_again_from_a_copy() {
    let (app, mut staff) = house().await;
    let done = add(&mut staff, &[("debut", "2026-11-01")]).await;
    let kept = add(
        &mut staff,
        &[
            ("titre", "Signer le bail"),
            ("mesure", "investment"),
            ("debut", "2026-11-01"),
            ("echeance", "2026-11-10"),
        ],
    )
    .await;
    let page = staff.get(&plan_path(&app).await).await.expect(200);
    page.says("En retard ou bloquées").says("en retard de");
    part(
        &mut staff,
        &kept,
        "etapes",
        &[("etape", "Visiter trois locaux")],
    )
    .await
    .expect(303);
    part(
        &mut staff,
        &kept,
        "financeurs",
        &[("nom", "Région"), ("montant", "500")],
    )
    .await
    .expect(303);
    let result = [("resultat", "Deux soudeurs formés")];
    say(&mut staff, &done, "faite", &result).await.expect(303);
    let plan = plan_path(&app).await;
    // Opened before the plan is closed, sent after.
    let path = format!("{kept}/modifier");
    let late = staff.get(&path).await.expect(200).form(&path);
    let note = staff.get(&kept).await.expect(200);
    let note = note.form(&format!("{kept}/notes")).set("note", "Trop tard");
    let path = format!("{}/actions/nouvelle", plan_of(1));
    let new = staff.get(&path).await.expect(200).form(&path);
    let new = new
        .set("titre", "Former deux soudeurs")
        .set("mesure", "skills");
    close(&mut staff, &plan).await.expect(303);
    for form in [&late, &note, &new] {
        let page = staff.submit(form).await.expect(409);
        page.says("Ce plan est clos").says("Voir le plan clos");
        assert!(page.text.contains(&format!("href=\"{plan}\"")));
    }
    staff.get(&format!("{plan}/clore")).await.expect(409);
    staff
        .get(&kept)
        .await
        .expect(200)
        .says("Plan clos le 24 novembre 2026")
        .hides("en retard")
        .hides("Nouvelle note");
    staff
        .get(&plan)
        .await
        .expect(200)
        .says("Objectif atteint en partie")
        .says("Le bail est signé")
        .says("Pour le 10 novembre 2026")
        .hides("n retard")
        .hides("Ajouter une action");
    staff
        .get("/actions")
        .await
        .expect(200)
        .says("Aucune action");
    staff
        .get("/recherche?q=bail")
        .await
        .expect(200)
        .says("Plan clos, EXEMPLE");
    // What was not done is offered again.
    let path = format!("{plan}/reprendre");
    let form = staff.get(&path).await.expect(200).form(&path);
    let id = kept.rsplit('/').next();
    assert_eq!(form.value("actions"), id);
    staff.submit(&form).await.expect(303);
    let page = staff.get(&plan_of(1)).await.expect(200);
    page.says("Signer le bail")
        .says("1 action.")
        .says("Autres plans");
    assert_eq!(
        (
            count(&app, "action_steps").await,
            count(&app, "action_funders").await
        ),
        (2, 2)
    );
    staff.get(&path).await.expect(200);
    let form = form_again(&form);
    staff
        .submit(&form)
        .await
        .expect(409)
        .says("Un plan est déjà en cours");
}

#[tokio::test]
async fn an_adviser_reads_what_is_shared_and_follows_what_is_theirs() {
    let (app, mut staff) = house().await;
    let secret = add(&mut staff, &[("titre", "Secret de famille")]).await;
    let person = format!("p:{BANKER}");
    let shared = [
        ("titre", "Prêter à taux nul"),
        ("pilote", person.as_str()),
        ("partagee", "oui"),
    ];
    let shared = add(&mut staff, &shared).await;
    let note = [("note", "Réservé au Département"), ("date", "2026-11-20")];
    part(&mut staff, &shared, "notes", &note).await.expect(303);
    let note = [
        ("note", "Dossier complet"),
        ("date", "2026-11-20"),
        ("partagee", "oui"),
    ];
    part(&mut staff, &shared, "notes", &note).await.expect(303);

    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let mut banker = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let mut elsewhere = app.sign_in(Role::Adviser, &["248100430"]).await;
    for client in [&banker, &elsewhere] {
        sqlx::query("update users set organisation_id = $2::uuid where id = $1")
            .bind(client.user_id)
            .bind(BANK)
            .execute(&app.db.pool)
            .await
            .expect("the bank's account");
    }
    for client in [&mut adviser, &mut banker, &mut elsewhere] {
        client.get(&secret).await.expect(404);
        client
            .get(&shared)
            .await
            .expect(200)
            .says("Agnès Mialhe")
            .says("Dossier complet")
            .hides("Réservé au Département");
    }
    let page = adviser.get(&plan_of(1)).await.expect(200);
    page.says("Prêter à taux nul")
        .hides("Secret de famille")
        .says("1 action.");
    adviser
        .get(&format!("/entreprises/{}", siren(1)))
        .await
        .says("1 action à mener");
    // A person who asks is told what was given to them.
    staff
        .get(&format!("/personnes/{BANKER}/donnees.json"))
        .await
        .expect(200)
        .says("Prêter à taux nul");
    // Its organisation carries it out: where it stands, steps and notes, nothing else.
    let blocked = [("motif", "Garantie manquante"), ("qui", "Bpifrance")];
    say(&mut banker, &shared, "bloquee", &blocked)
        .await
        .expect(303);
    part(
        &mut banker,
        &shared,
        "notes",
        &[("note", "Demande envoyée")],
    )
    .await
    .expect(303);
    banker.get(&format!("{shared}/modifier")).await.expect(403);
    // Someone else's stays as it is.
    let path = format!("{shared}/etat/abandonnee");
    adviser
        .get(&path)
        .await
        .expect(409)
        .says("suivie par un autre organisme");
    adviser
        .get(&shared)
        .await
        .hides("Demande envoyée")
        .hides("Où en est-elle");
    staff
        .get(&shared)
        .await
        .says("Demande envoyée")
        .says("Garantie manquante");
}

#[tokio::test]
async fn the_list_puts_late_actions_first_and_keeps_its_filters_in_the_address() {
    let (app, mut staff) = house().await;
    let person = format!("p:{BANKER}");
    add(
        &mut staff,
        &[("titre", "Recruter un chef d’équipe"), ("mesure", "hiring")],
    )
    .await;
    let late = [
        ("titre", "Prêter à taux nul"),
        ("mesure", "support"),
        ("pilote", person.as_str()),
        ("debut", "2026-11-01"),
        ("echeance", "2026-11-10"),
        ("partagee", "oui"),
    ];
    add(&mut staff, &late).await;
    let page = staff.get("/actions").await.expect(200);
    let rows = page.texts("tbody tr th a");
    assert_eq!(rows, ["Prêter à taux nul", "Recruter un chef d’équipe"]);
    // When they fall due: a line for each dossier, late ones first, and the same in figures.
    page.says("2 actions à mener, dont 1 en retard");
    assert_eq!(page.texts("svg .echeance.retard + .nombre"), ["1"]);
    assert_eq!(page.texts("svg circle.echeance + .nombre"), ["1"]);
    let figures = page.texts("#echeances-legende ~ tbody tr");
    assert_eq!(figures.len(), 5);
    assert_eq!(figures[0], "Foncier 1 0 0 0 0 0 0");
    page.says("en retard de 14 jours")
        .says("Agnès Mialhe, EXEMPLE Banque");
    assert!(page.sql <= 6, "{} statements", page.sql);
    let territory = format!("territoire={ALBIGEOIS}");
    let bank = format!("pilote={BANK}");
    let (first, second) = ("Prêter à taux nul", "Recruter un chef d’équipe");
    for (filter, kept) in [
        ("dossier=land", vec![first]),
        ("pilote=moi", vec![second]),
        (bank.as_str(), vec![first]),
        ("retard=oui", vec![first]),
        ("avant=2026-11-10", vec![first]),
        ("etat=todo", vec![first, second]),
        ("etat=done", vec![]),
        (territory.as_str(), vec![first, second]),
        ("territoire=248100430", vec![]),
        ("dossier=inconnu&pilote=x&page=1", vec![first, second]),
    ] {
        let page = staff.get(&format!("/actions?{filter}")).await.expect(200);
        assert_eq!(page.texts("tbody tr th a"), kept, "{filter}");
        let open = page.texts("svg .nombre").len();
        assert_eq!(open, kept.len(), "{filter}");
        assert!(page.sql <= 6, "{filter}: {} statements", page.sql);
    }
    staff.get("/actions?page=2").await.expect(404);
    // The same as a file, with its trace.
    let file = staff
        .get("/actions/export.csv?retard=oui")
        .await
        .expect(200);
    assert!(file.text.contains("Prêter à taux nul") && !file.text.contains(second));
    assert!(file.text.contains("Filtres\u{a0}: En retard"));
    let traces = sqlx::query_scalar::<_, i64>(
        "select count(*) from audit_events where verb = 'export' and object_type = 'actions'",
    );
    assert_eq!(traces.fetch_one(&app.db.pool).await.expect("a count"), 1);
    // An adviser reads what is shared; a closed plan leaves the list.
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = adviser.get("/actions").await.expect(200);
    assert_eq!(page.texts("tbody tr th a"), [first]);
    page.hides("Exporter");
    let mut elsewhere = app.sign_in(Role::Adviser, &["248100430"]).await;
    elsewhere
        .get("/actions")
        .await
        .says("Aucune action")
        .hides("EXEMPLE Banque");
    let plan = plan_path(&app).await;
    close(&mut staff, &plan).await.expect(303);
    staff.get("/actions").await.says("Aucune action");
}

#[tokio::test]
async fn who_carries_an_action_out_meets_it_at_home_in_the_digest_and_on_the_calendar() {
    let (app, mut staff) = house().await;
    let late = [("debut", "2026-11-01"), ("echeance", "2026-11-20")];
    let action = add(&mut staff, &late).await;
    let soon = [
        ("titre", "Signer le bail"),
        ("mesure", "investment"),
        ("echeance", "2026-11-28"),
    ];
    add(&mut staff, &soon).await;
    let later = [("titre", "Visiter un lycée"), ("echeance", "2027-01-15")];
    add(&mut staff, &later).await;
    staff
        .get("/")
        .await
        .expect(200)
        .says("Former deux soudeurs : EXEMPLE UN")
        .says("en retard de 4 jours")
        .hides("Signer le bail");
    staff
        .get("/compte/courriels/apercu")
        .await
        .expect(200)
        .says("Actions à mener")
        .says("EXEMPLE UN : Former deux soudeurs, pour le 20 novembre 2026")
        .says("Signer le bail")
        .hides("Visiter un lycée");
    let page = staff.get("/compte/courriels").await.expect(200);
    let shown = staff.submit(&page.form("/compte/agenda")).await.expect(200);
    let at = shown.text.find("/calendrier/").expect("an address");
    let address: String = shown.text[at..]
        .chars()
        .take_while(|c| !c.is_whitespace() && *c != '<' && *c != '"')
        .collect();
    let dates = async || {
        let feed = app.visitor().get(&address).await.expect(200);
        feed.text
            .matches("SUMMARY:Échéance d’une action\u{a0}: EXEMPLE UN")
            .count()
    };
    assert_eq!(dates().await, 3);
    // Given to someone else, it is no longer theirs; nor is anything once its plan is closed.
    let path = format!("{action}/modifier");
    let form = staff.get(&path).await.expect(200).form(&path);
    let bank = format!("o:{BANK}");
    staff.submit(&form.set("pilote", &bank)).await.expect(303);
    staff.get("/").await.hides("Former deux soudeurs");
    assert_eq!(dates().await, 2);
    let plan = plan_path(&app).await;
    close(&mut staff, &plan).await.expect(303);
    assert_eq!(dates().await, 0);
}

/// Looks once for what is to be told; the mails that left by then.
async fn told(app: &TestApp) -> Vec<Mail> {
    run::tick(&app.state).await.expect("a look");
    run_jobs(app).await;
    let asked = |mail: &Mail| mail.subject.contains("où en êtes-vous");
    app.state.mailer.sent().into_iter().filter(asked).collect()
}

#[tokio::test]
async fn who_carries_an_action_out_is_asked_once_at_each_delay_and_answers_by_a_button() {
    let (app, mut staff) = house().await;
    // Tests begin on 24 November: a week before, the day, a month after.
    let action = add(&mut staff, &[("echeance", "2026-12-01")]).await;
    add(
        &mut staff,
        &[("titre", "Visiter un lycée"), ("echeance", "2026-12-20")],
    )
    .await;
    let mails = told(&app).await;
    assert_eq!((mails.len(), told(&app).await.len()), (1, 1), "asked once");
    assert!(
        mails[0]
            .text
            .contains("EXEMPLE UN\u{a0}: Former deux soudeurs, pour le 1er\u{a0}décembre 2026")
    );
    assert!(mails[0].text.contains(&action) && !mails[0].text.contains("lycée"));
    assert!(!mails[0].subject.contains("EXEMPLE"));
    app.wait(TimeDelta::days(3));
    assert_eq!(told(&app).await.len(), 1, "not between two delays");
    app.wait(TimeDelta::days(4));
    assert_eq!(told(&app).await.len(), 2, "on the day");
    // The answer is a button of the page.
    let mut staff = app.session_of(staff.user_id).await;
    let answer = [("resultat", "Deux soudeurs formés")];
    say(&mut staff, &action, "faite", &answer).await.expect(303);
    app.wait(TimeDelta::days(13));
    assert_eq!(
        told(&app).await.len(),
        3,
        "a week before the other one, caught up a day later"
    );
    app.wait(TimeDelta::days(6));
    assert_eq!(told(&app).await.len(), 4, "the day of the other one");
    app.wait(TimeDelta::days(31));
    assert_eq!(told(&app).await.len(), 5, "a month late");
    // Who refuses these mails is asked no more.
    let path = "/compte/courriels";
    let mut staff = app.session_of(staff.user_id).await;
    let form = staff.get(path).await.expect(200).form(path);
    assert_eq!(form.value("action"), Some("oui"));
    let fields = [
        ("jour", "2"),
        ("version", form.value("version").unwrap_or_default()),
    ];
    staff.post(path, &fields).await.expect(303);
    app.wait(TimeDelta::days(31));
    assert_eq!(told(&app).await.len(), 5, "refused");
}

#[tokio::test]
async fn the_history_of_a_company_tells_its_plans_as_far_as_one_may_read() {
    let (app, mut staff) = house().await;
    let shared = [("titre", "Former deux soudeurs"), ("partagee", "oui")];
    let done = add(&mut staff, &shared).await;
    let hidden = add(&mut staff, &[("titre", "Trouver un repreneur")]).await;
    let fields = [("resultat", "Diplôme obtenu"), ("jour", "2026-11-24")];
    say(&mut staff, &done, "faite", &fields).await.expect(303);
    let motive = [("motif", "Le dirigeant reste")];
    say(&mut staff, &hidden, "abandonnee", &motive)
        .await
        .expect(303);
    let plan = plan_path(&app).await;
    close(&mut staff, &plan).await.expect(303);
    let path = format!("/entreprises/{}?historique=plans", siren(1));
    let page = staff.get(&path).await.expect(200);
    for told in [
        "Plan d’actions ouvert",
        "Garder l’atelier et ses 40 emplois",
        "Action ajoutée au plan",
        "Action faite : Former deux soudeurs. Résultat : Diplôme obtenu",
        "Action abandonnée : Trouver un repreneur",
        "Motif : Le dirigeant reste",
        "objectif atteint en partie",
        "Motif : Le bail est signé, la formation attend.",
    ] {
        page.says(told);
    }
    page.hides("Choisie comme entreprise clé");
    assert!(page.sql <= 8, "{} statements", page.sql);
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = adviser.get(&path).await.expect(200);
    page.says("Action faite : Former deux soudeurs")
        .says("Plan d’actions clos");
    page.hides("Trouver un repreneur")
        .hides("Le bail est signé");
}
