//! The outbox and the jobs on screen: what waits, was kept, refused; sent again, restarted, abandoned.

use uuid::Uuid;
use vigie::domain::Role;
use vigie::platform::mail::Mailer;

use crate::mail::run_jobs;
use crate::support::app::{Client, TestApp};
use crate::support::smtp::{Mode, SmtpServer};

const LIST: &str = "/reglages/courriels";

async fn add(app: &TestApp, n: u32, status: &str, confidentiality: &str) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into mails (id, kind, to_address, to_name, subject, text, html, confidentiality, status,
           last_error, created_at, sent_at)
         values ($1, 'digest', $2, 'Personne ' || $3, 'Vigie : votre semaine', $4, '', $5, $6,
                 case when $6 = 'refused' then '550' end, $7, case when $6 = 'sent' then $7 end)",
    )
    .bind(id)
    .bind(format!("personne{n}@tarn.example"))
    .bind(n.to_string())
    .bind(if confidentiality == "secret" { "" } else { "PHRASE DU TEXTE" })
    .bind(confidentiality)
    .bind(status)
    .bind(app.state.clock.now())
    .execute(&app.db.pool)
    .await
    .expect("a mail");
    id
}

async fn park(app: &TestApp, kind: &str, payload: serde_json::Value) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into jobs (id, kind, payload, run_at, attempts, last_error, parked_at)
         values ($1, $2, $3, $4, 8, 'no luck', $4)",
    )
    .bind(id)
    .bind(kind)
    .bind(payload)
    .bind(app.state.clock.now())
    .execute(&app.db.pool)
    .await
    .expect("a job");
    id
}

async fn status(app: &TestApp, id: Uuid) -> String {
    sqlx::query_scalar("select status from mails where id = $1")
        .bind(id)
        .fetch_one(&app.db.pool)
        .await
        .expect("the mail")
}

async fn house() -> (SmtpServer, TestApp, Client) {
    let server = SmtpServer::start(Mode::Accept).await;
    let app = TestApp::with_mailer(server.mailer()).await;
    let admin = app.sign_in(Role::Admin, &[]).await;
    (server, app, admin)
}

#[tokio::test]
async fn the_list_filters_by_the_address_and_costs_the_same_for_any_length() {
    let (_server, app, mut admin) = house().await;
    admin.get(LIST).await.expect(200).says("Aucun courriel");
    for n in 0..60 {
        add(&app, n, "sent", "open").await;
    }
    add(&app, 90, "refused", "open").await;
    let page = admin.get(LIST).await.expect(200);
    page.says("61 courriels, de 1 à 50")
        .says("refusé par le serveur, destinataire inconnu ou fermé (code 550)");
    assert!(page.sql <= 4, "{} statements", page.sql);
    admin.get(&format!("{LIST}?page=2")).await.expect(200);
    admin.get(&format!("{LIST}?page=3")).await.expect(404);
    let page = admin.get(&format!("{LIST}?etat=refused")).await.expect(200);
    page.says("1 courriel")
        .says("Personne 90")
        .hides("Personne 12");
    admin
        .get(&format!("{LIST}?etat=kept"))
        .await
        .says("Aucun courriel pour ces filtres");
    admin
        .get(&format!("{LIST}?etat=nimporte"))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_mail_is_read_only_by_who_may() {
    let (_server, app, mut admin) = house().await;
    for (confidentiality, is_shown) in [("open", true), ("reserved", false), ("secret", false)] {
        let id = add(&app, 1, "sent", confidentiality).await;
        let page = admin.get(&format!("{LIST}/{id}")).await.expect(200);
        assert!(page.sql <= 4, "{} statements", page.sql);
        assert_eq!(
            page.words().contains("PHRASE DU TEXTE"),
            is_shown,
            "{confidentiality}"
        );
        if confidentiality == "secret" {
            page.says("Contenu non conservé").hides("Renvoyer");
        }
    }
}

#[tokio::test]
async fn a_refused_mail_is_sent_again_and_the_journal_says_by_whom() {
    let (server, app, mut admin) = house().await;
    let id = add(&app, 1, "refused", "open").await;
    let path = format!("{LIST}/{id}/renvoyer");
    let form = admin.get(&format!("{LIST}/{id}")).await.form(&path);
    admin.submit(&form).await.expect(303);
    // A double click sends once.
    admin.submit(&form).await.expect(303);
    admin.post(&path, &[]).await.expect(409);
    run_jobs(&app).await;
    assert_eq!(status(&app, id).await, "sent");
    assert_eq!(server.received().len(), 1);
    admin
        .get("/journal?objet=mails")
        .await
        .says("a renvoyé le courriel « Résumé de la semaine » à Personne 1");
}

#[tokio::test]
async fn kept_mails_leave_together_once_there_is_a_server() {
    let (server, app, mut admin) = house().await;
    for n in 0..3 {
        add(&app, n, "kept", "reserved").await;
    }
    let page = admin.get(LIST).await.expect(200);
    page.says("3 courriels ont été gardés");
    let form = page.form("/reglages/courriels/envoyer");
    admin.submit(&form).await.expect(303);
    run_jobs(&app).await;
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn without_a_server_nothing_is_offered_and_nothing_fails() {
    let app = TestApp::with_mailer(Mailer::new(None).expect("no mail")).await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    let id = add(&app, 1, "kept", "open").await;
    admin
        .get(LIST)
        .await
        .expect(200)
        .says("Aucun serveur de courriel n’est configuré")
        .hides("Envoyer les courriels gardés");
    let page = admin.get(&format!("{LIST}/{id}")).await.expect(200);
    page.hides("Renvoyer");
    admin
        .post(&format!("{LIST}/{id}/renvoyer"), &[])
        .await
        .expect(409);
    admin
        .post("/reglages/courriels/envoyer", &[])
        .await
        .expect(409);
    assert_eq!(status(&app, id).await, "kept");
}

#[tokio::test]
async fn a_parked_job_is_restarted_or_abandoned_with_its_mail() {
    let (server, app, mut admin) = house().await;
    let mail = add(&app, 1, "waiting", "open").await;
    let job = park(&app, "mail.send", serde_json::json!({ "mail_id": mail })).await;
    let lost = add(&app, 2, "waiting", "open").await;
    let hopeless = park(&app, "mail.send", serde_json::json!({ "mail_id": lost })).await;
    let page = admin.get("/reglages/taches").await.expect(200);
    page.says("2 tâches arrêtées, 0 tâche en attente")
        .says("Envoi d’un courriel")
        .says("Détail technique : no luck");
    assert!(page.sql <= 4, "{} statements", page.sql);
    let restart = page.form(&format!("/reglages/taches/{job}/relancer"));
    admin.submit(&restart).await.expect(303);
    let question = format!("/reglages/taches/{hopeless}/abandonner");
    let confirm = admin.get(&question).await.expect(200).form(&question);
    admin.submit(&confirm).await.expect(303);
    run_jobs(&app).await;
    assert_eq!(status(&app, mail).await, "sent");
    assert_eq!(status(&app, lost).await, "failed");
    assert_eq!(server.received().len(), 1);
    admin.get(&question).await.expect(404);
    admin.post(&question, &[]).await.expect(404);
    admin
        .get("/journal?objet=jobs")
        .await
        .says("a relancé la tâche « Envoi d’un courriel »")
        .says("a abandonné la tâche « Envoi d’un courriel »");
}

#[tokio::test]
async fn the_link_that_opens_an_account_is_nowhere_in_the_outbox() {
    let (server, app, mut admin) = house().await;
    let person = app.sign_in(Role::Staff, &[]).await;
    let path = format!("/utilisateurs/{}", person.user_id);
    let link = format!("{path}/lien");
    let form = admin.get(&path).await.expect(200).form(&link);
    admin.submit(&form).await.expect(303);
    run_jobs(&app).await;
    let received = server.received();
    assert_eq!(received.len(), 1);
    let rows: Vec<(String, String, String, i32)> = sqlx::query_as(
        "select text || html, status, kind, (select count(*)::int from jobs) from mails",
    )
    .fetch_all(&app.db.pool)
    .await
    .expect("the outbox");
    assert_eq!(
        rows,
        [(String::new(), "sent".to_owned(), "reset".to_owned(), 0)]
    );
}
