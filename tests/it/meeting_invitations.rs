//! Meetings at the highest level by mail: read before it leaves, sent once, to the right people.

use chrono::TimeDelta;
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
        .says("à claire@mecanique.example : parti")
        .says("à p.roux@departement.example : parti");
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
        "select count(*) from audit_events a where to_jsonb(a)::text ~ 'claire@mecanique|Claire Martin'
                and object_type = 'meeting_invitations'";
    assert_eq!(count(&app, told).await, 0, "the audit holds nobody");
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
        .says("à c.martin@mecanique.example : parti")
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
        .says("sans serveur de courriel, gardé en attente");
}

async fn replan(staff: &mut Client, meeting: &str) -> Form {
    let path = format!("{meeting}/replanifier");
    staff.get(&path).await.expect(200).form(&path)
}

/// Sends what waits to be told.
async fn tell(app: &TestApp, staff: &mut Client, meeting: &str, what: &str) -> Vec<Mail> {
    let before = app.state.mailer.sent().len();
    let path = format!("{meeting}/prevenir/{what}");
    let page = staff.get(&path).await.expect(200);
    assert!(page.sql <= 8, "{} statements", page.sql);
    let form = page.form(&path);
    staff.submit(&form).await.expect(303);
    // A double click tells once; so does the same page open elsewhere.
    staff.submit(&form).await.expect(303);
    let again: Vec<_> = form
        .fields
        .iter()
        .filter(|(name, _)| name != "_cle")
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    staff.post(&path, &again).await.expect(409);
    run_jobs(app).await;
    app.state.mailer.sent().split_off(before)
}

#[tokio::test]
async fn a_meeting_that_moves_tells_those_who_were_invited() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let meeting = plan(&mut staff, &siren).await;
    invite(&app, &mut staff, &meeting).await;
    let form = replan(&mut staff, &meeting).await;
    assert_eq!(form.value("heure"), Some("14:30"));
    assert_eq!(form.value("representant"), Some("Paul Roux"));
    assert_eq!(form.value("fonction"), Some("vice_president"));
    let form = form
        .set("date", "2026-12-08")
        .set("heure", "9h")
        .set("fin", "11:30")
        .set("lieu", "Hôtel du Département");
    let done = staff.submit(&form).await.expect(303);
    assert_eq!(done.location(), Some(format!("{meeting}#invitation")));
    staff
        .get(&meeting)
        .await
        .says("8 décembre 2026 à 9 h 00, jusqu’à 11 h 30")
        .says("Prévenir du changement (2)");
    app.wait(TimeDelta::minutes(5));
    let sent = tell(&app, &mut staff, &meeting, "changement").await;
    assert_eq!(sent.len(), 2);
    for mail in &sent {
        assert!(mail.subject.starts_with("Changement"), "{}", mail.subject);
        let words = mail.text.replace(['\u{a0}', '\u{202f}'], " ");
        assert!(words.contains("à 9 h 00, jusqu’à 11 h 30"), "{words}");
        assert!(!mail.subject.contains("EXEMPLE"), "{}", mail.subject);
        let text = calendar(mail);
        let id = meeting.rsplit('/').next().expect("an id");
        for line in [
            "METHOD:REQUEST".to_owned(),
            format!("UID:meeting-{id}@vigie"),
            "SEQUENCE:1".to_owned(),
            "DTSTART:20261208T080000Z".to_owned(),
            "DTEND:20261208T103000Z".to_owned(),
            "LOCATION:Hôtel du Département".to_owned(),
        ] {
            assert!(text.contains(&line), "{line} in\n{text}");
        }
    }
    staff
        .get(&meeting)
        .await
        .says("changement envoyé le")
        .hides("Prévenir du changement");
    // What nobody was told of changes nothing for them.
    let form = replan(&mut staff, &meeting).await.set("partage", "oui");
    staff.submit(&form).await.expect(303);
    staff.get(&meeting).await.hides("Prévenir du changement");
}

#[tokio::test]
async fn a_meeting_called_off_leaves_the_calendars() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let meeting = plan(&mut staff, &siren).await;
    invite(&app, &mut staff, &meeting).await;
    let off = format!("{meeting}/decommander");
    let form = staff.get(&meeting).await.form(&off);
    staff.submit(&form).await.expect(303);
    staff
        .get(&meeting)
        .await
        .says("Prévenir de l’annulation (2)")
        .hides("Inviter (");
    let sent = tell(&app, &mut staff, &meeting, "annulation").await;
    assert_eq!(sent.len(), 2);
    for mail in &sent {
        assert!(mail.subject.starts_with("Annulation"), "{}", mail.subject);
        let text = calendar(mail);
        for line in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }
    staff
        .get(&meeting)
        .await
        .says("annulation envoyée le")
        .hides("Prévenir de");
    // And it does not move any more.
    staff
        .get(&format!("{meeting}/replanifier"))
        .await
        .expect(409);
    staff.get(&format!("{meeting}/modifier")).await.expect(409);
}

#[tokio::test]
async fn somebody_else_in_their_place_is_invited_and_they_are_called_off() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let meeting = plan(&mut staff, &siren).await;
    invite(&app, &mut staff, &meeting).await;
    let form = replan(&mut staff, &meeting)
        .await
        .set("representant", "Jeanne Vidal")
        .set("fonction", "president");
    staff.submit(&form).await.expect(303);
    staff
        .get(&meeting)
        .await
        .says("Inviter (1)")
        .says("Prévenir du changement (1)")
        .says("Prévenir de l’annulation (1)")
        .says("parti, n’est plus attendu");
    let off = tell(&app, &mut staff, &meeting, "annulation").await;
    assert_eq!(off.len(), 1);
    assert_eq!(off[0].to, "p.roux@departement.example");
    assert!(off[0].text.contains("Vous n’avez plus à venir"));
    assert!(calendar(&off[0]).contains("METHOD:CANCEL"));
    let changed = tell(&app, &mut staff, &meeting, "changement").await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].to, "claire@mecanique.example");
    assert!(changed[0].text.contains("Jeanne Vidal, Présidence"));
    let path = format!("{meeting}/inviter");
    let page = staff.get(&path).await.expect(200);
    page.says("Adresse de Jeanne Vidal")
        .hides("Adresse de Claire");
    let form = page
        .form(&path)
        .set("departement", "j.vidal@departement.example");
    staff.submit(&form).await.expect(303);
    run_jobs(&app).await;
    let last = app.state.mailer.sent().pop().expect("a mail");
    assert_eq!(last.to, "j.vidal@departement.example");
    assert!(calendar(&last).contains("SEQUENCE:1"));
    // The same person under another function stays invited.
    let form = replan(&mut staff, &meeting)
        .await
        .set("fonction", "director");
    staff.submit(&form).await.expect(303);
    staff
        .get(&meeting)
        .await
        .says("Prévenir du changement (2)")
        .hides("Prévenir de l’annulation")
        .hides("Inviter (");
}

#[tokio::test]
async fn a_move_that_cannot_be_is_refused_with_what_was_typed() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let meeting = plan(&mut staff, &siren).await;
    let path = format!("{meeting}/replanifier");
    for (fields, message) in [
        (vec![("date", "2026-11-20")], "Cette date est passée"),
        (vec![("fin", "14:00")], "La fin vient avant le début"),
        (
            vec![("date", "2027-03-28"), ("heure", "02:30")],
            "Cette heure n’existe pas ce jour-là",
        ),
        (
            vec![("date", "2027-03-28"), ("heure", "01:30"), ("fin", "02:30")],
            "Cette heure n’existe pas ce jour-là",
        ),
    ] {
        let mut form = replan(&mut staff, &meeting).await.set("lieu", "Lavaur");
        for (name, value) in &fields {
            form = form.set(name, value);
        }
        let page = staff.submit(&form).await.expect(422);
        page.says(message);
        let again = page.form(&path);
        assert_eq!(again.value("lieu"), Some("Lavaur"));
        for (name, value) in &fields {
            assert_eq!(again.value(name), Some(*value));
        }
    }
    // The hour that comes twice is the first one.
    let form = replan(&mut staff, &meeting)
        .await
        .set("date", "2027-10-31")
        .set("heure", "02:30");
    staff.submit(&form).await.expect(303);
    let at = "select count(*) from meetings where planned_at = '2027-10-31T00:30:00Z'";
    assert_eq!(count(&app, at).await, 1);
    // Two people at once: the second compares.
    let mut second = app.sign_in(Role::Staff, &[]).await;
    let mine = replan(&mut staff, &meeting).await.set("lieu", "Castres");
    let theirs = replan(&mut second, &meeting).await.set("lieu", "Gaillac");
    second.submit(&theirs).await.expect(303);
    let page = staff.submit(&mine).await.expect(409);
    page.says("Gaillac").says("modifié pendant votre saisie");
    let again = page.form(&path);
    assert_eq!(again.value("lieu"), Some("Castres"));
    staff.submit(&again).await.expect(303);
    staff.get(&meeting).await.says("Castres");
}

/// What a person's private calendar holds.
async fn feed(client: &mut Client) -> String {
    let form = client
        .get("/compte/courriels")
        .await
        .expect(200)
        .form("/compte/agenda");
    let page = client.submit(&form).await.expect(200);
    let address = page.texts("code").pop().expect("the address");
    let path = address
        .strip_prefix("http://localhost:8080")
        .expect("our address");
    let file = client.get(path).await.expect(200);
    file.text.replace("\r\n ", "")
}

#[tokio::test]
async fn a_meeting_to_come_is_in_the_calendar_and_the_week_of_those_concerned() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let mut guest = app.sign_in(Role::Staff, &[]).await;
    let mut other = app.sign_in(Role::Staff, &[]).await;
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let meeting = plan(&mut staff, &siren).await;
    let form = invitation(&mut staff, &meeting)
        .await
        .set("departement", &format!("{}@essai.example", guest.user_id));
    staff.submit(&form).await.expect(303);
    let id = meeting.rsplit('/').next().expect("an id").to_owned();
    for client in [&mut staff, &mut guest] {
        let text = feed(client).await;
        for line in [
            format!("UID:meeting-{id}@vigie"),
            "DTSTART:20261201T133000Z".to_owned(),
            "SUMMARY:Rendez-vous\u{a0}: EXEMPLE MÉCANIQUE".to_owned(),
            format!("/rencontres/{id}"),
        ] {
            assert!(text.contains(&line), "{line} in\n{text}");
        }
    }
    for client in [&mut other, &mut elected] {
        let text = feed(client).await;
        assert!(!text.contains(&id), "{text}");
    }
    // It is today in a week, four hours and a half later: the digest of tomorrow tells it.
    app.wait(TimeDelta::days(1));
    for client in [&mut staff, &mut guest, &mut other, &mut elected] {
        *client = app.session_of(client.user_id).await;
    }
    let preview = "/compte/courriels/apercu";
    staff
        .get(preview)
        .await
        .says("EXEMPLE MÉCANIQUE, le 1er décembre 2026 à 14 h 30, Dans l’entreprise");
    guest
        .get(preview)
        .await
        .says("Rendez-vous des sept prochains jours");
    other.get(preview).await.hides("EXEMPLE MÉCANIQUE");
    elected.get(preview).await.hides("EXEMPLE MÉCANIQUE");
    let off = format!("{meeting}/decommander");
    let form = staff.get(&meeting).await.form(&off);
    staff.submit(&form).await.expect(303);
    assert!(!feed(&mut guest).await.contains(&id));
    guest.get(preview).await.hides("EXEMPLE MÉCANIQUE");
}

/// Writes the essential: the meeting took place that day.
async fn held(staff: &mut Client, meeting: &str, day: &str) {
    let path = format!("{meeting}/entretien");
    let form = staff.get(&path).await.expect(200).form(&path);
    let form = form.set("essentiel", "Investira au printemps.");
    staff.submit(&form.set("date", day)).await.expect(303);
}

#[tokio::test]
async fn a_meeting_held_on_another_day_is_told_to_those_who_were_invited() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let meeting = plan(&mut staff, &siren).await;
    invite(&app, &mut staff, &meeting).await;
    held(&mut staff, &meeting, "2026-11-24").await;
    staff
        .get(&meeting)
        .await
        .says("Prévenir du changement (2)")
        .hides("Inviter (");
    app.wait(TimeDelta::minutes(5));
    let sent = tell(&app, &mut staff, &meeting, "changement").await;
    assert_eq!(sent.len(), 2);
    for mail in &sent {
        let words = mail.text.replace('\u{a0}', " ");
        assert!(mail.subject.starts_with("Date tenue"), "{}", mail.subject);
        assert!(words.contains("Date : le 24 novembre 2026\n"), "{words}");
        assert!(
            !words.contains("14 h 30") && !words.contains("confirmer"),
            "{words}"
        );
        let text = calendar(mail);
        for line in [
            "METHOD:REQUEST",
            "SEQUENCE:1",
            "DTSTART;VALUE=DATE:20261124",
            "DTEND;VALUE=DATE:20261125",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }
    staff.get(&meeting).await.hides("Prévenir du changement");
}

#[tokio::test]
async fn a_meeting_held_on_its_day_is_told_to_nobody_again() {
    let (app, mut staff, siren) = house(TestApp::new().await).await;
    let meeting = plan(&mut staff, &siren).await;
    invite(&app, &mut staff, &meeting).await;
    app.wait(TimeDelta::days(8));
    let mut staff = app.session_of(staff.user_id).await;
    held(&mut staff, &meeting, "2026-12-01").await;
    staff.get(&meeting).await.hides("Prévenir du changement");
}

#[tokio::test]
async fn an_invitation_that_was_kept_serves_no_more_once_the_meeting_was_held() {
    let (app, mut staff, siren) =
        house(TestApp::with_mailer(Mailer::new(None).expect("no mailer")).await).await;
    let meeting = plan(&mut staff, &siren).await;
    let form = invitation(&mut staff, &meeting).await;
    staff.submit(&form).await.expect(303);
    held(&mut staff, &meeting, "2026-11-24").await;
    let given_up = "select count(*) from mails where status = 'failed' and last_error = 'too_late'";
    assert_eq!(count(&app, given_up).await, 2);
    // It never reached them: there is nothing to mend in their calendar.
    staff.get(&meeting).await.hides("Prévenir du changement");
}
