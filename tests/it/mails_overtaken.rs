//! Mails that come too late: what they announce is past, called off or was held; they are given up, in words.

use chrono::TimeDelta;
use uuid::Uuid;
use vigie::domain::Role;
use vigie::platform::mail::outbox::{self, Confidentiality, Outgoing};
use vigie::platform::mail::{Mail, Mailer};

use crate::mail::run_jobs;
use crate::support::app::{Client, TestApp};
use crate::support::smtp::{Mode, SmtpServer};
use crate::workshops::{BANKER, house, invite, plan};

const LIST: &str = "/reglages/courriels";

/// A workshop of the 3rd of December whose banker is invited while there is no mail server.
async fn kept() -> (TestApp, String) {
    let (app, mut staff) = house().await;
    let app = app.mailing_with(Mailer::new(None).expect("no mail"));
    let mut offline = app.session_of(staff.user_id).await;
    let path = plan(&mut staff, "2026-12-03").await;
    invite(&mut staff, &path, &[&format!("p:{BANKER}")]).await;
    let to = format!("{path}/envoyer/invitations");
    let form = offline.get(&to).await.expect(200).form(&to);
    offline.submit(&form).await.expect(303);
    assert_eq!(fate(&app).await, ("kept".to_owned(), None));
    (app, path)
}

async fn fate(app: &TestApp) -> (String, Option<String>) {
    sqlx::query_as("select status, last_error from mails")
        .fetch_one(&app.db.pool)
        .await
        .expect("one mail")
}

#[tokio::test]
async fn an_invitation_kept_until_after_the_workshop_does_not_leave() {
    let (app, _) = kept().await;
    let server = SmtpServer::start(Mode::Accept).await;
    let app = app.mailing_with(server.mailer());
    app.wait(TimeDelta::days(10));
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let form = admin.get(LIST).await.form(&format!("{LIST}/envoyer"));
    admin.submit(&form).await.expect(303);
    admin.get(LIST).await.says("déjà passé ne part pas");
    run_jobs(&app).await;
    assert!(server.received().is_empty());
    let expected = ("failed".to_owned(), Some("too_late".to_owned()));
    assert_eq!(fate(&app).await, expected);
    let id: Uuid = sqlx::query_scalar("select id from mails")
        .fetch_one(&app.db.pool)
        .await
        .expect("the mail");
    // Its page says why, and leads nowhere that an administrator may not go.
    let page = admin.get(&format!("{LIST}/{id}")).await.expect(200);
    page.says("ce qu’il annonce est passé, annulé ou déjà tenu")
        .hides("Renvoyer")
        .hides("Page liée");
    admin
        .post(&format!("{LIST}/{id}/renvoyer"), &[])
        .await
        .expect(409)
        .says("n’a plus d’objet");
}

#[tokio::test]
async fn an_invitation_that_waits_is_given_up_when_its_workshop_is_called_off() {
    let (app, path) = kept().await;
    sqlx::query("update workshops set cancelled_at = now(), cancel_motive = 'Salle fermée'")
        .execute(&app.db.pool)
        .await
        .expect("called off");
    let expected = ("failed".to_owned(), Some("too_late".to_owned()));
    assert_eq!(fate(&app).await, expected);
    // Who was never reached is told of nothing.
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    staff
        .get(&format!("{path}/envoyer/annulation"))
        .await
        .expect(200)
        .says("Personne n’a à recevoir ce courriel");
}

#[tokio::test]
async fn who_read_an_invitation_is_told_that_it_is_called_off_though_the_last_mail_did_not_leave() {
    let server = SmtpServer::start(Mode::Accept).await;
    let (app, mut staff) = house().await;
    let app = app.mailing_with(server.mailer());
    let path = plan(&mut staff, "2026-12-03").await;
    let mut staff = app.session_of(staff.user_id).await;
    invite(&mut staff, &path, &[&format!("p:{BANKER}")]).await;
    let post = async |staff: &mut Client, to: String, field: &str, value: &str| {
        let form = staff.get(&to).await.expect(200).form(&to);
        let form = if field.is_empty() {
            form
        } else {
            form.set(field, value)
        };
        staff.submit(&form).await.expect(303);
    };
    post(&mut staff, format!("{path}/envoyer/invitations"), "", "").await;
    run_jobs(&app).await;
    post(&mut staff, format!("{path}/modifier"), "jour", "2026-12-04").await;
    // The change waits: no job runs.
    post(&mut staff, format!("{path}/envoyer/changement"), "", "").await;
    post(
        &mut staff,
        format!("{path}/annuler"),
        "motif",
        "Salle fermée",
    )
    .await;
    post(&mut staff, format!("{path}/envoyer/annulation"), "", "").await;
    run_jobs(&app).await;
    let received = server.received();
    let subjects: Vec<bool> = received
        .iter()
        .map(|mail| mail.data.contains("METHOD:CANCEL") || mail.data.contains("method=CANCEL"))
        .collect();
    assert_eq!(subjects, [false, true], "{} mails", received.len());
}

#[tokio::test]
async fn a_mail_that_waits_while_its_hour_passes_is_given_up_by_its_job() {
    let server = SmtpServer::start(Mode::Accept).await;
    let app = TestApp::with_mailer(server.mailer()).await;
    let now = app.state.clock.now();
    let outgoing = announcing(Some(now + TimeDelta::hours(1)));
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    outbox::enqueue(&mut conn, &app.state.mailer, &outgoing, now)
        .await
        .expect("a mail");
    drop(conn);
    app.wait(TimeDelta::hours(2));
    run_jobs(&app).await;
    assert!(server.received().is_empty());
    assert_eq!(fate(&app).await.0, "failed");
}

#[tokio::test]
async fn an_invitation_kept_while_its_workshop_moves_never_announces_the_former_day() {
    let (app, path) = kept().await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    // Nothing left yet: nobody is late to answer.
    staff
        .get(&format!("{path}/envoyer/rappels"))
        .await
        .expect(200)
        .says("Personne n’a à recevoir ce courriel");
    let to = format!("{path}/modifier");
    let form = staff.get(&to).await.form(&to).set("jour", "2026-12-01");
    staff.submit(&form).await.expect(303);
    let expected = ("failed".to_owned(), Some("superseded".to_owned()));
    assert_eq!(fate(&app).await, expected);
    // They never read anything: what is due is an invitation, to the new day.
    staff
        .get(&format!("{path}/envoyer/changement"))
        .await
        .expect(200)
        .says("Personne n’a à recevoir ce courriel");
    staff
        .get(&format!("{path}/envoyer/invitations"))
        .await
        .expect(200)
        .says("1er décembre 2026")
        .says("L’ordre du jour est vide");
}

fn announcing(serves_until: Option<chrono::DateTime<chrono::Utc>>) -> Outgoing {
    Outgoing {
        kind: "digest",
        mail: Mail {
            to: "claire@tarn.example".to_owned(),
            subject: "Vigie".to_owned(),
            text: "Bonjour".to_owned(),
            html: "<p>Bonjour</p>".to_owned(),
            unsubscribe: Some("https://vigie.example/arreter/secret".to_owned()),
            ..Mail::default()
        },
        user_id: None,
        confidentiality: Confidentiality::Open,
        related: None,
        unsubscribe_hash: Some(vec![1; 32]),
        answer_link: None,
        serves_until,
    }
}

#[tokio::test]
async fn a_mail_sent_again_by_hand_is_the_same_mail_and_still_says_how_to_stop() {
    let server = SmtpServer::start(Mode::RefuseRecipient).await;
    let app = TestApp::with_mailer(server.mailer()).await;
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let now = app.state.clock.now();
    let id = outbox::enqueue(&mut conn, &app.state.mailer, &announcing(None), now)
        .await
        .expect("a mail");
    drop(conn);
    run_jobs(&app).await;
    assert_eq!(fate(&app).await.0, "refused");
    server.set(Mode::Accept);
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let again = format!("{LIST}/{id}/renvoyer");
    let form = admin.get(&format!("{LIST}/{id}")).await.form(&again);
    admin.submit(&form).await.expect(303);
    run_jobs(&app).await;
    let received = server.received();
    assert_eq!(received.len(), 1);
    let known = received[0].header("Message-ID").expect("an identifier");
    assert!(
        known.contains(&id.to_string()) || known.contains(&id.simple().to_string()),
        "{known}"
    );
    let stop = received[0].header("List-Unsubscribe").expect("a way out");
    assert!(
        stop.contains("https://vigie.example/arreter/secret"),
        "{stop}"
    );
}
