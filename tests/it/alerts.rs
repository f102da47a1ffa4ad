//! Alerts: a notice opens one, someone takes it, a colleague meets that, it is closed with a motive;
//! a cancelled notice lifts it; never two for a company.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use vigie::domain::Role;
use vigie::features::alerts::run;

use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{
    ALBI, ALBIGEOIS, CASTRES, Company, MAZAMET, make_key, reference, siren,
};

const MOTIVE: &str = "Rencontre du dirigeant le 24 novembre.";

async fn house() -> (TestApp, Client) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff)
}

/// An opening of receivership about the n-th company.
fn notice(n: u32) -> String {
    let (siren, number) = (siren(n), 1100 + n);
    format!(
        r#"{{"id":"A20260031{number}","publicationavis":"A","parution":"20260031","dateparution":"2026-11-14",
        "numeroannonce":{number},"typeavis":"annonce","familleavis":"collective","numerodepartement":"81",
        "tribunal":"GREFFE D'ALBI","commercant":"EXEMPLE","ville":"Albi","cp":"81000","registre":["{siren}"],
        "listepersonnes":"{{\"personne\": {{\"typePersonne\": \"pm\", \"numeroImmatriculation\": {{\"numeroIdentification\": \"{siren}\"}}}}}}",
        "jugement":"{{\"type\": \"initial\", \"famille\": \"Jugement\", \"nature\": \"Jugement d'ouverture d'une procédure de redressement judiciaire\", \"date\": \"2026-11-04\"}}",
        "radiationaurcs":null,"depot":null,"parutionavisprecedent":null}}"#
    )
}

/// The notice that takes it back.
fn cancelling(n: u32) -> String {
    let number = 1100 + n;
    notice(n)
        .replace("\"annonce\"", "\"annulation\"")
        .replace(&format!("A20260031{number}"), &format!("A20260040{number}"))
        .replace("2026-11-14", "2026-11-20")
        .replace(
            "\"parutionavisprecedent\":null",
            &format!(
                r#""parutionavisprecedent":{{"numeroParution":"20260031","numeroAnnonce":{number}}}"#
            ),
        )
}

/// Imports notices by the screens, and lets the program look at what is new.
async fn import(app: &TestApp, client: &mut Client, notices: &[String]) -> usize {
    let text = format!(
        "{{\"total_count\":{},\"results\":[{}]}}",
        notices.len(),
        notices.join(",")
    );
    let form = client
        .get("/imports/nouveau")
        .await
        .expect(200)
        .form("/imports/nouveau");
    let files: [(&str, &[u8]); 1] = [("bodacc.json", text.as_bytes())];
    let answer = client.upload(&form, "fichiers", &files).await.expect(303);
    let path = answer.location().expect("a page");
    let page = client.get(&path).await.expect(200);
    if page.text.contains(&format!("{path}/confirmer")) {
        let confirm = page.form(&format!("{path}/confirmer"));
        client.submit(&confirm).await.expect(303);
    }
    catch_up(app).await
}

async fn catch_up(app: &TestApp) -> usize {
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let clock = &app.state.clock;
    run::catch_up(&mut conn, clock.today(), clock.now())
        .await
        .expect("scored")
}

/// An alert on the n-th company, without its import.
async fn alert(app: &TestApp, n: u32, (level, is_procedure): (&str, bool), days_ago: i64) -> Uuid {
    let id = Uuid::now_v7();
    let explanation = serde_json::json!({
        "sentence": "Score 62, +14 depuis juillet.", "retained": null, "max_points": 100,
        "thresholds": [25, 45, 65], "themes": [], "causes": [], "past": [], "landmarks": [],
        "cautions": [], "view": null, "closing": "2025-12-31",
        "factors": [{"id": "equity", "label": "Fonds propres", "finding": "négatifs", "is_known": true,
          "points": 20, "max_points": 24, "change": 8, "next": null, "notes": [],
          "source": "Comptes publics", "closing": "2025-12-31"}]
    });
    sqlx::query(
        "with r as (
           insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, completeness,
             state, is_sudden, cause, inputs, inputs_hash, explanation)
           values ($2, '2026-11-24', $5, 'essai', '1', 80, 'none', false, 'Essai.', '{}', 'x', $6)
           returning id),
         a as (
           insert into alerts (id, siren, opened_at, opened_by, assessment_id, level, is_procedure)
           select $1, $2, $5, r.id, r.id, $3, $4 from r),
         v as (
           insert into alert_events (alert_id, at, actor_name, kind, text)
           values ($1, $5, 'Vigie', 'opened', 'Niveau passé de modéré à ' || $3 || '.'))
         insert into alert_causes (siren, cause_key, alert_id, at, sentence)
         values ($2, 'essai', $1, $5, 'Niveau passé de modéré à ' || $3 || '.')",
    )
    .bind(id)
    .bind(siren(n))
    .bind(level)
    .bind(is_procedure)
    .bind(app.state.clock.now() - TimeDelta::days(days_ago))
    .bind(explanation)
    .execute(&app.db.pool)
    .await
    .expect("an alert");
    id
}

/// The page of the first alert of the queue.
async fn first(client: &mut Client) -> Page {
    first_of(client, "/alertes").await
}

/// The page of the first alert of a filtered queue.
async fn first_of(client: &mut Client, queue: &str) -> Page {
    let queue = client.get(queue).await.expect(200);
    let at = queue.text.find("href=\"/alertes/").expect("an alert") + "href=\"".len();
    let path = queue.text[at..].split('"').next().expect("an address");
    client.get(&path.replace("&#38;", "&")).await.expect(200)
}

fn own_path(page: &Page) -> &str {
    page.path.split('?').next().unwrap_or_default()
}

/// Sends the form of an act as the page shows it.
async fn act(client: &mut Client, page: &Page, name: &str, fields: &[(&str, &str)]) -> Page {
    let query = page
        .path
        .split_once('?')
        .map(|(_, query)| format!("?{query}"));
    let action = format!("{}/{name}{}", own_path(page), query.unwrap_or_default());
    let form = fields
        .iter()
        .fold(page.form(&action), |form, (field, value)| {
            form.set(field, value)
        });
    client.submit(&form).await
}

#[tokio::test]
async fn a_notice_becomes_an_alert_that_one_person_takes_and_closes() {
    let (app, mut staff) = house().await;
    let mut colleague = app.sign_in(Role::Staff, &[]).await;
    Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    catch_up(&app).await;
    assert_eq!(import(&app, &mut staff, &[notice(1)]).await, 1);
    let queue = staff.get("/alertes").await.expect(200);
    queue
        .says("1 alerte ouverte, aucune critique et 1 en procédure ou radiée ; 1 sans responsable.")
        .says("redressement judiciaire")
        .says("EXEMPLE MÉCANIQUE");

    let (mine, theirs) = (first(&mut staff).await, first(&mut colleague).await);
    mine.says("Procédure : redressement judiciaire depuis le 4 novembre 2026");
    act(&mut staff, &mine, "prendre", &[]).await.expect(303);
    let refused = act(&mut colleague, &theirs, "prendre", &[])
        .await
        .expect(409);
    refused
        .says("suit cette alerte depuis le 24 novembre 2026 à 10 h 00")
        .says("Rien n’est perdu")
        .says("Confier à moi");

    let page = first(&mut staff).await;
    page.says("suivie par Direction");
    let short = act(
        &mut staff,
        &page,
        "classer",
        &[("issue", "met"), ("motif", "Vu.")],
    )
    .await;
    let short = short.expect(422);
    short.says("Écrivez pourquoi, en dix caractères au moins");
    let again = short.form(&format!("{}/classer", own_path(&page)));
    assert_eq!(again.value("motif").map(str::trim), Some("Vu."));
    assert_eq!(again.value("issue"), Some("met"));
    let done = staff.submit(&again.set("motif", MOTIVE)).await.expect(303);
    let page = staff
        .get(&done.location().expect("a page"))
        .await
        .expect(200);
    page.says("Alerte classée : Entreprise rencontrée.")
        .says("Prise en charge par Direction")
        .says(MOTIVE);
    staff
        .get("/alertes")
        .await
        .expect(200)
        .says("Aucune alerte ouverte")
        .says("1 traitée ce mois-ci.");
    staff
        .get("/alertes?etat=classees")
        .await
        .expect(200)
        .says("EXEMPLE MÉCANIQUE")
        .says("État : Classées");
    // The company's history tells the notice and what people did, and narrows to either.
    let company = format!("/entreprises/{}", siren(1));
    let page = staff.get(&company).await.expect(200);
    page.says(
        "Procédures collectives : Jugement d'ouverture d'une procédure de redressement judiciaire",
    )
    .says("Alerte ouverte.")
    .says("Alerte prise en charge, par Direction")
    .says("Alerte classée, par Direction");
    let page = staff
        .get(&format!("{company}?historique=annonces"))
        .await
        .expect(200);
    page.says("Procédures collectives : Jugement")
        .hides("Alerte classée, par");
    assert_eq!(
        page.texts("#historique + nav [aria-current]"),
        ["Annonces légales"]
    );
    // Who sees no risk sees neither.
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get(&format!("{company}?historique=alertes"))
        .await
        .expect(200)
        .hides("Alerte")
        .hides("redressement");
    // The same file again opens nothing.
    assert_eq!(import(&app, &mut staff, &[notice(1)]).await, 0);
    staff
        .get("/alertes")
        .await
        .expect(200)
        .says("Aucune alerte ouverte");
}

#[tokio::test]
async fn a_cancelled_notice_lifts_its_alert_and_says_so() {
    let (app, mut staff) = house().await;
    Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    import(&app, &mut staff, &[notice(1)]).await;
    let page = first(&mut staff).await;
    act(&mut staff, &page, "prendre", &[]).await.expect(303);
    import(&app, &mut staff, &[cancelling(1)]).await;
    staff
        .get("/alertes")
        .await
        .expect(200)
        .says("Aucune alerte ouverte");
    let page = staff.get(own_path(&page)).await.expect(200);
    page.says("Classée le 24 novembre 2026 à 10 h 00 par Vigie : Raison levée.")
        .says("levée le 24 novembre 2026");
    assert_eq!(page.texts("main s").len(), 1);
}

/// A judgment that turns the receivership of the n-th company into a liquidation.
fn conversion(n: u32) -> String {
    notice(n)
        .replace(
            &format!("A20260031{}", 1100 + n),
            &format!("A20260035{}", 1100 + n),
        )
        .replace("2026-11-14", "2026-11-18")
        .replace("2026-11-04", "2026-11-16")
        .replace(
            "Jugement d'ouverture d'une procédure de redressement judiciaire",
            "Jugement de conversion en liquidation judiciaire",
        )
}

#[tokio::test]
async fn a_cancelled_conversion_goes_back_to_the_procedure_before() {
    let (app, mut staff) = house().await;
    Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    import(&app, &mut staff, &[notice(1)]).await;
    import(&app, &mut staff, &[conversion(1)]).await;
    let page = first(&mut staff).await;
    page.says("Procédure : liquidation judiciaire depuis le 16 novembre 2026");
    let cancelled = cancelling(1).replace(
        "\"numeroParution\":\"20260031\"",
        "\"numeroParution\":\"20260035\"",
    );
    import(&app, &mut staff, &[cancelled]).await;
    let page = staff.get(own_path(&page)).await.expect(200);
    let struck = page.texts("main s");
    assert_eq!(struck.len(), 1, "{struck:?}");
    assert!(struck[0].contains("liquidation judiciaire"), "{struck:?}");
    page.says("Procédure : redressement judiciaire depuis le 4 novembre 2026")
        .says("Prendre en charge");
    // The page of facts keeps the cancelled notice, struck through.
    let facts = staff
        .get(&format!("/entreprises/{}/faits", siren(1)))
        .await
        .expect(200);
    let struck = facts.texts("main s");
    assert_eq!(struck.len(), 1, "{struck:?}");
    assert!(struck[0].contains("liquidation"), "{struck:?}");
    facts.says("Annulée ou remplacée par une annonce postérieure.");
}

/// Notes a signal on the n-th company, as the screens do.
async fn note(app: &TestApp, client: &mut Client, n: u32, flag: &str) {
    let path = format!("/entreprises/{}/signaux/nouveau", siren(n));
    let form = client.get(&path).await.expect(200).form(&path);
    let form = form.set("signal", flag).set("motif", MOTIVE);
    client.submit(&form).await.expect(303);
    catch_up(app).await;
}

/// Withdraws every signal.
async fn withdraw_all(app: &TestApp, client: &mut Client) {
    let ids: Vec<Uuid> = sqlx::query_scalar("select id from signals where withdrawn_on is null")
        .fetch_all(&app.db.pool)
        .await
        .expect("signals");
    for id in ids {
        let path = format!("/signaux/{id}/retirer");
        let form = client.get(&path).await.expect(200).form(&path);
        client
            .submit(&form.set("motif", "La banque a prolongé son concours."))
            .await
            .expect(303);
    }
    catch_up(app).await;
}

#[tokio::test]
async fn a_level_that_rises_again_opens_again_and_one_that_falls_says_so() {
    let (app, mut staff) = house().await;
    Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    for flag in ["client_loss", "bank"] {
        note(&app, &mut staff, 1, flag).await;
    }
    let page = first(&mut staff).await;
    // Followed, it stays open when the level falls: who follows it says how it ended.
    act(&mut staff, &page, "prendre", &[]).await.expect(303);
    withdraw_all(&app, &mut staff).await;
    let page = first(&mut staff).await;
    page.says("Le niveau est revenu à").says("Classer");
    act(
        &mut staff,
        &page,
        "classer",
        &[("issue", "met"), ("motif", MOTIVE)],
    )
    .await
    .expect(303);
    for flag in ["client_loss", "bank"] {
        note(&app, &mut staff, 1, flag).await;
    }
    staff
        .get("/alertes")
        .await
        .expect(200)
        .says("1 alerte ouverte")
        .says("1 sans responsable");
    // Nobody follows this one: it closes with its reason.
    withdraw_all(&app, &mut staff).await;
    staff
        .get("/alertes")
        .await
        .expect(200)
        .says("Aucune alerte ouverte");
}

#[tokio::test]
async fn scoring_a_past_day_moves_no_level_and_no_alert() {
    let (app, mut staff) = house().await;
    Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    import(&app, &mut staff, &[notice(1)]).await;
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let past = "2026-11-20".parse().expect("a day");
    let now = app.state.clock.now();
    let written = vigie::features::risk::run::past(&mut conn, past, now)
        .await
        .expect("scored");
    assert_eq!(written, 1, "the notice was published then");
    let before = "2026-11-01".parse().expect("a day");
    vigie::features::risk::run::past(&mut conn, before, now)
        .await
        .expect("scored");
    staff
        .get("/alertes")
        .await
        .expect(200)
        .says("1 alerte ouverte")
        .says("Procédure");
    let state: String = sqlx::query_scalar("select state from company_risks")
        .fetch_one(&app.db.pool)
        .await
        .expect("a state");
    assert_eq!(state, "receivership");
}

#[tokio::test]
async fn two_who_look_at_once_open_one_alert_for_a_company() {
    let (app, mut staff) = house().await;
    let app = app.patient();
    for n in 1..=4 {
        Company::new(n, "EXEMPLE").add(&app.db.pool).await;
    }
    catch_up(&app).await;
    let text: Vec<String> = (1..=4).map(notice).collect();
    let form = staff.get("/imports/nouveau").await.form("/imports/nouveau");
    let body = format!("{{\"total_count\":4,\"results\":[{}]}}", text.join(","));
    let files: [(&str, &[u8]); 1] = [("bodacc.json", body.as_bytes())];
    let path = staff
        .upload(&form, "fichiers", &files)
        .await
        .expect(303)
        .location()
        .expect("a page");
    let page = staff.get(&path).await.expect(200);
    let confirm = page.form(&format!("{path}/confirmer"));
    staff.submit(&confirm).await.expect(303);
    let (one, other) = tokio::join!(catch_up(&app), catch_up(&app));
    assert_eq!(one + other, 4);
    let open: Vec<i64> = sqlx::query_scalar("select count(*) from alerts group by siren")
        .fetch_all(&app.db.pool)
        .await
        .expect("the alerts");
    assert_eq!(open, [1, 1, 1, 1]);
}

#[tokio::test]
async fn all_are_scored_once_a_day_and_a_flag_that_ends_is_followed_the_next_day() {
    let (app, _) = house().await;
    Company::new(1, "EXEMPLE").add(&app.db.pool).await;
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let clock = app.state.clock.clone();
    sqlx::query(
        "insert into signals (id, siren, kind, observed_on, motive, expires_on, author_id, author_name, created_at)
         select gen_random_uuid(), $1, 'disaster', $2::date - 10, 'Incendie de l’atelier', $2::date + 1, id, full_name,
                now()
         from users limit 1",
    )
    .bind(siren(1))
    .bind(clock.today())
    .execute(&app.db.pool)
    .await
    .expect("a flag");
    let mut day = async || {
        run::once_a_day(&mut conn, clock.today(), clock.now())
            .await
            .expect("scored")
    };
    let scored = async || -> Vec<DateTime<Utc>> {
        sqlx::query_scalar("select scored_at from scored_days order by day")
            .fetch_all(&app.db.pool)
            .await
            .expect("the days")
    };
    assert_eq!(day().await, 1);
    let first = scored().await;
    // An hour later nothing is scored again, not even for nothing.
    clock.advance(TimeDelta::hours(1));
    assert_eq!((day().await, scored().await), (0, first.clone()));
    clock.advance(TimeDelta::days(2));
    assert_eq!(day().await, 1);
    assert_eq!((first.len(), scored().await.len()), (1, 2));
}

#[tokio::test]
async fn what_can_best_be_prevented_comes_first_then_what_nobody_follows() {
    let (app, mut staff) = house().await;
    let kinds = [
        ("PROCÉDURE", ("critical", true), 40),
        ("BAISSE", ("moderate", false), 30),
        ("CRITIQUE", ("critical", false), 20),
        ("ÉLEVÉE SUIVIE", ("high", false), 12),
        ("ÉLEVÉE RÉCENTE", ("high", false), 2),
        ("ÉLEVÉE ANCIENNE", ("high", false), 9),
    ];
    for (n, (name, kind, age)) in (1..).zip(kinds) {
        let commune = if n == 2 {
            MAZAMET
        } else {
            Company::new(n, name).commune
        };
        Company {
            commune,
            ..Company::new(n, name)
        }
        .add(&app.db.pool)
        .await;
        let id = alert(&app, n, kind, age).await;
        if name.ends_with("SUIVIE") {
            let page = staff.get(&format!("/alertes/{id}")).await.expect(200);
            act(&mut staff, &page, "prendre", &[]).await.expect(303);
        }
    }
    make_key(&app.db.pool, 6, ALBIGEOIS, 1, staff.user_id).await;
    let page = staff.get("/alertes").await.expect(200);
    page.says(
        "6 alertes ouvertes, dont 1 critique et 1 en procédure ou radiée ; 5 sans responsable.",
    )
    .says("il y a 9 jours");
    assert_eq!(
        page.texts("tbody th a"),
        [
            "ÉLEVÉE ANCIENNE",
            "ÉLEVÉE RÉCENTE",
            "ÉLEVÉE SUIVIE",
            "CRITIQUE",
            "BAISSE",
            "PROCÉDURE"
        ]
    );
    assert_eq!(page.texts("tbody tr:first-child .etiquette"), ["Clé"]);
    assert!(page.sql <= 6, "{} statements", page.sql);

    for (query, names) in [
        ("responsable=moi", vec!["ÉLEVÉE SUIVIE"]),
        ("niveau=procedure", vec!["PROCÉDURE"]),
        ("niveau=critique&responsable=personne", vec!["CRITIQUE"]),
        ("etat=en-charge", vec!["ÉLEVÉE SUIVIE"]),
    ] {
        let page = staff.get(&format!("/alertes?{query}")).await.expect(200);
        assert_eq!(page.texts("tbody th a"), names, "{query}");
    }
    let there = staff.get(&format!("/alertes?territoire={CASTRES}")).await;
    assert_eq!(there.texts("tbody th a"), ["BAISSE"]);
    there.says("Territoire : Castres-Mazamet");
    staff
        .get("/alertes?etat=en-attente")
        .await
        .expect(200)
        .says("Aucune ne correspond");
    staff.get("/alertes?page=2").await.expect(404);
}

#[tokio::test]
async fn one_goes_through_the_queue_from_alert_to_alert() {
    let (app, mut staff) = house().await;
    for (n, name) in (1..).zip(["PREMIÈRE", "DEUXIÈME", "TROISIÈME"]) {
        Company::new(n, name).add(&app.db.pool).await;
        alert(&app, n, ("high", false), 10 - i64::from(n)).await;
    }
    let mut page = first_of(&mut staff, "/alertes?responsable=personne").await;
    assert!(page.sql <= 9, "{} statements", page.sql);
    let mut seen = Vec::new();
    loop {
        seen.extend(page.texts("h1"));
        let done = act(&mut staff, &page, "prendre", &[]).await.expect(303);
        let after = staff
            .get(&done.location().expect("a page"))
            .await
            .expect(200);
        after.says("Fonds propres").says("20 sur 24");
        let Some(at) = after.text.find("\">Alerte suivante") else {
            break;
        };
        let start = after.text[..at].rfind('"').expect("an address") + 1;
        let next = after.text[start..at].replace("&#38;", "&");
        page = staff.get(&next).await.expect(200);
    }
    let names: Vec<&str> = seen
        .iter()
        .filter_map(|h1| h1.split(' ').next_back())
        .collect();
    assert_eq!(names, ["PREMIÈRE", "DEUXIÈME", "TROISIÈME"]);
}

#[tokio::test]
async fn a_wait_ends_on_its_day_and_every_act_is_taken_back() {
    let (app, mut staff) = house().await;
    Company::new(1, "EXEMPLE").add(&app.db.pool).await;
    Company::new(2, "EXEMPLE GROUPE").add(&app.db.pool).await;
    let id = alert(&app, 1, ("high", false), 3).await;
    let other = alert(&app, 2, ("critical", false), 3).await;
    let path = format!("/alertes/{id}");
    let page = staff.get(&path).await.expect(200);
    let late = [
        ("jusqu_au", "2027-12-01"),
        ("motif_attente", "Comptes attendus."),
    ];
    act(&mut staff, &page, "attendre", &late)
        .await
        .expect(422)
        .says("dans les six prochains mois");
    let soon = [
        ("jusqu_au", "2026-11-27"),
        ("motif_attente", "Comptes attendus."),
    ];
    act(&mut staff, &page, "attendre", &soon).await.expect(303);
    staff
        .get("/alertes")
        .await
        .says("1 alerte ouverte, dont 1 critique")
        .hides(&path);
    staff
        .get("/alertes?etat=en-attente")
        .await
        .says("en attente jusqu’au 27 novembre 2026");
    let page = staff.get(&path).await.expect(200);
    act(&mut staff, &page, "rouvrir", &[]).await.expect(303);
    staff.get("/alertes").await.says("2 alertes ouvertes");

    let page = staff.get(&path).await.expect(200);
    act(&mut staff, &page, "attendre", &soon).await.expect(303);
    app.wait(TimeDelta::days(3));
    let mut staff = app.session_of(staff.user_id).await;
    staff.get("/alertes").await.says("2 alertes ouvertes");
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let clock = &app.state.clock;
    let woken = run::wake(&mut conn, clock.today(), clock.now()).await;
    assert_eq!(woken.expect("woken"), 1);
    let page = staff.get(&path).await.expect(200);
    page.says("L’attente est finie");

    let into = other.to_string();
    act(&mut staff, &page, "rattacher", &[("alerte", &into)])
        .await
        .expect(303);
    staff
        .get(&path)
        .await
        .says("Elle se traite avec l’alerte sur EXEMPLE GROUPE");
    staff
        .get(&format!("/alertes/{other}"))
        .await
        .says("Alerte rattachée ici par");
    let page = staff.get(&path).await.expect(200);
    let elsewhere = staff.get(&path).await.expect(200);
    act(&mut staff, &page, "rouvrir", &[]).await.expect(303);
    // The same form again is carried out once; another window knows nothing of it.
    act(&mut staff, &page, "rouvrir", &[]).await.expect(303);
    act(&mut staff, &elsewhere, "rouvrir", &[])
        .await
        .expect(409);
    let page = staff.get(&path).await.expect(200);
    page.says("rattachement annulé");
}

#[tokio::test]
async fn ticked_alerts_go_to_a_colleague_together() {
    let (app, mut staff) = house().await;
    let colleague = app.sign_in(Role::Staff, &[]).await;
    let mut ids = Vec::new();
    for n in 1..=3 {
        Company::new(n, "EXEMPLE").add(&app.db.pool).await;
        ids.push(alert(&app, n, ("high", false), i64::from(n)).await);
    }
    let queue = staff.get("/alertes").await.expect(200);
    let form = queue.form("/alertes/confier");
    staff
        .submit(&form)
        .await
        .expect(422)
        .says("Cochez au moins une alerte à confier.")
        .says("Choisissez à qui confier");
    let mut form = form.set("confier_a", &colleague.user_id.to_string());
    for id in &ids[..2] {
        form.fields.push(("alerte".into(), format!("{id}.1")));
    }
    // One of them changes meanwhile.
    let page = staff.get(&format!("/alertes/{}", ids[1])).await;
    act(&mut staff, &page, "prendre", &[]).await.expect(303);
    let done = staff.submit(&form).await.expect(303);
    let page = staff.get(&done.location().expect("a page")).await;
    page.says("1 alerte confiée à Direction")
        .says("1 a changé entre-temps")
        .says("1 sans responsable");
    let theirs = format!("/alertes?responsable={}", colleague.user_id);
    assert_eq!(staff.get(&theirs).await.texts("tbody th a").len(), 1);
    // Three at once cost no more statements than one, and each tells its own history.
    let queue = staff.get("/alertes").await.expect(200);
    let mut form = queue
        .form("/alertes/confier")
        .set("confier_a", &colleague.user_id.to_string());
    for (id, version) in ids.iter().zip([2, 2, 1]) {
        form.fields
            .push(("alerte".into(), format!("{id}.{version}")));
    }
    let together = staff.submit(&form).await.expect(303);
    assert_eq!(together.sql, done.sql);
    for id in ids {
        let page = staff.get(&format!("/alertes/{id}")).await.expect(200);
        page.says("Confiée à Direction");
    }
}

#[tokio::test]
async fn people_say_whether_the_explanation_serves() {
    let (app, mut staff) = house().await;
    Company::new(1, "EXEMPLE").add(&app.db.pool).await;
    let path = format!("/alertes/{}", alert(&app, 1, ("high", false), 3).await);
    let page = staff.get(&path).await.expect(200);
    for (useful, words) in [
        ("non", "Votre avis : pas utile"),
        ("oui", "Votre avis : utile"),
    ] {
        let fields = [("utile", useful), ("motif_avis", "Le chiffre est ancien.")];
        let page = staff.get(&path).await.expect(200);
        act(&mut staff, &page, "avis", &fields).await.expect(303);
        staff.get(&path).await.says(words);
    }
    act(&mut staff, &page, "avis", &[]).await.expect(422);
}

#[tokio::test]
async fn the_home_page_and_the_company_tell_what_is_open() {
    let (app, mut staff) = house().await;
    for n in 1..=3 {
        Company::new(n, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    }
    let id = alert(&app, 1, ("high", false), 5).await;
    alert(&app, 2, ("critical", true), 3).await;
    let path = format!("/alertes/{id}");
    let page = staff.get(&path).await.expect(200);
    act(&mut staff, &page, "prendre", &[]).await.expect(303);
    let home = staff.get("/").await.expect(200);
    home.says("Traiter l’alerte sur EXEMPLE MÉCANIQUE niveau élevé, confiée à vous, ouverte il y a 5 jours")
        .says("Répartir 1 alerte");
    assert!(home.sql <= 6, "{} statements", home.sql);
    assert!(home.text.contains(&format!("href=\"{path}\"")));

    let company = format!("/entreprises/{}", siren(1));
    let page = staff.get(&company).await.expect(200);
    page.says("Alerte ouverte le 19 novembre 2026, niveau élevé, suivie par Direction");
    assert!(page.text.contains(&format!("href=\"{path}\"")));
    assert!(page.sql <= 8, "{} statements", page.sql);
    staff
        .get(&format!("/entreprises/{}", siren(2)))
        .await
        .says("procédure ouverte, sans responsable.");
    staff
        .get(&format!("/entreprises/{}", siren(3)))
        .await
        .hides("Alerte ouverte");
    // The adviser sees risk and handles nothing; the administrator sees neither.
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser
        .get(&company)
        .await
        .says("niveau élevé")
        .hides("/alertes");
    adviser.get("/").await.hides("/alertes");
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get(&company)
        .await
        .expect(200)
        .hides("Alerte ouverte");
}

#[tokio::test]
async fn alerts_are_for_the_staff_only() {
    let (app, _) = house().await;
    Company::new(1, "EXEMPLE").add(&app.db.pool).await;
    let id = alert(&app, 1, ("high", false), 3).await;
    for role in [Role::Adviser, Role::Elected, Role::Admin] {
        let mut client = app.sign_in(role, &[ALBIGEOIS]).await;
        client.get("/alertes").await.expect(403);
        client
            .get(&format!("/alertes/{id}"))
            .await
            .expect(403)
            .hides("EXEMPLE");
        client
            .post(&format!("/alertes/{id}/prendre"), &[("version", "1")])
            .await
            .expect(403);
        client.get("/territoires").await.hides("/alertes");
    }
}

#[tokio::test]
async fn alerts_of_the_same_group_then_territory_are_offered_first() {
    let (app, mut staff) = house().await;
    let pool = &app.db.pool;
    for (n, commune) in [(1, ALBI), (2, MAZAMET), (3, ALBI), (4, MAZAMET)] {
        let company = Company {
            commune,
            ..Company::new(n, ["UN", "DEUX", "TROIS", "QUATRE"][n as usize - 1])
        };
        company.add(pool).await;
    }
    let mut ids = Vec::new();
    for n in 1..=4 {
        ids.push(alert(&app, n, ("high", false), 1).await);
    }
    sqlx::query(
        "with g as (insert into company_groups (id, name, created_at) values (gen_random_uuid(), 'Sylva', now())
                    returning id)
         insert into group_members (id, group_id, siren, source, joined_on, joined_by)
         select gen_random_uuid(), g.id, s, 'essai', '2026-01-01', 'Claire' from g, unnest($1::text[]) s",
    )
    .bind(vec![siren(1), siren(2)])
    .execute(pool)
    .await
    .expect("a group");
    let page = staff.get(&format!("/alertes/{}", ids[0])).await.expect(200);
    let offered = page.texts("select[name=alerte] optgroup");
    assert_eq!(offered.len(), 3);
    for (rank, (words, label)) in [
        ("DEUX", "Du même groupe"),
        ("TROIS", "Du même territoire"),
        ("QUATRE", "Ailleurs"),
    ]
    .into_iter()
    .enumerate()
    {
        assert!(offered[rank].starts_with(words), "{offered:?}");
        assert!(page.text.contains(&format!("<optgroup label=\"{label}\">")));
    }
    let into = ids[1].to_string();
    act(&mut staff, &page, "rattacher", &[("alerte", &into)])
        .await
        .expect(303);
}
