//! What every answer of the site has, whatever the page.

use axum::body::Body;
use axum::http::{Request, header};
use vigie::domain::Role;

use crate::support::app::TestApp;

#[tokio::test]
async fn an_unknown_address_gets_a_french_page_with_its_reference_and_every_header() {
    let app = TestApp::new().await;
    let page = app.visitor().get("/nulle-part").await.expect(404);
    page.says("Page introuvable");
    for name in [
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
        "x-request-id",
    ] {
        assert!(page.headers.contains_key(name), "{name}");
    }
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn a_host_that_is_not_the_service_is_refused() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();
    visitor
        .headers
        .insert(header::HOST, "evil.example".parse().unwrap());
    visitor.get("/").await.expect(421);
}

#[tokio::test]
async fn an_act_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();
    visitor
        .headers
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    visitor
        .post("/connexion", &[("email", "a@b.fr")])
        .await
        .expect(403);
}

#[tokio::test]
async fn two_hosts_in_one_request_are_refused() {
    let app = TestApp::new().await;
    let request = Request::get("/")
        .header(header::HOST, "localhost:8080")
        .header(header::HOST, "evil.example")
        .body(Body::empty())
        .expect("a request");
    app.visitor().send(request).await.expect(400);
}

#[tokio::test]
async fn a_nul_in_the_address_is_refused_with_a_page() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    for path in [
        "/territoires?q=%00",
        "/journal?objet=%00",
        "/connexion?suite=a%00",
    ] {
        admin
            .get(path)
            .await
            .expect(400)
            .says("Demande illisible")
            .says("caractère interdit");
    }
}

#[tokio::test]
async fn an_act_asked_for_as_a_page_is_told_so() {
    let app = TestApp::new().await;
    let page = app.visitor().get("/deconnexion").await.expect(405);
    page.says("Action impossible ici");
    assert_eq!(page.headers[header::ALLOW], "POST");
}

#[tokio::test]
async fn help_has_a_page_for_each_verb_and_keeps_its_old_addresses() {
    let app = TestApp::new().await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let page = staff.get("/aide").await.expect(200);
    let verbs = page.texts("main .a-faire > li > a");
    assert_eq!(
        verbs,
        [
            "Commencer",
            "Chercher",
            "Choisir",
            "Surveiller",
            "Rencontrer",
            "Décider",
            "Agir",
            "Mesurer"
        ]
    );
    // Where « /aide#noter » led, the recipe is one step further.
    assert_eq!(page.texts("li#noter a"), ["Noter une rencontre"]);
    staff
        .get("/aide/rencontrer")
        .await
        .expect(200)
        .says("touchez « Noter une rencontre »");
    staff.get("/aide/danser").await.expect(404);
    let mut visitor = app.visitor();
    let page = visitor.get("/aide").await.expect(200);
    assert_eq!(page.texts("main .a-faire > li > a"), ["Commencer"]);
    visitor.get("/aide/agir").await.expect(404);
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/aide").await.expect(200);
    assert_eq!(
        page.texts("main .a-faire > li > a"),
        ["Commencer", "Chercher", "Mesurer"]
    );
    elected
        .get("/aide/indicateurs")
        .await
        .expect(200)
        .says("Entrée depuis douze mois au moins")
        .says("Décisions d’atelier tenues à temps")
        .says("par soustraction")
        .says("fiche du modèle");
}
