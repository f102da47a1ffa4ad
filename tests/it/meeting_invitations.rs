//! Meetings at the highest level by mail: read before it leaves, sent once, to the right people.

use vigie::domain::Role;
use vigie::platform::mail::{Mail, Mailer};

use crate::mail::run_jobs;
use crate::support::app::{Client, Form, TestApp};
use crate::support::portfolio::{Company, reference};
use crate::support::smtp::{Mode, SmtpServer};

const CONTACT: &str = "00000000-0000-7000-8000-0000000000c1";

/// A company whose head is a contact with an address.
async fn house(app: TestApp) -> (TestApp, Client, String) {
    reference(&app.db.pool).await;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    sqlx::query(
        "insert into contacts (id, siren, full_name, job_title, email)
         values ($1::uuid, $2, 'Claire Martin', 'Présidente', 'claire@mecanique.example')",
    )
    .bind(CONTACT)
    .bind(&siren)
    .execute(&app.db.pool)
    .await
    .expect("a contact");
    (app, staff, siren)
}

/// Plans a meeting with the contact; gives its path.
async fn plan(staff: &mut Client, siren: &str) -> String {
    let path = format!("/entreprises/{siren}/rencontres/plus-haut-niveau");
    let form = staff
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("contact", CONTACT)
        .set("representant", "Paul Roux")
        .set("fonction", "vice_president")
        .set("date", "2026-12-01")
        .set("heure", "14:30")
        .set("lieu", "Dans l’entreprise");
    let done = staff.submit(&form).await.expect(303);
    done.location().expect("a location")
}

async fn invitation(staff: &mut Client, meeting: &str) -> Form {
    let path = format!("{meeting}/inviter");
    let form = staff.get(&path).await.expect(200).form(&path);
    form.set("departement", "p.roux@departement.example")
}

/// Invites both and lets the mails leave.
async fn invite(app: &TestApp, staff: &mut Client, meeting: &str) {
    let form = invitation(staff, meeting).await;
    staff.submit(&form).await.expect(303);
    run_jobs(app).await;
}

fn calendar(mail: &Mail) -> String {
    let file = mail.attachments.first().expect("a calendar");
    String::from_utf8(file.content.clone())
        .expect("UTF-8")
        .replace("\r\n ", "")
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

#[tokio::test]
async fn an_invitation_is_read_then_arrives_once_with_its_calendar() {
    let server = SmtpServer::start(Mode::Accept).await;
    let (app, mut staff, siren) = house(TestApp::with_mailer(server.mailer()).await).await;
    let meeting = plan(&mut staff, &siren).await;
    staff
        .get(&meeting)
        .await
        .says("Personne n’a reçu d’invitation");
    let path = format!("{meeting}/inviter");
    let page = staff.get(&path).await.expect(200);
    page.says("Rendez-vous avec le Département, le 1er décembre 2026 à 14 h 30")
        .says("souhaite rencontrer EXEMPLE MÉCANIQUE")
        .says("Paul Roux, Vice-présidence")
        .says("rendez-vous.ics");
    assert!(page.sql <= 8, "{} statements", page.sql);
    let form = invitation(&mut staff, &meeting).await;
    assert_eq!(form.value("entreprise"), Some("claire@mecanique.example"));
    staff.submit(&form).await.expect(303);
    // The same form again, and another one that was open meanwhile.
    staff.submit(&form).await.expect(303);
    staff
        .post(&path, &[("entreprise", "autre@mecanique.example")])
        .await
        .expect(409)
        .says("déjà reçu cette invitation");
    staff.get(&meeting).await.says("en attente d’envoi");
    run_jobs(&app).await;
    let mut received = server.received();
    received.sort_by(|a, b| a.to.cmp(&b.to));
    let to: Vec<&str> = received.iter().map(|m| m.to[0].as_str()).collect();
    assert_eq!(
        to,
        ["claire@mecanique.example", "p.roux@departement.example"]
    );
    for mail in &received {
        let subject = mail.header("Subject").expect("a subject");
        assert!(!subject.contains("MECANIQUE") && !subject.contains("MÉCANIQUE"));
        assert!(mail.data.contains("method=REQUEST"), "{}", mail.data);
    }
    let page = staff.get(&meeting).await.expect(200);
    page.says("Claire Martin : invitation envoyée le 24 novembre 2026")
        .says("à claire@mecanique.example : partie")
        .says("à p.roux@departement.example : partie");
    assert!(page.sql <= 8, "{} statements", page.sql);
    staff
        .get(&path)
        .await
        .expect(200)
        .says("Personne n’a à recevoir ce courriel");
    assert_eq!(count(&app, "select count(*) from mails").await, 2);
    let traces = "select count(*) from audit_events where object_type = 'meeting_invitations' and verb = 'insert'";
    assert_eq!(count(&app, traces).await, 2);
    let told =
        "select count(*) from audit_events a where to_jsonb(a)::text like '%claire@mecanique%'
                and object_type = 'meeting_invitations'";
    assert_eq!(count(&app, told).await, 0, "the audit holds no address");
}

#[tokio::test]
async fn the_calendar_names_the_hour_the_place_and_who_invites() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let meeting = plan(&mut staff, &siren).await;
    invite(&app, &mut staff, &meeting).await;
    let sent = app.state.mailer.sent();
    let id = meeting.rsplit('/').next().expect("an id");
    for mail in &sent {
        let text = calendar(mail);
        for line in [
            "METHOD:REQUEST".to_owned(),
            format!("UID:meeting-{id}@vigie"),
            "SEQUENCE:0".to_owned(),
            "DTSTART:20261201T133000Z".to_owned(),
            "LOCATION:Dans l’entreprise".to_owned(),
            format!(":mailto:{}", mail.to),
            format!(":mailto:{}@essai.example", staff.user_id),
        ] {
            assert!(text.contains(&line), "{line} in\n{text}");
        }
    }
}

#[tokio::test]
async fn addresses_that_cannot_be_are_refused_with_what_was_typed() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let meeting = plan(&mut staff, &siren).await;
    let path = format!("{meeting}/inviter");
    for (entreprise, departement, message) in [
        (
            "claire@mecanique.example\r\nBcc: tous@exemple.example",
            "p.roux@departement.example",
            "Écrivez l’adresse entière",
        ),
        (
            "claire",
            "p.roux@departement.example",
            "Écrivez l’adresse entière",
        ),
        (
            "P.Roux@departement.example",
            "p.roux@departement.example",
            "Cette adresse est déjà celle de l’autre personne",
        ),
        ("", "", "Écrivez au moins une adresse"),
    ] {
        let form = invitation(&mut staff, &meeting)
            .await
            .set("entreprise", entreprise)
            .set("departement", departement);
        let page = staff.submit(&form).await.expect(422);
        page.says(message);
        assert_eq!(page.form(&path).value("departement"), Some(departement));
    }
    assert_eq!(count(&app, "select count(*) from mails").await, 0);
}

#[tokio::test]
async fn an_address_that_bounces_is_mended_and_only_it_is_written_to_again() {
    let server = SmtpServer::start(Mode::RefuseRecipient).await;
    let (app, mut staff, siren) = house(TestApp::with_mailer(server.mailer()).await).await;
    let meeting = plan(&mut staff, &siren).await;
    let form = invitation(&mut staff, &meeting)
        .await
        .set("departement", "");
    staff.submit(&form).await.expect(303);
    run_jobs(&app).await;
    staff.get(&meeting).await.says("échec, adresse refusée");
    server.set(Mode::Accept);
    let form = invitation(&mut staff, &meeting).await;
    assert_eq!(form.value("entreprise"), Some("claire@mecanique.example"));
    let form = form.set("entreprise", "c.martin@mecanique.example");
    staff.submit(&form).await.expect(303);
    run_jobs(&app).await;
    staff
        .get(&meeting)
        .await
        .says("à c.martin@mecanique.example : partie")
        .hides("échec");
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn without_a_mail_server_an_invitation_is_kept_and_said_so() {
    let (_app, mut staff, siren) =
        house(TestApp::with_mailer(Mailer::new(None).expect("no mailer")).await).await;
    let meeting = plan(&mut staff, &siren).await;
    let path = format!("{meeting}/inviter");
    staff
        .get(&path)
        .await
        .says("Aucun serveur de courriel n’est configuré");
    let form = invitation(&mut staff, &meeting).await;
    staff.submit(&form).await.expect(303);
    staff
        .get(&meeting)
        .await
        .says("gardée, sans serveur de courriel");
}
