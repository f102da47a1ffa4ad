//! Taking an import back, and what forbids it.

use super::office::{Office, establishments, fixture, units};

#[tokio::test]
async fn an_import_is_taken_back_whole() {
    let office = Office::new().await;
    let empty = office.checksum().await;
    let (first, _) = office.import_sirene().await;
    let before = office.checksum().await;
    let renamed = units().replace("EXEMPLE CHARPENTE", "EXEMPLE OSSATURE BOIS");
    let moved = establishments().replace("DES VERRIERS", "DES POTIERS");
    let files = [
        ("u.csv", renamed.as_str()),
        ("e.csv", &moved),
        ("h.csv", &fixture("effectifs_EXEMPLE.csv")),
    ];
    let (second, counts) = office.import(&files).await;
    assert_eq!(counts.writes(), 5);
    office.undo(second).await.expect("undone");
    assert_eq!(office.checksum().await, before);
    assert_eq!(office.find(second).await.status, "undone");
    office.undo(first).await.expect("undone");
    assert_eq!(office.checksum().await, empty);
}

#[tokio::test]
async fn a_newer_import_on_the_same_rows_forbids_it_and_is_named() {
    let office = Office::new().await;
    let (first, _) = office.import_sirene().await;
    let renamed = units().replace("EXEMPLE CHARPENTE", "EXEMPLE OSSATURE BOIS");
    let (second, _) = office.import(&[("plus-recent.csv", &renamed)]).await;
    let before = office.checksum().await;
    let error = office.undo(first).await.expect_err("refused").in_french();
    assert!(
        error.contains("plus-recent.csv") && error.contains("(1\u{a0}ligne)"),
        "{error}"
    );
    assert_eq!(office.checksum().await, before);
    assert_eq!(office.find(first).await.status, "applied");
    // In the reverse order both go.
    office.undo(second).await.expect("undone");
    office.undo(first).await.expect("undone");
}

#[tokio::test]
async fn what_people_attached_to_a_new_company_forbids_it() {
    let office = Office::new().await;
    let (first, _) = office.import_sirene().await;
    sqlx::query("insert into contacts (id, siren, full_name) values (gen_random_uuid(), '000020016', 'Camille Essai')")
        .execute(&office.db.pool)
        .await
        .expect("a contact");
    let (_, _) = office
        .import(&[("h.csv", &fixture("effectifs_EXEMPLE.csv"))])
        .await;
    let error = office.undo(first).await.expect_err("refused").in_french();
    assert!(error.contains("1\u{a0}contact (Camille Essai)"), "{error}");
    assert!(
        error.contains("3\u{a0}effectifs enregistrés depuis"),
        "{error}"
    );
}

#[tokio::test]
async fn a_correction_made_by_hand_forbids_it() {
    let office = Office::new().await;
    office.import_sirene().await;
    let renamed = units().replace("EXEMPLE CHARPENTE", "EXEMPLE OSSATURE BOIS");
    let (second, _) = office.import(&[("u.csv", &renamed)]).await;
    sqlx::query("update companies set name = 'EXEMPLE CORRIGÉ' where siren = '000020016'")
        .execute(&office.db.pool)
        .await
        .expect("a correction");
    let error = office.undo(second).await.expect_err("refused").in_french();
    assert!(
        error.contains("1\u{a0}fiche modifiée depuis (EXEMPLE CORRIGÉ)"),
        "{error}"
    );
}
