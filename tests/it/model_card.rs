//! The card of the model: read by everybody who is signed in, whole, and true to the model file.

use vigie::domain::Role;
use vigie::features::risk::models;

use crate::support::app::TestApp;
use crate::support::portfolio::{Company, assess, reference};

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

#[tokio::test]
async fn the_card_says_whom_to_ask() {
    let app = TestApp::with_settings(|settings| settings.contact_email = None).await;
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/modele").await.expect(200);
    page.says("Demandez à la Direction du Développement.")
        .hides("Une question, une erreur ? Non communiqué")
        .hides("Comparer les versions");
}

#[tokio::test]
async fn two_versions_are_compared_without_touching_what_was_said() {
    let app = TestApp::new().await;
    let pool = &app.db.pool;
    reference(pool).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    staff.get("/modele").await.says("Comparer les versions");
    let path = "/modele/versions";
    staff
        .get(path)
        .await
        .expect(200)
        .says("Une seule version")
        .says("La version 1.0.0 est la seule");
    for (n, name, before, now) in [
        (1, "EXEMPLE QUI MONTE", Some("low"), Some("high")),
        (2, "EXEMPLE STABLE", Some("low"), Some("low")),
        (3, "EXEMPLE PERDUE DE VUE", Some("moderate"), None),
    ] {
        let siren = Company::new(n, name).add(pool).await;
        let assessment = assess(pool, &siren, before, "none").await;
        sqlx::query(
            "insert into risk_comparisons (assessment_id, model_id, model_version, points, statistical, compared_at)
             values ($1, 'grille-fragilite', '1.0.0', 48, $2, now())",
        )
        .bind(assessment)
        .bind(now)
        .execute(pool)
        .await
        .expect("a comparison");
    }
    let page = staff.get(path).await.expect(200);
    page.says("3 entreprises comparées, 2 changent de niveau.")
        .says("version 1 en lignes, version 1.0.0 en colonnes");
    let matrix = page.texts("[aria-labelledby=croisement-legende] tbody tr");
    assert_eq!(matrix[2], "Modéré 0 0 0 0 1");
    assert_eq!(matrix[3], "Faible 0 1 0 1 0");
    let changed = page.texts("[aria-labelledby=changements-legende] tbody tr");
    assert_eq!(changed.len(), 2);
    assert!(
        changed[0].starts_with("EXEMPLE QUI MONTE Faible Élevé – puis 48 Albigeois"),
        "{changed:?}"
    );
    assert!(
        changed[1].starts_with("EXEMPLE PERDUE DE VUE Modéré Non évalué"),
        "{changed:?}"
    );
    page.hides("STABLE");
    assert!(page.sql <= 6, "{} statements", page.sql);
    staff.get("/modele/versions?avec=essai+1").await.expect(200);
    staff.get("/modele/versions?avec=essai+2").await.expect(404);
    staff.get("/modele/versions?page=2").await.expect(404);
}
