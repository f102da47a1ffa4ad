//! The card of the model: read by everybody who is signed in, whole, and true to the model file.

use vigie::domain::Role;
use vigie::features::risk::models;

use crate::support::app::TestApp;

#[tokio::test]
async fn the_card_says_what_the_model_is_not_and_how_often_it_is_wrong() {
    let app = TestApp::new().await;
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/modele").await.expect(200);
    page.says("Fiche du modèle")
        .says("Aucune aide n’est refusée sur ce seul niveau.")
        .says("Sur 20 entreprises signalées, 18 à 19 ne défailleront pas dans l’année.")
        .says("bien plus nombreuses, c’est environ 19 sur 20.")
        .says("Elle n’a pas encore été mesurée sur des entreprises françaises.")
        .says("aucun n’est en usage dans Vigie")
        .says("départ du dirigeant")
        .says("Grille de fragilité, version 1.0.0");
    assert_eq!(page.texts("#mesures-legende").len(), 1);
}

#[tokio::test]
async fn the_card_shows_every_class_of_every_variable() {
    let app = TestApp::new().await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    let page = staff.get("/modele").await.expect(200);
    let model = models::all().last().expect("a grid").model();
    let words = page.words();
    for variable in &model.variables {
        assert!(words.contains(&variable.label), "{}", variable.id);
        assert!(
            words.contains(variable.source.trim_end_matches('.')),
            "{}",
            variable.id
        );
    }
    let rows = page.texts("[aria-labelledby='points-legende'] tbody tr");
    assert_eq!(rows.len(), 10);
    assert!(rows[0].contains("de 0 % à 10 % : 12"), "{}", rows[0]);
    for event in &model.events {
        assert!(
            words.to_lowercase().contains(&event.label.to_lowercase()),
            "{}",
            event.id
        );
    }
}

#[tokio::test]
async fn the_help_and_the_site_map_lead_to_the_card() {
    let app = TestApp::new().await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    for path in ["/aide", "/plan-du-site"] {
        let page = staff.get(path).await.expect(200);
        assert!(page.text.contains("href=\"/modele\""), "{path}");
    }
}
