//! What the pages of an import say of its lines, and give back of them.

use std::fmt::Write as _;

use super::office::{fixture, units};
use super::screens::{app, deposit};
use crate::support::app::Page;

#[tokio::test]
async fn an_import_claims_changes_only_once_they_are_written() {
    let (_app, mut client) = app().await;
    let page = deposit(&mut client, &[("unites.csv", units().as_bytes())]).await;
    page.says("Ce que le fichier changerait").says("Créerait");
    let list = client.get("/imports").await.expect(200);
    list.says("créerait 6")
        .says("modifierait 0")
        .hides("a créé");
    client
        .submit(&page.form(&format!("{}/abandonner", page.path)))
        .await
        .expect(303);
    client
        .get(&page.path)
        .await
        .expect(200)
        .hides("Ce que le fichier")
        .hides("Créées");
    let list = client.get("/imports").await.expect(200);
    list.says("Abandonné").hides("créerait").hides("a créé");
    let page = deposit(&mut client, &[("unites.csv", units().as_bytes())]).await;
    client
        .submit(&page.form(&format!("{}/confirmer", page.path)))
        .await
        .expect(303);
    client
        .get("/imports")
        .await
        .expect(200)
        .says("a créé 6 lignes, modifié 0");
}

#[tokio::test]
async fn a_headcount_stands_for_the_band_that_the_register_does_not_give() {
    let (_app, mut client) = app().await;
    let list = "siret;nom;code_commune;effectif;annee_effectif\n\
                00002001600010;EXEMPLE BOIS;81004;54;2025\n\
                00002001600010;EXEMPLE BOIS;81004;7;2019\n\
                00002002400014;EXEMPLE PIERRE;81004;;\n\
                00002003200017;EXEMPLE VERRE;81004;300;2025\n";
    let page = deposit(&mut client, &[("liste.csv", list.as_bytes())]).await;
    let path = page.path.clone();
    client
        .submit(&page.form(&format!("{path}/confirmer")))
        .await
        .expect(303);
    let names = |page: &Page| page.texts("tbody th a");
    let all = client.get("/entreprises?tri=effectif").await.expect(200);
    assert_eq!(
        names(&all),
        ["EXEMPLE VERRE", "EXEMPLE BOIS", "EXEMPLE PIERRE"]
    );
    all.says("50 à 99 salariés").says("2025");
    for (group, found) in [
        ("50-249", "EXEMPLE BOIS"),
        ("inconnu", "EXEMPLE PIERRE"),
        ("250", "EXEMPLE VERRE"),
    ] {
        let page = client
            .get(&format!("/entreprises?effectif={group}"))
            .await
            .expect(200);
        assert_eq!(names(&page), [found], "{group}");
    }
    let file = client.get("/entreprises/export.csv").await.expect(200);
    assert!(
        file.text.contains(";50 à 99 salariés;2025;"),
        "{}",
        file.text
    );
    // The count moves by itself: it does not keep the import from being taken back.
    let question = client.get(&format!("{path}/annuler")).await.expect(200);
    client
        .submit(&question.form(&format!("{path}/annuler")))
        .await
        .expect(303);
    client
        .get(&path)
        .await
        .expect(200)
        .says("Cet import a été défait");
}

#[tokio::test]
async fn rejected_lines_are_grouped_by_cause_and_given_as_a_file_without_formulas() {
    let (_app, mut client) = app().await;
    let bad = fixture("sirene_etablissements_fautifs_EXEMPLE.csv");
    let page = deposit(
        &mut client,
        &[
            ("unites.csv", units().as_bytes()),
            ("etabs.csv", bad.as_bytes()),
        ],
    )
    .await;
    page.says("5 à corriger");
    page.says("Commune inconnue : 1 ligne")
        .says("etabs.csv, ligne 3")
        .says("81999");
    page.says("Date impossible : 1 valeur laissée de côté, la ligne est gardée")
        .says("0008-01-01");
    let list = client
        .get(&format!("{}/rejets.csv", page.path))
        .await
        .expect(200);
    assert!(
        list.headers["content-disposition"]
            .to_str()
            .expect("ASCII")
            .contains("lignes-a-corriger.csv")
    );
    assert!(
        list.text.contains("etabs.csv;4;") && list.text.contains("Unité légale absente"),
        "{}",
        list.text
    );
    let formula = "siret;nom;code_commune;etat\n00002001600010;EXEMPLE;81004;=HYPERLINK(1)\n";
    let page = deposit(&mut client, &[("liste.csv", formula.as_bytes())]).await;
    let list = client
        .get(&format!("{}/rejets.csv", page.path))
        .await
        .expect(200);
    assert!(list.text.contains(";'=HYPERLINK(1);"), "{}", list.text);
}

#[tokio::test]
async fn rejected_lines_come_back_as_they_were_and_can_be_mended_and_deposited_again() {
    let (_app, mut client) = app().await;
    let list = "siret;nom;code_commune;note\n00002001600010;EXEMPLE BOIS;81004;\"a;b\"\n0000;EXEMPLE PIERRE;81004;=1+1\n";
    let page = deposit(&mut client, &[("liste.csv", list.as_bytes())]).await;
    page.says("Lignes rejetées de « liste.csv »");
    let lines = client
        .get(&format!("{}/rejets/1", page.path))
        .await
        .expect(200);
    assert_eq!(
        lines.text.trim_start_matches('\u{feff}'),
        "siret;nom;code_commune;note;À corriger (Vigie)\r\n\
         0000;EXEMPLE PIERRE;81004;'=1+1;siret\u{a0}: attendu 14 chiffres, par exemple 552 100 554 00013\r\n"
    );
    // A second round gives back the same, without what the first one added.
    let page = deposit(&mut client, &[("tour2.csv", lines.text.as_bytes())]).await;
    let again = client
        .get(&format!("{}/rejets/1", page.path))
        .await
        .expect(200);
    assert_eq!(again.text, lines.text);
    let mended = lines.text.replace("0000;", "00002001600010;");
    let page = deposit(&mut client, &[("corrigees.csv", mended.as_bytes())]).await;
    page.says("1 ligne lue, 1 prête, 0 à corriger");
    client
        .get(&format!("{}/rejets/2", page.path))
        .await
        .expect(404);
}

#[tokio::test]
async fn rejected_objects_of_a_json_come_back_with_what_to_mend() {
    let (_app, mut client) = app().await;
    let json = r#"{"results":[{"siren":"1","nom_complet":"EXEMPLE BOIS"}]}"#;
    let page = deposit(&mut client, &[("r.json", json.as_bytes())]).await;
    let objects = client
        .get(&format!("{}/rejets/1", page.path))
        .await
        .expect(200);
    assert!(
        objects
            .text
            .contains("\"à_corriger\": \"siren\u{a0}: attendu 9 chiffres"),
        "{}",
        objects.text
    );
    let mended = objects.text.replace("\"1\"", "\"000020016\"");
    deposit(&mut client, &[("r2.json", mended.as_bytes())])
        .await
        .says("1 ligne lue, 1 prête, 0 à corriger");
}

#[tokio::test]
async fn thousands_of_rejected_lines_come_back_at_once_and_the_page_says_when_some_are_missing() {
    let (_app, mut client) = app().await;
    let list = |lines: usize| {
        let mut text = "siret;nom;code_commune\n".to_owned();
        for line in 0..lines {
            let _ = writeln!(text, "{line};EXEMPLE {line};81004");
        }
        text
    };
    let page = deposit(&mut client, &[("liste.csv", list(9_000).as_bytes())]).await;
    page.says("9 000 à corriger").hides("ne contiennent que");
    // A plan that joins them row by row runs into the time limit of a page.
    let lines = client
        .get(&format!("{}/rejets/1", page.path))
        .await
        .expect(200);
    assert_eq!(lines.text.lines().count(), 9_001);
    let page = deposit(&mut client, &[("liste.csv", list(10_050).as_bytes())]).await;
    page.says("10 050 à corriger")
        .says("Ces fichiers ne contiennent que les 10 000 premières lignes rejetées");
    let lines = client
        .get(&format!("{}/rejets/1", page.path))
        .await
        .expect(200);
    assert_eq!(lines.text.lines().count(), 10_001);
    // One number said thousands of times, each time otherwise.
    let mut quarrel = "siret;nom;code_commune;adresse\n".to_owned();
    for line in 0..9_000 {
        let _ = writeln!(quarrel, "00002001600010;EXEMPLE;81004;{line} rue Haute");
    }
    let page = deposit(&mut client, &[("liste.csv", quarrel.as_bytes())]).await;
    page.says("9 000 à corriger")
        .says("(lignes 2 et 3, 4 et 8997 de plus)");
}

#[tokio::test]
async fn the_model_is_offered_and_read_back() {
    let (_app, mut client) = app().await;
    let csv = client.get("/imports/modele.csv").await.expect(200);
    assert!(csv.text.contains("siret;siren;nom"));
    let xlsx = client.get("/imports/modele.xlsx").await.expect(200);
    assert!(xlsx.bytes.starts_with(b"PK"));
    // Deposited as it is: its example is never imported.
    let page = deposit(&mut client, &[("modele.xlsx", &xlsx.bytes)]).await;
    page.says("Import refusé")
        .says("Le fichier ne contient que la ligne d’exemple du modèle, qui n’est jamais importée");
    let mut filled = csv.text.clone();
    filled.push_str("00002001600010;;EXEMPLE BOIS;;;;81004;;;;;;\r\n");
    deposit(&mut client, &[("modele.csv", filled.as_bytes())])
        .await
        .says("1 ligne lue, 1 prête")
        .says("La ligne d’exemple du modèle est ignorée.");
}
