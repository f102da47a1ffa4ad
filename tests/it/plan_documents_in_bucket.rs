//! Documents of actions kept in an S3-compatible store: where their bytes are, what is said when the store is away,
//! and that nothing is left half-done.

use chrono::TimeDelta;
use vigie::domain::Role;
use vigie::platform::checks::{self, Level};
use vigie::platform::jobs;

use crate::mail::run_jobs;
use crate::plan_documents::{PDF, attach, document};
use crate::plan_pages::add;
use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{Company, reference};
use crate::support::s3::{Mode, S3, SECRET_KEY, bucket_of};

/// A site whose documents go to a store, and an action.
async fn house() -> (S3, TestApp, Client, String) {
    let store = S3::start().await;
    let app = TestApp::new().await.keeping_in(Some(store.bucket()));
    reference(&app.db.pool).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    Company::new(1, "EXEMPLE UN").add(&app.db.pool).await;
    let action = add(&mut staff, &[]).await;
    (store, app, staff, action)
}

/// Documents that are there, contents in the database, objects that the database knows of.
async fn kept(app: &TestApp) -> (i64, i64, i64) {
    sqlx::query_as(
        "select (select count(*) from action_documents where removed_at is null),
                (select count(*) from action_document_contents),
                (select count(*) from action_document_objects)",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("counts")
}

/// The hourly upkeep, as the schedule asks for it.
async fn upkeep(app: &TestApp) {
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    jobs::enqueue_once(&mut conn, "upkeep", "upkeep", &(), app.state.clock.now())
        .await
        .expect("a job");
    drop(conn);
    run_jobs(app).await;
}

#[tokio::test]
async fn the_bytes_go_to_the_bucket_alone_and_come_back_through_the_site() {
    let (store, app, mut staff, action) = house().await;
    let path = format!("{action}/documents");
    let form = staff.get(&action).await.expect(200).form(&path);
    // A double click puts nothing twice.
    for _ in 0..2 {
        let files: [(&str, &[u8]); 1] = [("Devis été.pdf", PDF)];
        staff.upload(&form, "document", &files).await.expect(303);
    }
    assert_eq!(kept(&app).await, (1, 0, 1));
    let objects = store.objects();
    assert_eq!(objects.values().collect::<Vec<_>>(), [PDF]);
    let key = objects.keys().next().expect("an object");
    let name = key.strip_prefix("dossier/documents/").expect("the folder");
    name.parse::<uuid::Uuid>().expect("a key, and no name");
    let path = document(&mut staff, &action).await;
    let file = staff.get(&path).await.expect(200);
    assert_eq!(file.bytes, PDF);
    let disposition = file.headers["content-disposition"].to_str().expect("ASCII");
    assert!(disposition.starts_with("attachment; "), "{disposition}");
    app.visitor().get(&path).await.expect(303);
}

#[tokio::test]
async fn a_store_that_is_away_keeps_nothing_and_the_form_says_what_to_do() {
    let (store, app, mut staff, action) = house().await;
    for mode in [Mode::Refuse, Mode::Fail, Mode::Hang] {
        store.set(mode);
        let page = attach(&mut staff, &action, "devis.pdf", PDF).await;
        let page = page.expect(503);
        page.says(
            "L’espace de stockage des documents ne répond pas : ce fichier n’est pas enregistré",
        );
        page.form(&format!("{action}/documents"));
        let (documents, contents, _) = kept(&app).await;
        assert_eq!((documents, contents), (0, 0), "{mode:?}");
    }
    assert!(store.objects().is_empty());
    // What is wrong with the file is said first, whatever the state of the store.
    let page = attach(&mut staff, &action, "devis.pdf", b"MZ\x90\x00").await;
    page.expect(422).says("son contenu n’est pas celui");
}

#[tokio::test]
async fn a_document_that_cannot_be_read_now_says_so_in_words() {
    let (store, _app, mut staff, action) = house().await;
    attach(&mut staff, &action, "devis.pdf", PDF)
        .await
        .expect(303);
    let path = document(&mut staff, &action).await;
    for mode in [Mode::Refuse, Mode::Fail, Mode::Hang] {
        store.set(mode);
        let page = staff.get(&path).await.expect(503);
        page.says("L’espace de stockage des documents ne répond pas. Aucun document n’est perdu");
        page.hides(SECRET_KEY);
    }
    store.set(Mode::Accept);
    store.tamper(|objects| objects.values_mut().for_each(|content| content.push(b'!')));
    let page = staff.get(&path).await.expect(503);
    page.says("n’est plus celui qui a été déposé");
    store.tamper(|objects| {
        let large = vec![b' '; 10 * 1024 * 1024 + 1];
        for content in objects.values_mut() {
            large.clone_into(content);
        }
    });
    let page = staff.get(&path).await.expect(503);
    page.says("n’est plus celui qui a été déposé");
    store.tamper(std::collections::BTreeMap::clear);
    let page = staff.get(&path).await.expect(503);
    page.says("Le contenu de ce document n’est plus dans l’espace de stockage");
}

#[tokio::test]
async fn a_content_that_changed_in_the_database_is_not_sent_either() {
    let (_store, app, mut staff, action) = house().await;
    let app = app.keeping_in(None);
    staff = app.session_of(staff.user_id).await;
    attach(&mut staff, &action, "devis.pdf", PDF)
        .await
        .expect(303);
    let path = document(&mut staff, &action).await;
    sqlx::query("update action_document_contents set content = content || '!'")
        .execute(&mut app.db.owner().await)
        .await
        .expect("another content");
    let page = staff.get(&path).await.expect(503);
    page.says("n’est plus celui qui a été déposé");
}

#[tokio::test]
async fn a_document_that_the_database_refuses_leaves_no_object() {
    let (store, app, mut staff, action) = house().await;
    sqlx::query("alter table action_documents add constraint essai check (name <> 'refus.pdf')")
        .execute(&mut app.db.owner().await)
        .await
        .expect("a constraint");
    attach(&mut staff, &action, "refus.pdf", PDF)
        .await
        .expect(500);
    assert_eq!(kept(&app).await, (0, 0, 0));
    assert!(store.objects().is_empty());
}

#[tokio::test]
async fn the_upkeep_deletes_what_no_document_holds_and_nothing_else() {
    let (store, app, mut staff, action) = house().await;
    for name in ["un.pdf", "deux.pdf"] {
        attach(&mut staff, &action, name, PDF).await.expect(303);
    }
    store.tamper(|objects| {
        objects.insert("dossier/documents/autre".to_owned(), vec![1]);
    });
    // It arrived, and nobody was told.
    store.set(Mode::KeepAndHang);
    attach(&mut staff, &action, "perdu.pdf", PDF)
        .await
        .expect(503);
    store.set(Mode::Accept);
    assert_eq!(store.objects().len(), 4);
    app.wait(TimeDelta::hours(23));
    upkeep(&app).await;
    assert_eq!(store.objects().len(), 4);
    app.wait(TimeDelta::hours(1));
    // A store that is away is asked again later, and the rest of the upkeep is done.
    store.set(Mode::Fail);
    upkeep(&app).await;
    assert_eq!(kept(&app).await, (2, 0, 3));
    store.set(Mode::Accept);
    upkeep(&app).await;
    assert_eq!(kept(&app).await, (2, 0, 2));
    assert_eq!(store.objects().len(), 3);
    // A removed document loses its content at the next upkeep.
    staff = app.session_of(staff.user_id).await;
    let path = document(&mut staff, &action).await;
    let remove = format!("{path}/retirer");
    let form = staff.get(&remove).await.expect(200).form(&remove);
    let form = form.set("motif", "Mauvaise version du devis");
    staff.submit(&form).await.expect(303);
    staff.get(&path).await.expect(410);
    upkeep(&app).await;
    assert_eq!(kept(&app).await, (1, 0, 1));
    assert_eq!(store.objects().len(), 2);
    let left = document(&mut staff, &action).await;
    assert_eq!(staff.get(&left).await.expect(200).bytes, PDF);
    assert!(store.objects().contains_key("dossier/documents/autre"));
}

#[tokio::test]
async fn each_document_is_read_from_where_it_is_whatever_the_settings_become() {
    let (store, app, mut staff, action) = house().await;
    attach(&mut staff, &action, "un.pdf", PDF).await.expect(303);
    let in_bucket = document(&mut staff, &action).await;
    let app = app.keeping_in(None);
    app.wait(TimeDelta::minutes(1));
    let mut staff = app.session_of(staff.user_id).await;
    attach(&mut staff, &action, "deux.pdf", b"%PDF-1.7 deux")
        .await
        .expect(303);
    let in_database = document(&mut staff, &action).await;
    assert_eq!(kept(&app).await, (2, 1, 1));
    assert_eq!(
        staff.get(&in_database).await.expect(200).bytes,
        b"%PDF-1.7 deux"
    );
    let page = staff.get(&in_bucket).await.expect(503);
    page.says("un espace de stockage que ce serveur n’utilise plus")
        .says("VIGIE_DOCUMENTS_STORE");
    let app = app.keeping_in(Some(store.bucket()));
    let mut staff = app.session_of(staff.user_id).await;
    assert_eq!(staff.get(&in_bucket).await.expect(200).bytes, PDF);
    assert_eq!(
        staff.get(&in_database).await.expect(200).bytes,
        b"%PDF-1.7 deux"
    );
}

#[tokio::test]
async fn a_document_is_in_exactly_one_place_until_it_is_removed() {
    let (store, app, mut staff, action) = house().await;
    attach(&mut staff, &action, "un.pdf", PDF).await.expect(303);
    assert_eq!(store.objects().len(), 1);
    for (statement, constraint) in [
        (
            "insert into action_document_contents (document_id, content) select id, 'deux' from action_documents",
            "action_document_contents_of_place",
        ),
        (
            "update action_documents set place = 'database'",
            "action_document_objects_of_place",
        ),
        (
            "delete from action_document_objects",
            "action_documents_content",
        ),
        (
            "update action_document_objects set document_id = null, deletable_from = now()",
            "action_documents_content",
        ),
        (
            "update action_documents set removed_by = added_by, removed_at = added_at, removal_motive = 'Sans objet ici'",
            "action_documents_content",
        ),
    ] {
        let refused = sqlx::query(statement)
            .execute(&mut app.db.owner().await)
            .await;
        let error = refused.expect_err(statement);
        let refusal = error
            .as_database_error()
            .and_then(|cause| cause.constraint());
        assert_eq!(refusal, Some(constraint), "{statement}");
    }
}

#[tokio::test]
async fn the_doctor_tries_the_store_and_says_what_is_wrong() {
    let store = S3::start().await;
    let seen = checks::bucket(&store.bucket()).await;
    assert_eq!(seen.level, Level::Good, "{seen:?}");
    assert_eq!(
        seen.seen,
        "documents are kept in s3://essai/dossier/documents"
    );
    assert!(store.objects().is_empty(), "the probe stays");
    for (mode, said) in [
        (
            Mode::Refuse,
            "writing failed: the store of documents refuses: AccessDenied",
        ),
        (Mode::Fail, "refuses: InternalError"),
        (Mode::Hang, "does not answer in time"),
    ] {
        store.set(mode);
        let seen = checks::bucket(&store.bucket()).await;
        assert_eq!(seen.level, Level::Wrong);
        assert!(seen.seen.contains(said), "{seen:?}");
    }
    store.set(Mode::Accept);
    let mut wrong = [(); 4].map(|()| store.settings());
    wrong[0].s3_secret_key = Some("another".to_owned());
    wrong[1].s3_access_key = Some("ANOTHER".to_owned());
    wrong[2].documents_store = Some("s3://another".to_owned());
    wrong[3].s3_endpoint = Some("http://127.0.0.1:9".to_owned());
    for (settings, mend) in wrong.iter().zip([
        "VIGIE_S3_SECRET_KEY",
        "VIGIE_S3_ACCESS_KEY",
        "create the bucket",
        "VIGIE_S3_ENDPOINT",
    ]) {
        let seen = checks::bucket(&bucket_of(settings)).await;
        assert_eq!(seen.level, Level::Wrong);
        assert!(
            seen.mend.as_ref().is_some_and(|m| m.contains(mend)),
            "{seen:?}"
        );
        assert!(!format!("{seen:?}").contains(SECRET_KEY));
    }
}
