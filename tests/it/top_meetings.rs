//! Meetings at the highest level: planned, prepared, told by several people; the diagnosis in versions.

use vigie::domain::Role;
use vigie::features::demo;

use crate::pdf::{pdf_of, printer};
use crate::support::app::{Client, Form, TestApp};
use crate::support::portfolio::{Company, reference};

async fn house() -> (TestApp, Client, String) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff, siren)
}

async fn planned(staff: &mut Client, siren: &str) -> Form {
    let path = format!("/entreprises/{siren}/rencontres/plus-haut-niveau");
    staff
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("dirigeant", "Claire Martin")
        .set("dirigeant_fonction", "Présidente")
        .set("representant", "Paul Roux")
        .set("fonction", "vice_president")
        .set("date", "2026-12-01")
        .set("heure", "14:30")
        .set("lieu", "Dans l’entreprise")
}

async fn plan(staff: &mut Client, siren: &str) -> String {
    let form = planned(staff, siren).await;
    let done = staff.submit(&form).await.expect(303);
    done.location().expect("a location")
}

async fn interview(client: &mut Client, meeting: &str) -> Form {
    let path = format!("{meeting}/entretien");
    client.get(&path).await.expect(200).form(&path)
}

#[tokio::test]
async fn a_meeting_is_planned_at_an_hour_of_paris_and_called_off_once() {
    let (_app, mut staff, siren) = house().await;
    let meeting = plan(&mut staff, &siren).await;
    let page = staff.get(&meeting).await.expect(200);
    page.says("Rendez-vous au plus haut niveau du 1er décembre 2026 à 14 h 30")
        .says("Prévu")
        .says("Claire Martin, Présidente (Entreprise)")
        .says("Paul Roux, Vice-présidence (Département)")
        .says("Personne n’a reçu d’invitation");
    assert!(page.sql <= 8, "{} statements", page.sql);
    staff.get("/").await.expect(200);
    // It is called off once, and then is not to be written.
    let off = format!("{meeting}/decommander");
    let form = page.form(&off);
    staff.submit(&form).await.expect(303);
    staff
        .get(&meeting)
        .await
        .says("Annulé")
        .hides("Écrire l’entretien");
    staff.post(&off, &[]).await.expect(409);
    let path = format!("{meeting}/entretien");
    staff.post(&path, &[]).await.expect(409);
}

#[tokio::test]
async fn a_plan_that_cannot_be_is_refused_with_what_was_typed() {
    let (_app, mut staff, siren) = house().await;
    for (field, value, message) in [
        ("date", "2026-11-23", "Cette date est passée"),
        ("date", "2027-03-28", "Cette heure n’existe pas ce jour-là"),
        ("heure", "midi", "Indiquez l’heure"),
        ("dirigeant", " ", "Indiquez qui dirige l’entreprise"),
        ("lieu", "", "Indiquez où"),
    ] {
        let mut form = planned(&mut staff, &siren).await;
        if value == "2027-03-28" {
            form = form.set("heure", "02:30");
        }
        let page = staff.submit(&form.set(field, value)).await.expect(422);
        page.says(message);
        let again = page.form(&format!("/entreprises/{siren}/rencontres/plus-haut-niveau"));
        assert_eq!(again.value("representant"), Some("Paul Roux"));
    }
    // A name that carries line ends carries them nowhere.
    let form = planned(&mut staff, &siren)
        .await
        .set("representant", "Paul\r\nBcc: tous@exemple.fr");
    let done = staff.submit(&form).await.expect(303);
    let page = staff.get(&done.location().expect("a location")).await;
    page.says("Paul Bcc: tous@exemple.fr, Vice-présidence");
}

#[tokio::test]
async fn an_interview_written_in_several_goes_holds_the_meeting() {
    let (app, mut staff, siren) = house().await;
    let meeting = plan(&mut staff, &siren).await;
    let form = interview(&mut staff, &meeting)
        .await
        .set("partage_market", "Deux clients font la moitié.")
        .set("confidentiel_finance", "SECRET de trésorerie")
        .set("besoin_training", "Former deux soudeurs");
    staff.submit(&form).await.expect(303);
    let page = staff.get(&meeting).await;
    page.says("Prévu")
        .says("Deux clients font la moitié.")
        .hides("SECRET");
    let form = interview(&mut staff, &meeting)
        .await
        .set("essentiel", "Investira si l’atelier est aux normes.")
        .set("date", "2026-11-24")
        .set("signal", "compliance")
        .set("suite", "Envoyer le guide des aides")
        .set("suite_date", "2026-12-15");
    assert_eq!(
        form.value("confidentiel_finance").map(str::trim),
        Some("SECRET de trésorerie")
    );
    staff.submit(&form).await.expect(303);
    let page = staff.get(&meeting).await.expect(200);
    page.says("Investira si l’atelier est aux normes.")
        .says("Envoyer le guide des aides")
        .says("Signaux constatés")
        .hides("Prévu<");
    // A flag that stands is said and no more offered; from a page opened before, it is the same one.
    staff
        .get(&format!("{meeting}/entretien"))
        .await
        .expect(200)
        .says("Déjà notés");
    let mut again = interview(&mut staff, &meeting).await;
    again.fields.push(("signal".into(), "compliance".into()));
    staff.submit(&again).await.expect(303);
    let raised: i64 = sqlx::query_scalar("select count(*) from signals")
        .fetch_one(&app.db.pool)
        .await
        .expect("a count");
    assert_eq!(raised, 1);
    staff
        .get(&format!("{meeting}/confidentiel"))
        .await
        .expect(200)
        .says("SECRET de trésorerie");
    // It stays one at the highest level, with its interview.
    let edit = format!("{meeting}/modifier");
    let form = staff.get(&edit).await.expect(200).form(&edit);
    let mut forged = form.clone();
    forged.fields.retain(|(name, _)| name != "format");
    forged.fields.push(("format".into(), "call".into()));
    staff.submit(&forged).await.expect(422);
    staff.submit(&form).await.expect(303);
    interview(&mut staff, &meeting).await;
    // The note for the next one: what was promised, what is needed, what to ask.
    sqlx::query(
        "with p as (
           insert into action_plans (id, siren, objective, opened_on, opened_by, created_at)
           values (gen_random_uuid(), $1, 'Garder l’atelier.', '2026-11-02', $2, '2026-11-02') returning id)
         insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, starts_on, due_on,
                              created_by, created_at)
         select gen_random_uuid(), p.id, 'land', 'support', 'Viabiliser la parcelle', u.organisation_id,
                '2026-11-02', '2026-12-01', u.id, '2026-11-02'
         from p, users u where u.id = $2",
    )
    .bind(&siren)
    .bind(staff.user_id)
    .execute(&app.db.pool)
    .await
    .expect("an action");
    let next = plan(&mut staff, &siren).await;
    let note = staff.get(&format!("{next}/preparation")).await.expect(200);
    note.says("Envoyer le guide des aides")
        .says("Viabiliser la parcelle")
        .says("Formation : Former deux soudeurs")
        .says("Nous avions promis « Envoyer le guide des aides » : est-ce fait ?")
        .says("Investira si l’atelier")
        .hides("SECRET");
    assert!(note.sql <= 12, "{} statements", note.sql);
    let path = format!("{next}/preparation");
    let form = note.form(&path).set("questions", "Combien de soudeurs ?");
    staff.submit(&form).await.expect(303);
    let version = form.value("version").unwrap_or_default().to_owned();
    staff
        .post(
            &path,
            &[("questions", "La mienne ?"), ("version", &version)],
        )
        .await
        .expect(409)
        .says("Combien de soudeurs ?")
        .says("La mienne ?");
    let lines: i64 = sqlx::query_scalar(
        "select count(*) from audit_events a where to_jsonb(a)::text like '%SECRET%'",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("a count");
    assert_eq!(lines, 0);
}

#[tokio::test]
async fn two_people_in_one_interview_meet_only_on_the_same_theme() {
    let (app, mut first, siren) = house().await;
    let meeting = plan(&mut first, &siren).await;
    let mut second = app.sign_in(Role::Staff, &[]).await;
    let mine = interview(&mut first, &meeting)
        .await
        .set("partage_market", "Le mien.")
        .set("partage_projects", "Un projet.");
    let theirs = interview(&mut second, &meeting)
        .await
        .set("partage_market", "Le leur.")
        .set("partage_finance", "Sain.");
    second.submit(&theirs).await.expect(303);
    let page = first.submit(&mine).await.expect(409);
    page.says("Le leur.")
        .says("Écrit par Direction du Développement Essai");
    let path = format!("{meeting}/entretien");
    let again = page.form(&path);
    assert_eq!(
        again.value("partage_market").map(str::trim),
        Some("Le mien.")
    );
    assert_eq!(again.value("partage_finance").map(str::trim), Some("Sain."));
    assert_eq!(
        again.value("partage_projects").map(str::trim),
        Some("Un projet.")
    );
    first.submit(&again).await.expect(303);
    first
        .get(&meeting)
        .await
        .says("Le mien.")
        .says("Sain.")
        .says("Un projet.")
        .hides("Le leur.");
    // What one did not touch is never taken for a change.
    let untouched = interview(&mut first, &meeting).await;
    let theirs = interview(&mut second, &meeting)
        .await
        .set("partage_market", "À deux.");
    second.submit(&theirs).await.expect(303);
    first
        .submit(&untouched.set("partage_workforce", "Cinquante."))
        .await
        .expect(303);
    first.get(&meeting).await.says("À deux.").says("Cinquante.");
}

#[tokio::test]
async fn who_did_not_touch_the_essential_writes_a_theme_beside_who_did() {
    let (_app, mut staff, siren) = house().await;
    let meeting = plan(&mut staff, &siren).await;
    let other = interview(&mut staff, &meeting).await;
    let first = interview(&mut staff, &meeting)
        .await
        .set("essentiel", "Investira au printemps.")
        .set("date", "2026-11-24");
    staff.submit(&first).await.expect(303);
    let late = other.set("partage_market", "Deux clients font la moitié.");
    staff.submit(&late).await.expect(303);
    staff
        .get(&meeting)
        .await
        .says("Investira au printemps.")
        .says("Deux clients font la moitié.");
}

#[tokio::test]
async fn an_interview_that_is_refused_keeps_everything() {
    let (_app, mut staff, siren) = house().await;
    let meeting = plan(&mut staff, &siren).await;
    let form = interview(&mut staff, &meeting)
        .await
        .set("partage_market", "À garder.")
        .set("essentiel", "Vu.")
        .set("date", "2026-12-24");
    let page = staff.submit(&form).await.expect(422);
    page.says("Cette date est à venir");
    let path = format!("{meeting}/entretien");
    let again = page.form(&path);
    assert_eq!(
        again.value("partage_market").map(str::trim),
        Some("À garder.")
    );
    staff
        .submit(&again.set("date", "2026-11-20"))
        .await
        .expect(303);
    staff.get(&meeting).await.says("À garder.");
}

#[tokio::test]
async fn a_diagnosis_is_kept_in_versions() {
    let (app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/diagnostic");
    let page = staff.get(&path).await.expect(200);
    staff
        .submit(&page.form(&path))
        .await
        .expect(422)
        .says("au moins une des cinq parties");
    let form = page.form(&path).set("strategie", "Monter en gamme.");
    staff.submit(&form).await.expect(303);
    let mut second = app.sign_in(Role::Staff, &[]).await;
    let mine = staff
        .get(&path)
        .await
        .form(&path)
        .set("effectif_aide", "Deux soudeurs.");
    let theirs = second
        .get(&path)
        .await
        .form(&path)
        .set("technique", "Un robot.");
    second.submit(&theirs).await.expect(303);
    let page = staff.submit(&mine).await.expect(409);
    page.says("Un robot.");
    let again = page.form(&path);
    assert_eq!(
        again.value("effectif_aide").map(str::trim),
        Some("Deux soudeurs.")
    );
    staff.submit(&again).await.expect(303);
    let page = staff.get(&path).await.expect(200);
    page.says("Version 3")
        .says("Version 2")
        .says("Version 1")
        .says("Un robot.");
    assert!(page.sql <= 6, "{} statements", page.sql);
    // The same again adds nothing.
    staff
        .submit(&page.form(&path))
        .await
        .expect(422)
        .says("Rien n’a changé");
    let mut owner = app.db.owner().await;
    for sql in [
        "update diagnoses set strategy = 'x'",
        "delete from diagnoses",
    ] {
        assert!(
            sqlx::raw_sql(sql).execute(&mut owner).await.is_err(),
            "{sql}"
        );
    }
}

#[tokio::test]
async fn a_need_that_is_not_pursued_says_why_and_may_be_taken_back() {
    let (app, mut staff, siren) = house().await;
    let meeting = plan(&mut staff, &siren).await;
    let form = interview(&mut staff, &meeting)
        .await
        .set("besoin_training", "Former deux soudeurs")
        .set("besoin_land", "Un terrain");
    staff.submit(&form).await.expect(303);
    let page = staff.get(&meeting).await.expect(200);
    page.says("Formation : Former deux soudeurs")
        .says("Ne pas poursuivre : Un terrain");
    assert!(page.sql <= 8, "{} statements", page.sql);
    let id: uuid::Uuid =
        sqlx::query_scalar("select id from company_needs where dossier = 'training'")
            .fetch_one(&app.db.pool)
            .await
            .expect("a need");
    let path = format!("/besoins/{id}/abandonner");
    let question = staff.get(&path).await.expect(200).form(&path);
    let refused = staff.submit(&question.clone().set("motif", "non")).await;
    refused
        .expect(422)
        .says("Dites pourquoi")
        .says("Former deux soudeurs");
    let form = question
        .clone()
        .set("motif", "Déjà financé, SECRET de la Région");
    staff.submit(&form).await.expect(303);
    staff.submit(&form).await.expect(303);
    // Somebody who had the question open meanwhile.
    let fields = [("motif", "Un autre motif que voilà"), ("version", "1")];
    staff.post(&path, &fields).await.expect(409);
    let page = staff.get(&meeting).await.expect(200);
    page.says("non poursuivi depuis le 24 novembre 2026")
        .says("Déjà financé, SECRET de la Région");
    let note = format!("{meeting}/preparation");
    staff
        .get(&note)
        .await
        .says("Un terrain")
        .hides("Former deux soudeurs");
    // A motive is told to nobody else, the journal included.
    let told: i64 = sqlx::query_scalar(
        "select count(*) from audit_events a where to_jsonb(a)::text like '%SECRET%'",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("a count");
    assert_eq!(told, 0);
    let back = format!("/besoins/{id}/reprendre");
    staff.submit(&page.form(&back)).await.expect(303);
    staff
        .get(&meeting)
        .await
        .says("Ne pas poursuivre : Former deux soudeurs")
        .hides("SECRET");
    staff.get(&note).await.says("Former deux soudeurs");
}

#[tokio::test]
async fn the_note_is_one_page_for_the_longest_company_of_the_demonstration() {
    let Some(printer) = printer() else { return };
    let app = TestApp::new().await.printing_with(printer);
    demo::load(&app.state.pool, &app.state.clock, "81")
        .await
        .expect("the demonstration");
    let (siren, name): (String, String) = sqlx::query_as(
        "select c.siren, c.name from companies c
         join company_risks r using (siren) join risk_assessments a on a.id = r.assessment_id
         order by length(c.name) + length(a.explanation::text) desc limit 1",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("the longest company");
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let meeting = plan(&mut staff, &siren).await;
    // Everything that people may have written, at its longest.
    let long = "Recruter deux soudeurs et former trois apprentis avant l’été. ".repeat(4);
    for dossier in [
        "training",
        "land",
        "research",
        "environment",
        "accessibility",
    ] {
        let form = interview(&mut staff, &meeting)
            .await
            .set(&format!("besoin_{dossier}"), &long)
            .set("suite", "Envoyer le guide des aides à l’investissement")
            .set("suite_date", "2026-12-15");
        staff.submit(&form).await.expect(303);
    }
    let note = format!("{meeting}/preparation");
    let page = staff.get(&note).await.expect(200);
    page.says("Télécharger en PDF");
    let questions = "Où en est le projet d’extension et qui le paie, à votre avis ?\n".repeat(30);
    let form = page.form(&note).set("questions", &questions);
    staff.submit(&form).await.expect(303);
    let read = pdf_of(&staff.get(&format!("{note}.pdf")).await.expect(200));
    assert_eq!(read.fact("Pages"), "1", "{}", read.text);
    assert_eq!(read.fact("Tagged"), "yes");
    assert!(read.fact("Page size").contains("A4"), "{}", read.info);
    let title = format!("Préparer le rendez-vous, {name} – Vigie");
    assert_eq!(read.fact("Title"), title);
    read.says(&name)
        .says("Questions à poser")
        .says("Et 22 autres questions, à lire dans Vigie.")
        .says("Exporté de Vigie le 24 novembre 2026 par Direction du Développement Essai")
        .says("Page 1 sur 1");
    assert!(
        !read.text.contains("Changer les questions"),
        "{}",
        read.text
    );
    let traced: String =
        sqlx::query_scalar("select object_label from audit_events where verb = 'export'")
            .fetch_one(&app.db.pool)
            .await
            .expect("one export");
    assert_eq!(traced, format!("la note de préparation sur {name}"));
}
