//! The screens of imports: deposit, preview, confirmation, report, undo.

use std::future::Future as _;
use std::task::Poll;

use sqlx::Row as _;
use vigie::domain::Role;

use super::office::{establishments, units};
use crate::support::app::{Client, Form, Page, TestApp};

pub async fn app() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let client = app.sign_in(Role::Staff, &[]).await;
    (app, client)
}

/// Deposits files with the form of the page; gives the page of the import.
pub async fn deposit(client: &mut Client, files: &[(&str, &[u8])]) -> Page {
    let form = client
        .get("/imports/nouveau")
        .await
        .expect(200)
        .form("/imports/nouveau");
    let answer = client.upload(&form, "fichiers", files).await.expect(303);
    let location = answer.location().expect("a page");
    client.get(&location).await.expect(200)
}

#[tokio::test]
async fn a_deposit_is_previewed_confirmed_once_and_reported() {
    let (app, mut client) = app().await;
    let (u, e) = (units(), establishments());
    let page = deposit(
        &mut client,
        &[("unites.csv", u.as_bytes()), ("etabs.csv", e.as_bytes())],
    )
    .await;
    page.says("Rien n’est encore enregistré : 14 lignes lues, 14 prêtes, 0 à corriger.");
    page.says("SIRENE, établissements")
        .says("texte sans accents, virgule")
        .says("EXEMPLE CHARPENTE");
    let path = page.path.clone();
    let confirm = page.form(&format!("{path}/confirmer"));
    client.submit(&confirm).await.expect(303);
    // The second click of an impatient hand.
    client.submit(&confirm).await.expect(303);
    let report = client.get(&path).await.expect(200);
    report
        .says("Import enregistré")
        .says("14 lignes créées, 0 modifiée, 0 à corriger");
    let told: i64 = sqlx::query("select count(*) from import_changes")
        .fetch_one(&app.db.pool)
        .await
        .expect("rows")
        .get(0);
    assert_eq!(told, 14);
    client
        .get("/imports")
        .await
        .expect(200)
        .says("Enregistré")
        .says("Insee-Sirene");
    // The files went away with their analysis.
    let spool = app.state.config.data_dir.join("spool");
    assert_eq!(std::fs::read_dir(spool).expect("the spool").count(), 0);
}

#[tokio::test]
async fn the_same_file_again_says_so_and_offers_nothing_to_confirm() {
    let (_app, mut client) = app().await;
    let u = units();
    let page = deposit(&mut client, &[("unites.csv", u.as_bytes())]).await;
    client
        .submit(&page.form(&format!("{}/confirmer", page.path)))
        .await
        .expect(303);
    let again = deposit(&mut client, &[("autre-nom.csv", u.as_bytes())]).await;
    again
        .says("Ce fichier a déjà été importé le")
        .says("Il n’apporte aucune modification.")
        .says("6 lignes lues, toutes déjà à jour. Rien à enregistrer.");
    again.hides("/confirmer");
    let forced = format!("{}/confirmer", again.path);
    client.post(&forced, &[]).await.expect(303);
    let list = client.get("/imports").await.expect(200);
    list.says("Sans effet").hides("À confirmer");
}

#[tokio::test]
async fn changes_are_shown_before_and_after_and_hidden_things_stay_hidden() {
    let (_app, mut client) = app().await;
    let u = units();
    let page = deposit(&mut client, &[("unites.csv", u.as_bytes())]).await;
    client
        .submit(&page.form(&format!("{}/confirmer", page.path)))
        .await
        .expect(303);
    let renamed = u
        .replace("EXEMPLE CHARPENTE", "EXEMPLE OSSATURE BOIS")
        .replace("O,1994-03-01,EXC,,,21", "O,1994-03-01,EXC,,,12");
    let page = deposit(&mut client, &[("unites.csv", renamed.as_bytes())]).await;
    page.says("Nom : EXEMPLE CHARPENTE → devient EXEMPLE OSSATURE BOIS");
    page.says("Tranche d’effectif : 50 à 99 salariés → devient 20 à 49 salariés");
    page.says("6 lignes lues, 6 prêtes");
    for odd in [
        "?voir=companies-created",
        "?voir=nothing",
        "?voir=companies-unchanged&page=1",
    ] {
        client.get(&format!("{}{odd}", page.path)).await.expect(200);
    }
    client
        .get(&format!("{}?page=99", page.path))
        .await
        .expect(404);
    client
        .submit(&page.form(&format!("{}/confirmer", page.path)))
        .await
        .expect(303);
    client
        .get(&page.path)
        .await
        .expect(200)
        .says("Nom : EXEMPLE CHARPENTE → devient EXEMPLE OSSATURE BOIS");
}

#[tokio::test]
async fn a_deposit_without_file_or_with_a_wrong_date_comes_back_with_what_was_typed() {
    let (app, mut client) = app().await;
    let form = client
        .get("/imports/nouveau")
        .await
        .expect(200)
        .form("/imports/nouveau");
    let form = form
        .set("libelle", "SIRENE de novembre")
        .set("date", "2099-01-01");
    let page = client
        .upload(&form, "fichiers", &[("", b"")])
        .await
        .expect(422);
    page.says("2 points à corriger")
        .says("Choisissez au moins un fichier")
        .says("par exemple 01/11/2026");
    assert_eq!(
        page.form("/imports/nouveau").value("libelle"),
        Some("SIRENE de novembre")
    );
    let imports: i64 = sqlx::query("select count(*) from imports")
        .fetch_one(&app.db.pool)
        .await
        .expect("rows")
        .get(0);
    assert_eq!(imports, 0);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_why_and_is_listed_as_refused() {
    let (_app, mut client) = app().await;
    let page = deposit(&mut client, &[("vide.csv", b" ")]).await;
    page.says("« vide.csv » : Le fichier est vide.")
        .says("Import refusé");
    client.get("/imports").await.expect(200).says("Refusé");
}

#[tokio::test]
async fn a_deposit_larger_than_the_limit_is_refused_while_it_comes() {
    let app =
        TestApp::with_settings(|settings| settings.upload_limit_mb = Some("1".to_owned())).await;
    let mut client = app.sign_in(Role::Admin, &[]).await;
    let form = client
        .get("/imports/nouveau")
        .await
        .expect(200)
        .form("/imports/nouveau");
    let page = client
        .upload(&form, "fichiers", &[("gros.csv", &vec![b'x'; 2 << 20])])
        .await
        .expect(413);
    page.says("Le dépôt dépasse 1 Mo.");
    let spool = app.state.config.data_dir.join("spool");
    assert_eq!(std::fs::read_dir(spool).expect("the spool").count(), 0);
}

#[tokio::test]
async fn the_same_form_sent_twice_makes_one_import() {
    let (app, mut client) = app().await;
    let form = client
        .get("/imports/nouveau")
        .await
        .expect(200)
        .form("/imports/nouveau");
    let u = units();
    let one = client
        .upload(&form, "fichiers", &[("u.csv", u.as_bytes())])
        .await
        .expect(303);
    let two = client
        .upload(&form, "fichiers", &[("u.csv", u.as_bytes())])
        .await
        .expect(303);
    assert_eq!(one.location(), two.location());
    let imports: i64 = sqlx::query("select count(*) from imports")
        .fetch_one(&app.db.pool)
        .await
        .expect("rows")
        .get(0);
    assert_eq!(imports, 1);
}

#[tokio::test]
async fn an_import_is_undone_after_a_question_or_refused_with_what_depends_on_it() {
    let (app, mut client) = app().await;
    let page = deposit(&mut client, &[("unites.csv", units().as_bytes())]).await;
    let path = page.path.clone();
    client
        .submit(&page.form(&format!("{path}/confirmer")))
        .await
        .expect(303);
    let question = client.get(&format!("{path}/annuler")).await.expect(200);
    question
        .says("6 lignes créées seront supprimées")
        .hides("0 ligne");
    sqlx::query("insert into contacts (id, siren, full_name) values (gen_random_uuid(), '000020016', 'Camille Essai')")
        .execute(&app.db.pool)
        .await
        .expect("a contact");
    let refused = client
        .submit(&question.form(&format!("{path}/annuler")))
        .await
        .expect(409);
    refused
        .says("ne peut plus être annulé")
        .says("1 contact (Camille Essai)");
    sqlx::query("delete from contacts")
        .execute(&app.db.pool)
        .await
        .expect("none");
    client
        .submit(&question.form(&format!("{path}/annuler")))
        .await
        .expect(303);
    client
        .get(&path)
        .await
        .expect(200)
        .says("Cet import a été défait");
    let left: i64 = sqlx::query("select count(*) from companies")
        .fetch_one(&app.db.pool)
        .await
        .expect("rows")
        .get(0);
    assert_eq!(left, 0);
    let told: i64 = sqlx::query("select count(*) from audit_events where object_type = 'imports' and after ->> 'status' = 'undone'")
        .fetch_one(&app.db.pool)
        .await
        .expect("rows")
        .get(0);
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_preview_is_given_up_and_odd_addresses_lead_nowhere() {
    let (app, mut client) = app().await;
    let page = deposit(&mut client, &[("unites.csv", units().as_bytes())]).await;
    let form = page.form(&format!("{}/abandonner", page.path));
    client.submit(&form).await.expect(303);
    client.submit(&form).await.expect(303);
    client
        .get(&page.path)
        .await
        .expect(200)
        .says("abandonné avant d’être confirmé");
    let staged: i64 = sqlx::query("select count(*) from staged_companies")
        .fetch_one(&app.db.pool)
        .await
        .expect("rows")
        .get(0);
    assert_eq!(staged, 0);
    for odd in [
        "-1",
        "99999999999999999999",
        "abc",
        "00000000-0000-0000-0000-000000000000",
    ] {
        client.get(&format!("/imports/{odd}")).await.expect(404);
    }
    client
        .post(&format!("{}/confirmer", page.path), &[])
        .await
        .expect(303);
    client.get(&page.path).await.expect(200).says("abandonné");
}

#[tokio::test]
async fn only_staff_and_administrators_import() {
    let app = TestApp::new().await;
    app.sign_in(Role::Adviser, &[])
        .await
        .get("/imports")
        .await
        .expect(403);
    app.sign_in(Role::Elected, &[])
        .await
        .get("/imports/nouveau")
        .await
        .expect(403);
    app.visitor().get("/imports").await.expect(303);
}

/// Sends a request and hangs up after the answer was looked for so many times; whether it came.
async fn hang_up(client: &mut Client, form: &Form, after: usize) -> bool {
    let mut answer = Box::pin(client.submit(form));
    let mut looks = 0;
    std::future::poll_fn(|context| {
        looks += 1;
        if looks > after {
            return Poll::Ready(false);
        }
        answer.as_mut().poll(context).map(|_| true)
    })
    .await
}

async fn status(app: &TestApp) -> String {
    sqlx::query_scalar("select status from imports order by created_at desc limit 1")
        .fetch_one(&app.db.pool)
        .await
        .expect("a status")
}

#[tokio::test]
async fn whoever_hangs_up_while_confirming_leaves_no_import_under_way_for_ever() {
    let (app, mut client) = app().await;
    let page = deposit(&mut client, &[("unites.csv", units().as_bytes())]).await;
    let confirm = page.form(&format!("{}/confirmer", page.path));
    let mut after = 1;
    while status(&app).await == "ready" {
        let answered = hang_up(&mut client, &confirm, after).await;
        assert!(!answered || status(&app).await != "ready");
        after += 1;
    }
    for _ in 0..10_000 {
        if status(&app).await == "applied" {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("left {} after {after} looks", status(&app).await);
}

#[tokio::test]
async fn an_import_that_nobody_works_on_any_more_is_told_on_its_page() {
    let (app, mut client) = app().await;
    let page = deposit(&mut client, &[("unites.csv", units().as_bytes())]).await;
    // The audit, which tells when the work began, is silent: it began long ago.
    sqlx::raw_sql(
        "begin; set local vigie.import_id = 'old'; update imports set status = 'applying'; commit",
    )
    .execute(&app.db.pool)
    .await
    .expect("left half-way");
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    let told = vigie::features::imports::tell_interrupted(&mut conn).await;
    assert_eq!(told.expect("the task of every minute"), 1);
    client
        .get(&page.path)
        .await
        .expect(200)
        .says("Import refusé")
        .says("déposez le fichier à nouveau");
    assert_eq!(status(&app).await, "failed");
}
