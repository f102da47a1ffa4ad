//! Mail: written with its act, sent by a job to a real SMTP server, whatever that server does.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;
use vigie::app;
use vigie::platform::db;
use vigie::platform::jobs::{Registry, Worker};
use vigie::platform::limits;
use vigie::platform::mail::outbox::{self, Confidentiality, Outgoing};
use vigie::platform::mail::{Attachment, Mail, Mailer};

use crate::support::app::TestApp;
use crate::support::smtp::{Mode, SmtpServer};

fn outgoing(to: &str) -> Outgoing {
    Outgoing {
        kind: "test",
        mail: Mail {
            to: to.to_owned(),
            to_name: "Claire Martin".to_owned(),
            subject: "Vigie\u{a0}: été".to_owned(),
            text: "Bonjour".to_owned(),
            html: "<p>Bonjour</p>".to_owned(),
            ..Mail::default()
        },
        user_id: None,
        confidentiality: Confidentiality::Open,
        related: None,
        unsubscribe_hash: None,
        answer_link: None,
        serves_until: None,
    }
}

async fn ask(app: &TestApp, outgoing: &Outgoing) -> Uuid {
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    outbox::enqueue(
        &mut conn,
        &app.state.mailer,
        outgoing,
        app.state.clock.now(),
    )
    .await
    .expect("a mail")
}

pub async fn run_jobs(app: &TestApp) {
    let worker = Worker::new(
        app.state.pool.clone(),
        app.state.clock.clone(),
        app::jobs(&app.state),
    );
    worker.run_due().await.expect("the queue");
}

async fn state(app: &TestApp, id: Uuid) -> (String, i32, Option<String>) {
    sqlx::query_as("select status, attempts, last_error from mails where id = $1")
        .bind(id)
        .fetch_one(&app.db.pool)
        .await
        .expect("the mail")
}

async fn jobs_left(app: &TestApp) -> i64 {
    sqlx::query_scalar("select count(*) from jobs")
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

async fn house(mode: Mode) -> (SmtpServer, TestApp) {
    let server = SmtpServer::start(mode).await;
    let app = TestApp::with_mailer(server.mailer()).await;
    (server, app)
}

#[tokio::test]
async fn a_mail_exists_exactly_when_its_act_does_and_leaves_once() {
    let (server, app) = house(Mode::Accept).await;
    let now = app.state.clock.now();
    let wanted = outgoing("claire@tarn.example");
    let mut tx = db::begin(&app.state.pool).await.expect("a transaction");
    outbox::enqueue(&mut tx, &app.state.mailer, &wanted, now)
        .await
        .expect("a mail");
    tx.rollback().await.expect("a rollback");
    run_jobs(&app).await;
    assert_eq!(server.received().len(), 0);

    let mut tx = db::begin(&app.state.pool).await.expect("a transaction");
    let with_file = Outgoing {
        mail: Mail {
            attachments: vec![Attachment::pdf("note.pdf", b"%PDF-essai".to_vec())],
            ..wanted.mail
        },
        ..wanted
    };
    let id = outbox::enqueue(&mut tx, &app.state.mailer, &with_file, now)
        .await
        .expect("a mail");
    run_jobs(&app).await;
    assert_eq!(server.received().len(), 0, "before the act is kept");
    tx.commit().await.expect("a commit");
    run_jobs(&app).await;
    run_jobs(&app).await;
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, ["claire@tarn.example"]);
    for part in ["multipart/alternative", "<p>Bonjour</p>", "note.pdf"] {
        assert!(received[0].data.contains(part), "{part}");
    }
    assert_eq!(
        received[0].header("Message-ID"),
        Some(format!("<{id}@tarn.example>"))
    );
    assert_eq!(state(&app, id).await, ("sent".to_owned(), 1, None));
}

#[tokio::test]
async fn an_unknown_recipient_is_refused_at_once_and_never_tried_again() {
    let (server, app) = house(Mode::RefuseRecipient).await;
    let id = ask(&app, &outgoing("inconnu@tarn.example")).await;
    run_jobs(&app).await;
    // The server's words hold the address: only the code is kept.
    assert_eq!(
        state(&app, id).await,
        ("refused".to_owned(), 1, Some("550".to_owned()))
    );
    assert_eq!(jobs_left(&app).await, 0);
    server.set(Mode::Accept);
    app.wait(TimeDelta::hours(2));
    run_jobs(&app).await;
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn a_server_that_asks_to_come_back_gets_the_mail_later() {
    let (server, app) = house(Mode::NotNow).await;
    let id = ask(&app, &outgoing("claire@tarn.example")).await;
    run_jobs(&app).await;
    run_jobs(&app).await;
    assert_eq!(
        state(&app, id).await,
        ("waiting".to_owned(), 1, Some("451".to_owned())),
        "one try until the pause is over"
    );
    server.set(Mode::Accept);
    app.wait(TimeDelta::seconds(31));
    run_jobs(&app).await;
    assert_eq!(state(&app, id).await, ("sent".to_owned(), 2, None));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_wrong_password_of_ours_is_no_refusal_of_the_mail() {
    let (server, app) = house(Mode::RefuseSender).await;
    let id = ask(&app, &outgoing("claire@tarn.example")).await;
    run_jobs(&app).await;
    assert_eq!(state(&app, id).await.0, "waiting");
    server.set(Mode::Accept);
    app.wait(TimeDelta::seconds(31));
    run_jobs(&app).await;
    assert_eq!(state(&app, id).await.0, "sent");
}

#[tokio::test]
async fn a_silent_server_holds_neither_the_job_nor_a_page() {
    let (server, app) = house(Mode::Hang).await;
    let id = ask(&app, &outgoing("claire@tarn.example")).await;
    let tried = tokio::time::timeout(Duration::from_secs(20), run_jobs(&app)).await;
    assert!(tried.is_ok(), "the job waits for ever");
    let (status, attempts, why) = state(&app, id).await;
    assert_eq!((status.as_str(), attempts), ("waiting", 1));
    assert_eq!(why.as_deref(), Some("silent"));
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn a_server_that_dies_after_the_message_gets_it_again_under_the_same_identifier() {
    let (server, app) = house(Mode::DieAfterData).await;
    let id = ask(&app, &outgoing("claire@tarn.example")).await;
    run_jobs(&app).await;
    assert_eq!(state(&app, id).await.0, "waiting");
    server.set(Mode::Accept);
    app.wait(TimeDelta::seconds(31));
    run_jobs(&app).await;
    let ids: Vec<_> = server
        .received()
        .iter()
        .map(|message| message.header("Message-ID").expect("an identifier"))
        .collect();
    assert_eq!(ids, vec![format!("<{id}@tarn.example>"); 2]);
}

#[tokio::test]
async fn after_the_last_try_a_mail_is_given_up_and_its_job_is_gone() {
    let (_server, app) = house(Mode::NotNow).await;
    let id = ask(&app, &outgoing("claire@tarn.example")).await;
    for _ in 0..limits::JOB_ATTEMPTS {
        run_jobs(&app).await;
        app.wait(TimeDelta::hours(1));
    }
    let (status, attempts, _) = state(&app, id).await;
    assert_eq!(
        (status.as_str(), attempts),
        ("failed", limits::JOB_ATTEMPTS)
    );
    assert_eq!(jobs_left(&app).await, 0);
}

#[tokio::test]
async fn without_a_server_mails_are_kept_until_there_is_one() {
    let mut app = TestApp::with_mailer(Mailer::new(None).expect("no mail")).await;
    let id = ask(&app, &outgoing("claire@tarn.example")).await;
    assert_eq!(state(&app, id).await, ("kept".to_owned(), 0, None));
    assert_eq!(jobs_left(&app).await, 0);
    let server = SmtpServer::start(Mode::Accept).await;
    app.state.mailer = server.mailer();
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let now = app.state.clock.now();
    assert_eq!(
        outbox::send_kept(&mut conn, now).await.expect("sent"),
        (1, 0)
    );
    drop(conn);
    run_jobs(&app).await;
    assert_eq!(state(&app, id).await.0, "sent");
    assert_eq!(server.received().len(), 1);
}

/// A node of its own: another runtime, another pool, which end at once when it is killed.
fn node(app: &TestApp, server: &SmtpServer) -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let (options, clock, mailer) = (
        app.db.options().clone(),
        app.state.clock.clone(),
        server.mailer(),
    );
    runtime.spawn(async move {
        let pool = db::pool(options);
        let registry = outbox::handle(Registry::default(), &pool, &mailer, &clock);
        let worker = Worker::new(pool, clock, registry);
        loop {
            worker.run_due().await.expect("the queue");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    runtime
}

#[tokio::test]
async fn two_nodes_of_which_one_is_killed_send_each_mail_once() {
    const MAILS: usize = 200;
    let (server, app) = house(Mode::Accept).await;
    for n in 0..MAILS {
        ask(&app, &outgoing(&format!("personne{n}@tarn.example"))).await;
    }
    let doomed = node(&app, &server);
    let survivor = node(&app, &server);
    wait_for(|| server.received().len() >= 40).await;
    doomed.shutdown_background();
    // What the dead node held is taken over when its lease is past.
    wait_for(|| server.received().len() >= MAILS - 1).await;
    app.wait(TimeDelta::seconds(61));
    for _ in 0..1_000 {
        if jobs_left(&app).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    survivor.shutdown_background();
    assert_eq!(jobs_left(&app).await, 0);
    let received = server.received();
    let different: BTreeSet<_> = received
        .iter()
        .map(|message| message.header("Message-ID"))
        .collect();
    assert_eq!(different.len(), MAILS);
    // Between « taken » and « noted as sent » the kill may fall: the same identifier then comes twice.
    assert!(received.len() <= MAILS + 1, "{}", received.len());
    let sent: i64 = sqlx::query_scalar("select count(*) from mails where status = 'sent'")
        .fetch_one(&app.db.pool)
        .await
        .expect("a count");
    assert_eq!(usize::try_from(sent).expect("a count"), MAILS);
}

async fn wait_for(is_reached: impl Fn() -> bool) {
    for _ in 0..3_000 {
        if is_reached() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came");
}

#[tokio::test]
async fn a_body_loses_its_secret_when_given_up_and_its_text_after_a_month() {
    let server = SmtpServer::start(Mode::RefuseRecipient).await;
    let app = TestApp::with_mailer(server.mailer()).await;
    let link = "https://vigie.tarn.example/invitation/abc";
    let secret = Outgoing {
        answer_link: Some(link.to_owned()),
        serves_until: None,
        ..outgoing("a@tarn.example")
    };
    let secret = Outgoing {
        mail: Mail {
            text: format!("Répondez\u{a0}: {link}"),
            html: format!("<a href=\"{link}\">Répondre</a>"),
            attachments: vec![Attachment::pdf("note.pdf", vec![1])],
            ..secret.mail.clone()
        },
        ..secret
    };
    let id = ask(&app, &secret).await;
    let body = async || -> (String, String, bool, i64) {
        sqlx::query_as(
            "select text, html, is_emptied, (select count(*) from mail_attachments where mail_id = m.id)
             from mails m where id = $1",
        )
        .bind(id)
        .fetch_one(&app.db.pool)
        .await
        .expect("the mail")
    };
    assert!(body().await.0.contains(link), "it waits, whole");
    run_jobs(&app).await;
    assert_eq!(state(&app, id).await.0, "refused");
    let (text, html, is_emptied, files) = body().await;
    assert_eq!(text, "Répondez\u{a0}: (adresse personnelle, effacée)");
    assert_eq!((html.as_str(), is_emptied, files), ("", true, 1));
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let again = outbox::send_again(&mut conn, id, app.state.clock.now()).await;
    assert!(!again.expect("an answer"), "it is not whole any more");
    // A plain one is whole for a month; one that is kept, for as long as it waits.
    server.set(Mode::Accept);
    let plain = ask(&app, &outgoing("b@tarn.example")).await;
    run_jobs(&app).await;
    sqlx::query(
        "insert into mails (id, kind, to_address, to_name, subject, text, html, confidentiality, status, created_at)
         values (gen_random_uuid(), 'test', 'c@tarn.example', '', 'Vigie', 'Gardé', '', 'open', 'kept', $1)",
    )
    .bind(app.state.clock.now())
    .execute(&app.db.pool)
    .await
    .expect("a kept mail");
    let texts = async || -> Vec<String> {
        sqlx::query_scalar("select text from mails order by to_address")
            .fetch_all(&app.db.pool)
            .await
            .expect("texts")
    };
    app.wait(TimeDelta::days(30));
    outbox::purge(&mut conn, app.state.clock.now())
        .await
        .expect("a purge");
    assert_eq!(texts().await[1], "Bonjour");
    app.wait(TimeDelta::seconds(1));
    outbox::purge(&mut conn, app.state.clock.now())
        .await
        .expect("a purge");
    assert_eq!(texts().await, ["", "", "Gardé"]);
    assert_eq!(body().await.3, 0, "nor its files");
    let again = outbox::send_again(&mut conn, plain, app.state.clock.now()).await;
    assert!(!again.expect("an answer"));
}
