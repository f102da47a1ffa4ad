//! Signals and views on the level: noted, withdrawn, shown to those who follow the company only.

use chrono::TimeDelta;
use vigie::domain::Role;

use crate::support::app::{Client, Form, TestApp};
use crate::support::portfolio::{ALBIGEOIS, CASTRES, Company, reference};

async fn house() -> (TestApp, Client, String) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff, siren)
}

async fn blank(client: &mut Client, siren: &str) -> Form {
    let path = format!("/entreprises/{siren}/signaux/nouveau");
    client.get(&path).await.expect(200).form(&path)
}

fn filled(form: Form) -> Form {
    form.set("signal", "client_loss")
        .set("motif", "Le premier client ferme son usine en mars.")
}

async fn note(client: &mut Client, siren: &str) {
    let form = filled(blank(client, siren).await);
    client.submit(&form).await.expect(303);
}

async fn only_signal(app: &TestApp) -> uuid::Uuid {
    sqlx::query_scalar("select id from signals")
        .fetch_one(&app.db.pool)
        .await
        .expect("one signal")
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

#[tokio::test]
async fn a_signal_is_noted_once_and_shown_on_the_company() {
    let (app, mut staff, siren) = house().await;
    let form = blank(&mut staff, &siren).await;
    assert_eq!(form.value("date"), Some("2026-11-24"));
    assert_eq!(form.value("echeance"), Some("2027-05-24"));
    let form = filled(form);
    let done = staff.submit(&form).await.expect(303);
    let to = done.location().expect("a location");
    assert_eq!(to, format!("/entreprises/{siren}#signaux"));
    staff.submit(&form).await.expect(303);
    assert_eq!(count(&app, "select count(*) from signals").await, 1);
    let page = staff.get(&to).await.expect(200);
    page.says("Signal noté : Perte d’un client majeur.")
        .says("Le premier client ferme son usine en mars.")
        .says("Constaté le 24 novembre 2026, par Direction du Développement Essai")
        .says("valable jusqu’au 24 mai 2027.")
        .says("Signal noté : perte d’un client majeur, par Direction");
    assert_eq!(page.texts("#signaux ~ ul h3"), ["Perte d’un client majeur"]);
    // Whoever scores is told, and the journal keeps the trace without the motive.
    assert_eq!(
        count(&app, "select count(*) from rescore_requests").await,
        1
    );
    app.sign_in(Role::Admin, &[])
        .await
        .get("/journal")
        .await
        .expect(200)
        .says("a noté un signal sur")
        .hides("premier client");
    // After its end it no longer counts, and stays readable.
    app.wait(TimeDelta::days(182));
    let mut later = app.session_of(staff.user_id).await;
    later
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200)
        .says("Aucun signal en cours")
        .says("Signaux passés (1)")
        .says("Expiré le 24 mai 2027.");
}

#[tokio::test]
async fn a_refused_signal_says_why_and_keeps_everything() {
    let (app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/signaux/nouveau");
    let page = staff.get(&path).await.expect(200);
    page.says("Restez objectif : la personne peut lire cette note.");
    assert_eq!(page.texts(".puces label").len(), 13);
    let form = page
        .form(&path)
        .set("motif", "  Court  ")
        .set("date", "2026-11-25")
        .set("echeance", "2028-11-25");
    let page = staff.submit(&form).await.expect(422);
    page.says("4 points à corriger")
        .says("Choisissez ce que vous avez constaté")
        .says("Écrivez le motif en dix caractères au moins.")
        .says("Cette date est à venir")
        .says("indiquez le 24 novembre 2028 ou une date plus proche");
    let again = page.form(&path);
    assert_eq!(again.value("motif").map(str::trim), Some("Court"));
    assert_eq!(again.value("echeance"), Some("2028-11-25"));
    for (date, until) in [
        ("2024-11-23", "2027-01-01"),
        ("2026-11-24", "2026-11-24"),
        ("32/01/2026", ""),
    ] {
        let form = filled(again.clone())
            .set("date", date)
            .set("echeance", until);
        let page = staff.submit(&form).await.expect(422);
        assert_eq!(
            page.form(&path).value("signal"),
            Some("client_loss"),
            "{date}"
        );
    }
    assert_eq!(count(&app, "select count(*) from signals").await, 0);
    // The bounds themselves are accepted.
    let form = filled(again)
        .set("date", "2024-11-24")
        .set("echeance", "2028-11-24");
    staff.submit(&form).await.expect(303);
}

#[tokio::test]
async fn a_signal_typed_over_an_expired_session_comes_back_filled() {
    let (app, mut staff, siren) = house().await;
    let mut form = filled(blank(&mut staff, &siren).await);
    form.fields.push(("_reprise".to_owned(), "1".to_owned()));
    let page = staff.submit(&form).await.expect(200);
    page.says("Votre session avait expiré");
    assert_eq!(count(&app, "select count(*) from signals").await, 0);
    let again = page.form(&format!("/entreprises/{siren}/signaux/nouveau"));
    assert_eq!(again.value("signal"), Some("client_loss"));
    staff.submit(&again).await.expect(303);
    assert_eq!(count(&app, "select count(*) from signals").await, 1);
}

#[tokio::test]
async fn a_signal_is_withdrawn_by_its_author_or_the_staff_with_a_reason() {
    let (app, mut staff, siren) = house().await;
    let mut author = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let mut colleague = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    note(&mut author, &siren).await;
    let path = format!("/signaux/{}/retirer", only_signal(&app).await);
    let company = format!("/entreprises/{siren}");
    colleague.get(&company).await.expect(200).hides(&path);
    colleague.get(&path).await.expect(403);
    let motive = [("motif", "Je ne suis pas l’auteur."), ("version", "1")];
    colleague.post(&path, &motive).await.expect(403);
    let question = author.get(&path).await.expect(200).form(&path);
    let page = author.submit(&question.clone().set("motif", "Non")).await;
    page.expect(422).says("dix caractères");
    let mine = question.set("motif", "Le client a confirmé ses commandes.");
    let theirs = staff
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("motif", "Vérifié par téléphone ce matin.");
    staff.submit(&theirs).await.expect(303);
    // The author comes second: nothing is lost, and nothing is withdrawn twice.
    let page = author.submit(&mine).await.expect(409);
    page.says("Ce signal vient d’être retiré par une autre personne")
        .says("Vérifié par téléphone ce matin.");
    let kept = page
        .form(&path)
        .value("motif")
        .map(|text| text.trim().to_owned());
    assert_eq!(kept.as_deref(), Some("Le client a confirmé ses commandes."));
    author
        .get(&company)
        .await
        .expect(200)
        .says("Aucun signal en cours")
        .says("Signaux passés (1)")
        .says("Signal retiré : perte d’un client majeur, par Direction");
}

#[tokio::test]
async fn only_those_who_follow_a_company_see_its_signals() {
    let (app, mut staff, siren) = house().await;
    note(&mut staff, &siren).await;
    let signal = format!("/signaux/{}/retirer", only_signal(&app).await);
    let company = format!("/entreprises/{siren}");
    let below = |page: &str| format!("{company}/{page}");
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get(&company)
        .await
        .expect(200)
        .hides("premier client")
        .hides("signaux")
        .hides("client majeur")
        .hides("/faits");
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let mut stranger = app.sign_in(Role::Adviser, &[CASTRES]).await;
    for path in [below("signaux/nouveau"), signal] {
        admin.get(&path).await.expect(403);
        elected.get(&path).await.expect(403);
        stranger
            .get(&path)
            .await
            .expect(404)
            .hides("premier client");
    }
    let typed = [("signal", "bank"), ("motif", "La banque refuse un prêt.")];
    stranger
        .post(&below("signaux/nouveau"), &typed)
        .await
        .expect(404);
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser
        .get(&company)
        .await
        .expect(200)
        .says("premier client")
        .hides("/niveau");
    adviser.get(&below("niveau")).await.expect(403);
    assert_eq!(count(&app, "select count(*) from signals").await, 1);
    let page = staff.get(&company).await.expect(200);
    assert!(page.sql <= 8, "{} statements", page.sql);
}

#[tokio::test]
async fn one_view_at_a_time_moves_the_level() {
    let (app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/niveau");
    let form = staff.get(&path).await.expect(200).form(&path);
    assert_eq!(form.value("echeance"), Some("2027-05-24"));
    let page = staff
        .submit(&form.clone().set("echeance", "2027-05-25"))
        .await;
    page.expect(422)
        .says("3 points à corriger")
        .says("plus fragile ou moins fragile")
        .says("indiquez le 24 mai 2027");
    let form = form
        .set("sens", "up")
        .set("motif", "Le dirigeant est hospitalisé.");
    let mut second = app.sign_in(Role::Staff, &[]).await;
    let late = second
        .get(&path)
        .await
        .form(&path)
        .set("sens", "down")
        .set("motif", "La relève est assurée sur place.");
    let done = staff.submit(&form).await.expect(303);
    staff.submit(&form).await.expect(303);
    let page = second.submit(&late).await.expect(409);
    page.says("Un avis est déjà en vigueur")
        .says("Le dirigeant est hospitalisé.");
    assert_eq!(
        page.form(&path).value("sens"),
        Some("down"),
        "what was typed is kept"
    );
    staff
        .get(&done.location().expect("a location"))
        .await
        .expect(200)
        .says("Avis enregistré, valable jusqu’au 24 mai 2027.")
        .says("Avis sur le niveau : niveau relevé d’un cran. Motif : Le dirigeant est hospitalisé.")
        .says("Avis : niveau relevé d’un cran, par Direction");
    // Withdrawn, it leaves room for another the same day.
    let away = format!("{path}/retirer");
    let question = staff.get(&path).await.expect(200).form(&away);
    let short = question.clone().set("motif_retrait", "Trop");
    let page = staff.submit(&short).await.expect(422);
    page.says("Écrivez le motif en dix caractères au moins.");
    let question = page.form(&away);
    let kept = question.value("motif_retrait").map(str::trim);
    assert_eq!(kept, Some("Trop"), "what was typed is kept");
    let question = question.set("motif_retrait", "Le dirigeant est revenu.");
    let done = staff.submit(&question).await.expect(303);
    let page = staff.get(&done.location().expect("a location")).await;
    page.says("Avis retiré : niveau relevé d’un cran, par Direction")
        .says("Le dirigeant est revenu.");
    let again = [
        ("avis", question.value("avis").expect("an id")),
        ("motif_retrait", "Le dirigeant est revenu."),
    ];
    let gone = staff.post(&away, &again).await.expect(409);
    gone.says("n’est plus en vigueur");
    second.submit(&late).await.expect(303);
    // So does one that has expired.
    app.wait(TimeDelta::days(200));
    let mut later = app.session_of(staff.user_id).await;
    let form = later.get(&path).await.expect(200).form(&path);
    let form = form
        .set("sens", "up")
        .set("motif", "Le dirigeant est parti.");
    later.submit(&form).await.expect(303);
    assert_eq!(count(&app, "select count(*) from risk_overrides").await, 3);
}

#[tokio::test]
async fn two_views_at_once_leave_one() {
    let (app, mut staff, siren) = house().await;
    let app = app.patient();
    let path = format!("/entreprises/{siren}/niveau");
    // Both pages are read before either is sent: the first answer would take the form away.
    let mut clients = Vec::new();
    for sens in ["up", "down"] {
        let form = staff.get(&path).await.form(&path);
        let form = form
            .set("sens", sens)
            .set("motif", "Vu ce matin sur place.");
        clients.push((app.session_of(staff.user_id).await, form));
    }
    let rushes: Vec<_> = clients
        .into_iter()
        .map(|(mut client, form)| {
            tokio::spawn(async move { client.submit(&form).await.status.as_u16() })
        })
        .collect();
    let mut answers = Vec::new();
    for rush in rushes {
        answers.push(rush.await.expect("an answer"));
    }
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
}

/// Puts a company where an assessment would: a level, or a state in insolvency law.
async fn stands(app: &TestApp, siren: &str, retained: Option<&str>, state: &str) {
    sqlx::query(
        "with a as (
           insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, completeness,
             state, is_sudden, cause, inputs, inputs_hash, explanation)
           values ($1, '2026-11-24', now(), 'essai', '1.0.0', 80, $3, false, 'Essai.', '{}', 'x', $4)
           returning id)
         insert into company_risks (siren, assessment_id, retained, state, since)
         select $1, id, $2, $3, '2026-11-24' from a
         on conflict (siren) do update set assessment_id = excluded.assessment_id,
           retained = excluded.retained, state = excluded.state",
    )
    .bind(siren)
    .bind(retained)
    .bind(state)
    .bind(serde_json::json!({
        "sentence": "Score 10.", "retained": null, "max_points": 116, "thresholds": [30, 45, 60],
        "factors": [], "themes": [], "causes": [], "past": [], "landmarks": [], "cautions": [],
        "view": null, "closing": null
    }))
    .execute(&app.db.pool)
    .await
    .expect("a level");
}

#[tokio::test]
async fn a_view_says_when_it_has_no_effect_on_the_level() {
    let (app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/niveau");
    let unassessed = "L’entreprise n’est pas évaluée : l’avis n’a aucun effet sur le niveau";
    let procedure = "Une procédure est ouverte, qui remplace le niveau : l’avis n’a aucun effet";
    staff.get(&path).await.expect(200).says(unassessed);
    stands(&app, &siren, Some("low"), "receivership").await;
    staff.get(&path).await.expect(200).says(procedure);
    stands(&app, &siren, Some("low"), "none").await;
    let page = staff.get(&path).await.expect(200);
    page.hides("aucun effet");
    let form = page
        .form(&path)
        .set("sens", "up")
        .set("motif", "Le dirigeant est hospitalisé.");
    // Meanwhile the procedure opens: the answer says it too.
    stands(&app, &siren, Some("low"), "receivership").await;
    let done = staff.submit(&form).await.expect(303);
    let page = staff.get(&done.location().expect("a location")).await;
    page.expect(200)
        .says("Avis enregistré, valable jusqu’au 24 mai 2027. Une procédure");
    staff
        .get(&path)
        .await
        .expect(200)
        .says(procedure)
        .says("Avis en vigueur");
}
