//! Meetings: noted in a minute, read by whom they are for, taken back, changed by two at once.

use chrono::{NaiveDate, TimeDelta};
use serde_json::Value;
use uuid::Uuid;
use vigie::domain::Role;

use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, Company, MAZAMET, make_key, reference};

async fn house() -> (TestApp, Client, String) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff, siren)
}

/// An adviser of an organisation of their own.
async fn adviser_of(app: &TestApp, organisation: &str, territories: &[&str]) -> Client {
    let adviser = app.sign_in(Role::Adviser, territories).await;
    sqlx::query(
        "with o as (insert into organisations (name, kind) values ($2, 'cci')
                    on conflict (fold_text(name), coalesce(siren, '')) do update set kind = 'cci' returning id)
         update users set organisation_id = o.id from o where users.id = $1",
    )
    .bind(adviser.user_id)
    .bind(organisation)
    .execute(&app.db.pool)
    .await
    .expect("an organisation");
    adviser
}

fn path_of(siren: &str) -> String {
    format!("/entreprises/{siren}/rencontres/nouvelle")
}

/// Notes a meeting with these fields besides the usual ones; the page that follows.
async fn note(client: &mut Client, siren: &str, fields: &[(&str, &str)]) -> Page {
    let path = path_of(siren);
    let mut form = client.get(&path).await.expect(200).form(&path);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    let done = client.submit(&form).await.expect(303);
    let location = done.location().expect("a location");
    client.get(&location).await.expect(200)
}

async fn count(app: &TestApp, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

async fn contact(app: &TestApp, siren: &str, name: &str) -> Uuid {
    sqlx::query_scalar(
        "insert into contacts (id, siren, full_name, job_title, phone)
         values (gen_random_uuid(), $1, $2, 'Directrice', '0563000000') returning id",
    )
    .bind(siren)
    .bind(name)
    .fetch_one(&app.db.pool)
    .await
    .expect("a contact")
}

#[tokio::test]
async fn a_meeting_takes_one_sentence_and_six_taps_at_most() {
    let (app, mut staff, siren) = house().await;
    contact(&app, &siren, "Claire Martin").await;
    let company = staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200);
    company.says("Jamais rencontrée").says("Appeler");
    assert!(company.text.contains("href=\"tel:0563000000\""));
    // Tap 1: the button of the bar.
    let path = path_of(&siren);
    assert!(company.text.contains(&format!("href=\"{path}\"")));
    let page = staff.get(&path).await.expect(200);
    assert!(page.sql <= 6, "{} statements", page.sql);
    page.says("EXEMPLE MÉCANIQUE");
    // The cursor is in the essential already: typing it takes no tap. Everything else has a value.
    assert_eq!(page.text.matches(" autofocus").count(), 1);
    assert!(page.text.contains("<textarea id=\"f-essentiel\""));
    let form = page.form(&path);
    assert_eq!(form.value("date"), Some("2026-11-24"));
    assert_eq!(form.value("format"), Some("visit"));
    assert_eq!(form.value("suite"), Some("rien"));
    let mandatory = page.text.matches(" required").count();
    // The essential, the date, and chips that are chosen already (four formats, four follow-ups).
    assert_eq!(mandatory, 2 + 4 + 4);
    let bare = form.clone().set("essentiel", "Carnet plein jusqu’à juin.");
    let done = staff.submit(&bare).await.expect(303);
    let page = staff.get(&done.location().expect("a location")).await;
    page.says("Rencontre enregistrée.")
        .says("Visite du 24 novembre 2026")
        .says("Carnet plein jusqu’à juin.")
        .says("Annuler cette rencontre");
    // Taps 2 to 6: another format, a dossier, a follow-up, the fold, save; six in all with the first.
    let page = note(
        &mut staff,
        &siren,
        &[
            ("essentiel", "Cherche deux soudeurs."),
            ("format", "call"),
            ("dossier", "training"),
            ("suite", "7"),
        ],
    )
    .await;
    page.says("Appel du 24 novembre 2026")
        .says("Formation")
        .says("Reprendre contact");
    let company = staff.get(&format!("/entreprises/{siren}")).await;
    company
        .says("Dernier contact le 24 novembre 2026.")
        .says("Cherche deux soudeurs.")
        .says("Appel, par Direction du Développement Essai");
}

#[tokio::test]
async fn the_same_form_sent_twenty_times_is_one_meeting() {
    let (app, staff, siren) = house().await;
    let app = app.patient();
    let mut first = app.session_of(staff.user_id).await;
    let path = path_of(&siren);
    let form = first
        .get(&path)
        .await
        .form(&path)
        .set("essentiel", "Une seule fois.")
        .set("signal", "bank")
        .set("suite", "mois");
    let mut sent = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (mut client, form) = (first.clone(), form.clone());
        sent.spawn(async move { client.submit(&form).await.expect(303).location() });
    }
    let mut places = sent.join_all().await;
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    for table in ["meetings", "signals", "next_steps"] {
        assert_eq!(count(&app, table).await, 1, "{table}");
    }
    // The same words in another form are the same meeting.
    let again = first
        .get(&path)
        .await
        .form(&path)
        .set("essentiel", "Une seule fois.");
    let page = first.submit(&again).await.expect(409);
    page.says("Vous avez déjà noté cette rencontre")
        .says("Voir la rencontre déjà notée");
    assert_eq!(count(&app, "meetings").await, 1);
}

#[tokio::test]
async fn what_was_changed_after_going_back_is_not_lost() {
    let (_app, mut staff, siren) = house().await;
    let path = path_of(&siren);
    let form = staff.get(&path).await.form(&path);
    let form = form.set("essentiel", "Le repreneur hésite.");
    let first = staff.submit(&form).await.expect(303).location();
    let again = form.set("essentiel", "Le repreneur renonce.");
    let second = staff.submit(&again).await.expect(303).location();
    assert_ne!(first, second);
    let place = second.expect("a place");
    staff.get(&place).await.says("Le repreneur renonce.");
}

#[tokio::test]
async fn what_is_wrong_is_told_and_everything_typed_is_kept() {
    let (app, mut staff, siren) = house().await;
    let path = path_of(&siren);
    let long = "é".repeat(10_000);
    let cases: [(&str, &[(&str, &str)]); 7] = [
        (
            "Écrivez l’essentiel en une phrase",
            &[("essentiel", " \n ")],
        ),
        ("Cette date est à venir", &[("date", "2026-11-25")]),
        (
            "L’entreprise a été créée le 1er mars 1994",
            &[("date", "1993-12-31")],
        ),
        ("Indiquez la date de la rencontre", &[("date", "hier")]),
        ("10000 caractères, 1000 au plus", &[("essentiel", &long)]),
        (
            "Cette date est passée",
            &[("suite", "date"), ("suite_date", "2026-11-01")],
        ),
        (
            "dix caractères au moins",
            &[("essentiel", "Banque"), ("signal", "bank")],
        ),
    ];
    for (message, fields) in cases {
        let mut form = staff
            .get(&path)
            .await
            .form(&path)
            .set("essentiel", "Vu 👩\u{200d}🔧 à l’atelier")
            .set("confidentiel", "À garder")
            .set("dossier", "land");
        for (name, value) in fields {
            form = form.set(name, value);
        }
        let page = staff.submit(&form).await.expect(422);
        page.says(message);
        let again = page.form(&path);
        assert_eq!(again.value("confidentiel").map(str::trim), Some("À garder"));
        assert_eq!(again.value("dossier"), Some("land"));
        assert_eq!(
            again.value("essentiel").map(str::trim),
            form.value("essentiel").map(str::trim)
        );
    }
    assert_eq!(count(&app, "meetings").await, 0);
    // Emoji and the joiner that ties them are kept; characters that hide or turn text are not.
    let page = note(
        &mut staff,
        &siren,
        &[("essentiel", "Vu 👩\u{200d}🔧\u{202e} à l’atelier")],
    )
    .await;
    page.says("Vu 👩\u{200d}🔧 à l’atelier").hides("\u{202e}");
}

#[tokio::test]
async fn red_flags_become_signals_of_their_author_in_the_same_act() {
    let (app, _, siren) = house().await;
    let mut adviser = adviser_of(&app, "CCI d’essai", &[ALBIGEOIS]).await;
    let page = note(
        &mut adviser,
        &siren,
        &[
            ("essentiel", "Le premier client est parti."),
            ("signal", "client_loss"),
        ],
    )
    .await;
    page.says("Signaux constatés");
    let (kind, motive, author, over): (String, String, Uuid, String) =
        sqlx::query_as("select kind, motive, author_id, expires_on::text from signals")
            .fetch_one(&app.db.pool)
            .await
            .expect("a signal");
    assert_eq!(kind, "client_loss");
    // Partners of the territory read signals, and not a meeting that is not shared.
    assert_eq!(
        motive,
        "Constaté lors de la rencontre du 24\u{a0}novembre 2026."
    );
    assert_eq!(author, adviser.user_id);
    assert_eq!(over, "2027-05-24");
    // Taken back with its signal, and only by its author.
    let undo = format!("{}/annuler", page.path);
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    staff.post(&undo, &[]).await.expect(409).says("dix minutes");
    let form = page.form(&undo);
    let done = adviser.submit(&form).await.expect(303);
    adviser
        .get(&done.location().expect("a location"))
        .await
        .expect(200)
        .says("Rencontre annulée.");
    adviser.get(&page.path).await.expect(404);
    let withdrawn: i64 =
        sqlx::query_scalar("select count(*) from signals where withdrawn_on is not null")
            .fetch_one(&app.db.pool)
            .await
            .expect("a count");
    assert_eq!(withdrawn, 1);
    // The same words may then be noted again.
    note(
        &mut adviser,
        &siren,
        &[("essentiel", "Le premier client est parti.")],
    )
    .await;
}

#[tokio::test]
async fn a_meeting_is_taken_back_for_ten_minutes() {
    let (app, mut staff, siren) = house().await;
    let page = note(&mut staff, &siren, &[("essentiel", "Trop tard.")]).await;
    let undo = format!("{}/annuler", page.path);
    app.wait(TimeDelta::minutes(10));
    staff
        .get(&page.path)
        .await
        .expect(200)
        .hides("Annuler cette rencontre");
    staff.post(&undo, &[]).await.expect(409);
    staff.get(&page.path).await.expect(200);
}

#[tokio::test]
async fn the_follow_up_is_done_by_the_next_meeting_or_by_hand() {
    let (app, mut staff, siren) = house().await;
    note(
        &mut staff,
        &siren,
        &[("essentiel", "À rappeler."), ("suite", "7")],
    )
    .await;
    app.wait(TimeDelta::days(9));
    let mut staff = app.session_of(staff.user_id).await;
    let page = staff.get("/").await.expect(200);
    page.says("Reprendre contact").says("en retard de 2 jours");
    note(
        &mut staff,
        &siren,
        &[("essentiel", "Rappelée."), ("suite", "mois")],
    )
    .await;
    staff.get("/").await.hides("en retard");
    let open: Vec<(Uuid, Uuid)> =
        sqlx::query_as("select id, meeting_id from next_steps where done_on is null")
            .fetch_all(&app.db.pool)
            .await
            .expect("the open ones");
    assert_eq!(open.len(), 1);
    let (id, meeting) = open[0];
    let done = format!("/suites/{id}/faite");
    let form = staff
        .get(&format!("/rencontres/{meeting}"))
        .await
        .form(&done);
    let answer = staff.submit(&form).await.expect(303);
    staff
        .get(&answer.location().expect("a location"))
        .await
        .says("Suite faite.")
        .says("faite le 3 décembre 2026");
    // Not by somebody who has nothing to do with it.
    adviser_of(&app, "CCI d’essai", &[ALBIGEOIS])
        .await
        .post(&done, &[])
        .await
        .expect(404);
}

#[tokio::test]
async fn each_reads_what_is_theirs() {
    let (app, mut staff, siren) = house().await;
    let mut cci = adviser_of(&app, "CCI d’essai", &[ALBIGEOIS]).await;
    let mut colleague = adviser_of(&app, "CCI d’essai", &[ALBIGEOIS]).await;
    let mut cma = adviser_of(&app, "CMA d’essai", &[ALBIGEOIS]).await;
    let mut far = adviser_of(&app, "CCI d’essai", &[CASTRES]).await;
    let secret = ("confidentiel", "SECRET-DU-DÉPARTEMENT");
    let shared = note(
        &mut staff,
        &siren,
        &[
            ("essentiel", "Partagée par le Département."),
            ("partage", "oui"),
            secret,
        ],
    )
    .await;
    let kept = note(
        &mut staff,
        &siren,
        &[("essentiel", "Gardée par le Département."), secret],
    )
    .await;
    let private = note(
        &mut cci,
        &siren,
        &[
            ("essentiel", "Gardée par la CCI."),
            ("confidentiel", "SECRET-DE-LA-CCI"),
        ],
    )
    .await;
    let confidential = |page: &Page| format!("{}/confidentiel", page.path);
    // The council reads everything.
    for page in [&shared, &kept, &private] {
        staff.get(&page.path).await.expect(200);
        staff
            .get(&confidential(page))
            .await
            .expect(200)
            .says("SECRET-");
    }
    // An organisation reads its own, and what is shared without its confidential part.
    for client in [&mut cci, &mut colleague] {
        client
            .get(&shared.path)
            .await
            .expect(200)
            .hides("Partie confidentielle");
        client.get(&confidential(&shared)).await.expect(404);
        client.get(&kept.path).await.expect(404);
        client.get(&private.path).await.expect(200);
        client.get(&confidential(&private)).await.expect(200);
    }
    cma.get(&shared.path).await.expect(200);
    for page in [&kept, &private] {
        cma.get(&page.path).await.expect(404).hides("SECRET");
        cma.get(&confidential(page))
            .await
            .expect(404)
            .hides("SECRET");
    }
    let company = cma.get(&format!("/entreprises/{siren}")).await.expect(200);
    company
        .says("Partagée par le Département.")
        .hides("Gardée par")
        .hides("SECRET");
    cma.get("/rencontres")
        .await
        .says("Partagée")
        .hides("Gardée")
        .hides("SECRET");
    // Nobody of another territory, nor who has no business here; errors tell nothing.
    far.get(&shared.path).await.expect(404);
    for role in [Role::Admin, Role::Elected] {
        let mut other = app.sign_in(role, &[]).await;
        other.get(&shared.path).await.expect(403).hides("Partagée");
        other.get("/rencontres").await.expect(403);
    }
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200)
        .hides("Partagée par");
    // The colleague reads but does not change.
    colleague
        .get(&format!("{}/modifier", private.path))
        .await
        .expect(403);
    cma.get(&format!("{}/modifier", private.path))
        .await
        .expect(404);
}

#[tokio::test]
async fn what_is_confidential_leaves_a_trace_and_never_its_words() {
    let (app, mut staff, siren) = house().await;
    let page = note(
        &mut staff,
        &siren,
        &[
            ("essentiel", "SENTINELLE essentiel"),
            ("confidentiel", "SENTINELLE secret"),
            ("autres", "SENTINELLE nom"),
        ],
    )
    .await;
    page.hides("SENTINELLE secret");
    let path = format!("{}/confidentiel", page.path);
    staff.get(&path).await.says("SENTINELLE secret");
    let edit = format!("{}/modifier", page.path);
    let form = staff.get(&edit).await.expect(200).form(&edit);
    assert_eq!(
        form.value("confidentiel").map(str::trim),
        Some("SENTINELLE secret")
    );
    staff
        .submit(&form.set("confidentiel", "SENTINELLE autre secret"))
        .await
        .expect(303);
    let read: i64 = sqlx::query_scalar(
        "select count(*) from audit_events where verb = 'read_confidential' and actor_id = $1",
    )
    .bind(staff.user_id)
    .fetch_one(&app.db.pool)
    .await
    .expect("a count");
    assert_eq!(read, 2, "the page of the part, and the form");
    let lines: Vec<Value> = sqlx::query_scalar("select to_jsonb(a) from audit_events a")
        .fetch_all(&app.db.pool)
        .await
        .expect("the audit");
    for line in lines {
        assert!(!line.to_string().contains("SENTINELLE"), "{line}");
    }
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get("/journal")
        .await
        .expect(200)
        .says("a lu la partie confidentielle d’une rencontre avec EXEMPLE MÉCANIQUE")
        .says("a noté une rencontre avec EXEMPLE MÉCANIQUE")
        .hides("SENTINELLE");
}

#[tokio::test]
async fn two_people_who_change_a_meeting_lose_nothing() {
    let (app, mut first, siren) = house().await;
    let page = note(
        &mut first,
        &siren,
        &[("essentiel", "Avant."), ("dossier", "land")],
    )
    .await;
    let path = format!("{}/modifier", page.path);
    let mut second = app.sign_in(Role::Staff, &[]).await;
    let mine = first
        .get(&path)
        .await
        .form(&path)
        .set("essentiel", "La mienne.");
    let theirs = second
        .get(&path)
        .await
        .form(&path)
        .set("essentiel", "La leur.")
        .set("confidentiel", "Leur secret.");
    second.submit(&theirs).await.expect(303);
    let page = first.submit(&mine).await.expect(409);
    page.says("La leur.").says("Leur secret.");
    let again = page.form(&path);
    assert_eq!(again.value("essentiel").map(str::trim), Some("La mienne."));
    let done = first.submit(&again).await.expect(303);
    first
        .get(&done.location().expect("a location"))
        .await
        .says("La mienne.")
        .says("Foncier");
}

#[tokio::test]
async fn someone_erased_is_forgotten_by_the_meetings_that_they_attended() {
    let (app, mut staff, siren) = house().await;
    let id = contact(&app, &siren, "Noé Vidal").await.to_string();
    let page = note(
        &mut staff,
        &siren,
        &[("essentiel", "Avec elle."), ("contact", &id)],
    )
    .await;
    page.says("Noé Vidal, Directrice");
    staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .says("Dernier échange le 24 novembre 2026");
    let path = path_of(&siren);
    let late = staff
        .get(&path)
        .await
        .form(&path)
        .set("essentiel", "Trop tard.")
        .set("contact", &id);
    let question = format!("/contacts/{id}/effacer");
    let confirm = staff.get(&question).await.form(&question);
    staff.submit(&confirm).await.expect(303);
    staff
        .get(&page.path)
        .await
        .says("Personne effacée")
        .hides("Noé Vidal");
    // Changing the meeting keeps that somebody was there.
    let edit = format!("{}/modifier", page.path);
    let form = staff.get(&edit).await.expect(200).form(&edit);
    staff
        .submit(&form.set("essentiel", "Avec quelqu’un."))
        .await
        .expect(303);
    staff.get(&page.path).await.says("Personne effacée");
    let refused = staff.submit(&late).await.expect(409);
    refused.says("vient d’être effacée").hides("Noé Vidal");
    let again = refused.form(&path);
    assert_eq!(again.value("essentiel").map(str::trim), Some("Trop tard."));
    staff.submit(&again).await.expect(303);
}

#[tokio::test]
async fn a_form_whose_session_ended_comes_back_filled() {
    let (app, mut staff, siren) = house().await;
    let path = path_of(&siren);
    let form = staff
        .get(&path)
        .await
        .form(&path)
        .set("essentiel", "Ma phrase.")
        .set("confidentiel", "Mon secret.");
    let mut fields: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    fields.push(("_reprise", "1"));
    let page = staff.post(&path, &fields).await.expect(200);
    page.says("votre saisie est revenue");
    let again = page.form(&path);
    assert_eq!(again.value("essentiel").map(str::trim), Some("Ma phrase."));
    assert_eq!(
        again.value("confidentiel").map(str::trim),
        Some("Mon secret.")
    );
    assert_eq!(count(&app, "meetings").await, 0);
}

#[tokio::test]
async fn lists_are_filtered_and_cost_a_few_statements() {
    let (app, mut staff, siren) = house().await;
    let pool = &app.db.pool;
    let other = Company {
        commune: MAZAMET,
        ..Company::new(2, "EXEMPLE CASTRES")
    }
    .add(pool)
    .await;
    Company::new(3, "EXEMPLE SILENCE").add(pool).await;
    make_key(pool, 1, ALBIGEOIS, 1, staff.user_id).await;
    make_key(pool, 3, ALBIGEOIS, 2, staff.user_id).await;
    make_key(
        pool,
        2,
        CASTRES,
        1,
        app.sign_in(Role::Staff, &[]).await.user_id,
    )
    .await;
    note(
        &mut staff,
        &siren,
        &[("essentiel", "Celle d’Albi."), ("date", "2026-05-02")],
    )
    .await;
    note(
        &mut staff,
        &other,
        &[("essentiel", "Celle de Mazamet."), ("format", "call")],
    )
    .await;
    for (filter, is_albi) in [
        (format!("territoire={ALBIGEOIS}"), true),
        (format!("territoire={CASTRES}"), false),
        ("format=visit".to_owned(), true),
        ("referent=moi".to_owned(), true),
        ("du=2026-06-01".to_owned(), false),
        ("au=2026-06-01".to_owned(), true),
    ] {
        let page = staff
            .get(&format!("/rencontres?{filter}"))
            .await
            .expect(200);
        let (shown, hidden) = if is_albi {
            ("Celle d’Albi.", "Celle de Mazamet.")
        } else {
            ("Celle de Mazamet.", "Celle d’Albi.")
        };
        page.says(shown).hides(hidden);
        assert!(page.sql <= 6, "{filter}: {} statements", page.sql);
    }
    app.sign_in(Role::Staff, &[])
        .await
        .get("/rencontres?miennes=oui")
        .await
        .says("Aucune ne correspond");
    // Never met, and not since six months; the other was met.
    let page = staff.get("/rencontres/a-faire").await.expect(200);
    page.says("EXEMPLE SILENCE")
        .says("Jamais")
        .says("02/05/2026")
        .hides("EXEMPLE CASTRES");
    assert!(page.sql <= 5, "{} statements", page.sql);
    staff
        .get("/")
        .await
        .expect(200)
        .says("2 entreprises clés à rencontrer");
    // Which company: the last ones, then a search.
    let page = staff.get("/rencontres/nouvelle").await.expect(200);
    page.says("EXEMPLE CASTRES");
    let page = staff
        .get("/rencontres/nouvelle?q=silence")
        .await
        .expect(200);
    page.says("EXEMPLE SILENCE");
    assert!(page.sql <= 8, "{} statements", page.sql);
}

async fn last_exchange(app: &TestApp) -> Option<NaiveDate> {
    sqlx::query_scalar("select last_contact_on from contacts where full_name = 'EXEMPLE Contact'")
        .fetch_one(&app.db.pool)
        .await
        .expect("the contact")
}

async fn undo(client: &mut Client, page: &Page) {
    let path = format!("{}/annuler", page.path);
    let form = client.get(&page.path).await.expect(200).form(&path);
    client.submit(&form).await.expect(303);
}

#[tokio::test]
async fn a_meeting_taken_back_leaves_the_last_exchange_as_it_was() {
    let (app, mut staff, siren) = house().await;
    let contact = Uuid::now_v7().to_string();
    sqlx::query(
        "insert into contacts (id, siren, full_name, last_contact_on)
         values ($1::uuid, $2, 'EXEMPLE Contact', '2026-03-03')",
    )
    .bind(&contact)
    .bind(&siren)
    .execute(&app.db.pool)
    .await
    .expect("a contact");
    let day = |text: &str| Some(text.parse::<NaiveDate>().expect("a day"));
    let met = async |staff: &mut Client, words: &str, date: &str| {
        let fields = [("essentiel", words), ("date", date), ("contact", &contact)];
        note(staff, &siren, &fields).await
    };
    let first = met(&mut staff, "Une.", "2026-11-20").await;
    assert_eq!(last_exchange(&app).await, day("2026-11-20"));
    undo(&mut staff, &first).await;
    assert_eq!(last_exchange(&app).await, day("2026-03-03"));
    // The same day noted twice: the other meeting stands.
    let first = met(&mut staff, "Deux.", "2026-11-20").await;
    let second = met(&mut staff, "Trois.", "2026-11-20").await;
    undo(&mut staff, &first).await;
    assert_eq!(last_exchange(&app).await, day("2026-11-20"));
    undo(&mut staff, &second).await;
    // A later one stands too, and does not bring the first one back when it goes.
    let first = met(&mut staff, "Quatre.", "2026-11-20").await;
    let later = met(&mut staff, "Cinq.", "2026-11-22").await;
    undo(&mut staff, &first).await;
    assert_eq!(last_exchange(&app).await, day("2026-11-22"));
    undo(&mut staff, &later).await;
    assert_eq!(last_exchange(&app).await, day("2026-03-03"));
    // What was written by hand meanwhile is nobody's to undo.
    let last = met(&mut staff, "Six.", "2026-11-20").await;
    sqlx::query("update contacts set last_contact_on = '2026-11-23'")
        .execute(&app.db.pool)
        .await
        .expect("by hand");
    undo(&mut staff, &last).await;
    assert_eq!(last_exchange(&app).await, day("2026-11-23"));
}

#[tokio::test]
async fn a_meeting_taken_back_is_gone_a_month_later_and_no_other_is() {
    let (app, mut staff, siren) = house().await;
    let gone = note(
        &mut staff,
        &siren,
        &[("essentiel", "À oublier."), ("suite", "7")],
    )
    .await;
    note(&mut staff, &siren, &[("essentiel", "À garder.")]).await;
    undo(&mut staff, &gone).await;
    let kept = async || -> Vec<String> {
        sqlx::query_scalar("select summary from meetings order by summary")
            .fetch_all(&app.db.pool)
            .await
            .expect("meetings")
    };
    let purge = async || {
        let mut conn = app.state.pool.acquire().await.expect("a connection");
        vigie::features::meetings::purge(&mut conn, app.state.clock.now())
            .await
            .expect("a purge")
    };
    app.wait(TimeDelta::days(30));
    assert_eq!(purge().await, 0);
    app.wait(TimeDelta::seconds(1));
    assert_eq!(purge().await, 1);
    assert_eq!(purge().await, 0);
    assert_eq!(kept().await, ["À garder."]);
    let (steps, told): (i64, i64) = sqlx::query_as(
        "select (select count(*) from next_steps),
                (select count(*) from audit_events where object_type = 'meetings' and verb = 'delete'
                   and actor_name = 'Vigie' and to_jsonb(audit_events)::text not like '%oublier%')",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("counts");
    assert_eq!((steps, told), (0, 1));
    // The program itself deletes no meeting.
    let refused = sqlx::query("delete from meetings")
        .execute(&app.state.pool)
        .await;
    assert!(refused.is_err());
}

/// What another organisation of the territory reads of a company, wherever it is written.
async fn read_elsewhere(client: &mut Client, siren: &str) -> String {
    let mut all = String::new();
    for path in ["", "?historique=signaux", "/fiche", "/signaux"] {
        let page = client.get(&format!("/entreprises/{siren}{path}")).await;
        all.push_str(&page.text);
    }
    all
}

#[tokio::test]
async fn a_red_flag_tells_partners_no_more_than_its_meeting() {
    let (app, _, siren) = house().await;
    let mut bank = adviser_of(&app, "Banque d’essai", &[ALBIGEOIS]).await;
    let mut cci = adviser_of(&app, "CCI d’essai", &[ALBIGEOIS]).await;
    let words = "Le découvert est refusé depuis mars.";
    let kept = [("essentiel", words), ("signal", "bank")];
    let page = note(&mut bank, &siren, &kept).await;
    let read = read_elsewhere(&mut cci, &siren).await;
    assert!(!read.contains("découvert"), "{read}");
    assert!(read.contains("Constaté lors de la rencontre du"), "{read}");

    // Shared, its words are those of the signal; kept again, they leave it.
    let edit = format!("{}/modifier", page.path);
    for is_read in [true, false] {
        let mut form = bank.get(&edit).await.expect(200).form(&edit);
        form.fields.retain(|(name, _)| name != "partage");
        if is_read {
            form = form.set("partage", "oui");
        }
        bank.submit(&form).await.expect(303);
        let read = read_elsewhere(&mut cci, &siren).await;
        assert_eq!(read.contains("découvert"), is_read);
    }

    // Taken back, nothing of it is left in the signal, and the audit never had it.
    let mut again = kept.to_vec();
    again.extend([("partage", "oui"), ("format", "call")]);
    let wrong = note(&mut bank, &siren, &again).await;
    undo(&mut bank, &wrong).await;
    assert!(!read_elsewhere(&mut cci, &siren).await.contains("découvert"));
    let audited: i64 = sqlx::query_scalar(
        "select count(*) from audit_events a where to_jsonb(a)::text ilike '%découvert%'",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("the audit");
    assert_eq!(audited, 0);
}

#[tokio::test]
async fn an_author_who_moved_changes_no_more_what_they_may_not_read() {
    let (app, mut staff, siren) = house().await;
    let mut adviser = adviser_of(&app, "CCI d’essai", &[ALBIGEOIS]).await;
    let page = note(
        &mut adviser,
        &siren,
        &[
            ("essentiel", "Carnet plein."),
            ("partage", "oui"),
            ("confidentiel", "À garder."),
        ],
    )
    .await;
    sqlx::query(
        "with o as (insert into organisations (name, kind) values ('CMA d’essai', 'cma') returning id)
         update users set organisation_id = o.id from o where users.id = $1",
    )
    .bind(adviser.user_id)
    .execute(&app.db.pool)
    .await
    .expect("another organisation");
    let mut moved = app.session_of(adviser.user_id).await;
    moved.get(&page.path).await.expect(200);
    moved
        .get(&format!("{}/modifier", page.path))
        .await
        .expect(403);
    let kept = staff.get(&format!("{}/confidentiel", page.path)).await;
    kept.expect(200).says("À garder.");
}

#[tokio::test]
async fn a_meeting_noted_in_a_minute_is_not_one_at_the_highest_level() {
    let (_app, mut staff, siren) = house().await;
    let path = path_of(&siren);
    let form = staff.get(&path).await.expect(200).form(&path);
    let mut forged = form.set("essentiel", "Rencontre avec la présidente.");
    forged.fields.retain(|(name, _)| name != "format");
    forged.fields.push(("format".into(), "top_level".into()));
    staff
        .submit(&forged)
        .await
        .expect(422)
        .says("Choisissez comment la rencontre a eu lieu");
}
