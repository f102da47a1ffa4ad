//! Documents of an action: what they are by their bytes, who reads them, how they go.

use vigie::domain::Role;

use crate::plan_pages::add;
use crate::support::app::{Client, Page, TestApp};
use crate::support::portfolio::{ALBIGEOIS, Company, reference};

pub const PDF: &[u8] = b"%PDF-1.7 devis";

/// A site whose scan command knows the EICAR test file.
async fn house() -> (TestApp, Client, String) {
    let app = TestApp::with_settings(|settings| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/support/scanner.sh");
        settings.scan_command = Some(script.into());
    })
    .await;
    reference(&app.db.pool).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    Company::new(1, "EXEMPLE UN").add(&app.db.pool).await;
    let action = add(&mut staff, &[]).await;
    (app, staff, action)
}

pub async fn attach(client: &mut Client, action: &str, name: &str, content: &[u8]) -> Page {
    let path = format!("{action}/documents");
    let form = client.get(action).await.expect(200).form(&path);
    client.upload(&form, "document", &[(name, content)]).await
}

async fn kept(app: &TestApp) -> (i64, i64) {
    sqlx::query_as(
        "select (select count(*) from action_documents where removed_at is null),
                (select count(*) from action_document_contents)",
    )
    .fetch_one(&app.db.pool)
    .await
    .expect("counts")
}

/// Where the page of an action leads to read its document.
pub async fn document(client: &mut Client, action: &str) -> String {
    let page = client.get(action).await.expect(200);
    let at = page.text.find("href=\"/documents/").expect("a document") + 6;
    page.text[at..].chars().take_while(|c| *c != '"').collect()
}

#[tokio::test]
async fn a_document_is_kept_once_and_leaves_as_a_file() {
    let (app, mut staff, action) = house().await;
    let path = format!("{action}/documents");
    let form = staff.get(&action).await.expect(200).form(&path);
    for _ in 0..2 {
        let files: [(&str, &[u8]); 1] = [("../Devis été.pdf", PDF)];
        staff.upload(&form, "document", &files).await.expect(303);
    }
    assert_eq!(kept(&app).await, (1, 1));
    staff.get(&action).await.says("Devis été.pdf").says("1 Ko");
    let path = document(&mut staff, &action).await;
    let file = staff.get(&path).await.expect(200);
    assert_eq!(file.text.as_bytes(), PDF);
    let header = |name: &str| file.headers[name].to_str().expect("a header").to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"document.pdf\"; filename*=UTF-8''Devis%20%C3%A9t%C3%A9.pdf"
    );
    // Who took it is known, and nothing of what it is called.
    let told: Vec<String> = sqlx::query_scalar(
        "select actor_name || ' ' || object_label from audit_events where verb = 'export' and object_type = 'action_documents'",
    )
    .fetch_all(&app.db.pool)
    .await
    .expect("the audit");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with("un document"), "{told:?}");
}

#[tokio::test]
async fn what_lies_is_infected_or_too_large_is_not_kept() {
    let (app, mut staff, action) = house().await;
    // Written in two parts, so that no scanner takes this source for the real thing.
    let infected = concat!("%PDF-1.7 EICAR-STAND", "ARD-ANTIVIRUS-TEST-FILE!$H+H*");
    for (name, content, refusal) in [
        (
            "devis.pdf",
            &b"MZ\x90\x00"[..],
            "son contenu n’est pas celui que son nom annonce",
        ),
        ("devis.exe", PDF, "n’est pas un document PDF, JPEG"),
        ("devis.pdf", b"", "Ce fichier est vide"),
        ("", b"", "Choisissez un document"),
        (
            "devis.pdf",
            infected.as_bytes(),
            "L’antivirus refuse ce fichier",
        ),
    ] {
        attach(&mut staff, &action, name, content)
            .await
            .expect(422)
            .says(refusal);
    }
    // What the scanner cannot read is not let in.
    attach(&mut staff, &action, "devis.pdf", b"%PDF-1.7 ILLISIBLE")
        .await
        .expect(503);
    let mut large = PDF.to_vec();
    large.resize(10 * 1024 * 1024 + 1, b' ');
    attach(&mut staff, &action, "devis.pdf", &large)
        .await
        .expect(413)
        .says("Ce document dépasse 10 Mo");
    large.resize(12 * 1024 * 1024, b' ');
    attach(&mut staff, &action, "devis.pdf", &large)
        .await
        .expect(413);
    assert_eq!(kept(&app).await, (0, 0));
    large.truncate(10 * 1024 * 1024);
    attach(&mut staff, &action, "devis.pdf", &large)
        .await
        .expect(303);
}

#[tokio::test]
async fn a_document_is_read_with_its_action_and_removed_with_a_motive() {
    let (app, mut staff, action) = house().await;
    attach(&mut staff, &action, "devis.pdf", PDF)
        .await
        .expect(303);
    let path = document(&mut staff, &action).await;
    // The action is not shared: neither is its document.
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    adviser.get(&path).await.expect(404);
    adviser.get(&format!("{path}/retirer")).await.expect(404);
    let remove = format!("{path}/retirer");
    let form = staff.get(&remove).await.expect(200).form(&remove);
    let short = form.clone().set("motif", "non");
    staff.submit(&short).await.expect(422);
    let form = form.set("motif", "Mauvaise version du devis");
    staff.submit(&form).await.expect(303);
    assert_eq!(kept(&app).await, (0, 0));
    staff
        .get(&action)
        .await
        .says("devis.pdf")
        .says("Mauvaise version du devis");
    staff.get(&path).await.expect(410);
    staff.get(&remove).await.expect(409);
}
