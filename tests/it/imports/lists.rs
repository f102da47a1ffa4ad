//! Lists of companies: a line stands or falls as a whole, for one reason.

use vigie::features::imports::queries::records::ImportRow;

use super::office::Office;

const TITLES: &str = "siret;nom;code_commune;effectif;annee_effectif\n";

async fn analyse(office: &Office, lines: &str) -> ImportRow {
    let row = office
        .analyse(&[("liste.csv", &format!("{TITLES}{lines}"))])
        .await;
    assert_eq!(row.status, "ready", "{:?}", row.failure);
    row
}

/// Lines set aside, with their cause; values of lines that stand are in brackets.
async fn told(office: &Office) -> String {
    office
        .text(
            "select string_agg(case when keeps_line then '(' || line || ' ' || cause || ')' else line || ' ' || cause end,
                               ', ' order by line, cause) from import_rejections",
        )
        .await
}

async fn written(office: &Office) -> String {
    office
        .text(
            "select (select count(*) from companies) || ' ' || (select count(*) from establishments)
                    || ' ' || (select count(*) from headcounts)",
        )
        .await
}

#[tokio::test]
async fn a_rejected_line_writes_nothing_at_all() {
    let office = Office::new().await;
    let row = analyse(
        &office,
        "00002001600010;COMMUNE INCONNUE;81999;12;2025\n\
         00002002400014;CODE POSTAL;81000;deux;2025\n\
         00002003200017;NULLE PART;99999;12;2025\n\
         00002004000010;SANS COMMUNE;;12;2025\n",
    )
    .await;
    assert_eq!(
        told(&office).await,
        "2 commune, 3 commune, 4 commune, 5 commune"
    );
    let counts = &row.counts;
    assert_eq!((counts.lines, counts.rejected, counts.ready()), (4, 4, 0));
    assert_eq!(counts.writes(), 0);
    assert!(!counts.is_worth_confirming());
    assert_eq!(counts.warnings.len(), 0, "{:?}", counts.warnings);
    office.confirm(row.id).await.expect("nothing to write");
    assert_eq!(written(&office).await, "0 0 0");
}

#[tokio::test]
async fn two_lines_that_contradict_each_other_go_with_their_company() {
    let office = Office::new().await;
    let row = analyse(
        &office,
        "00002001600010;PLACE;81004;12;2025\n\
         00002001600010;PLACE;81065;12;2025\n\
         00002002400014;EFFECTIF;81004;12;2025\n\
         00002002400014;EFFECTIF;81004;13;2025\n\
         00002003200017;NOM;81004;12;2025\n\
         00002003200025;NOM;81004;12;2025\n\
         00002003200033;AUTRE NOM;81004;12;2025\n\
         00002004000010;Bonne É;81004;12;2025\n\
         00002004000028;BONNE E;81004;3;2025\n\
         00002004000028;BONNE E;81004;3;2025\n",
    )
    .await;
    assert_eq!(
        told(&office).await,
        "2 contradiction, 3 contradiction, 4 contradiction, 5 contradiction, \
         6 contradiction, 7 contradiction, 8 contradiction"
    );
    let counts = &row.counts;
    assert_eq!(
        (counts.rejected, counts.twice, counts.ready()),
        (7, 1, 2),
        "{counts:?}"
    );
    let lines = office
        .text("select expected from import_rejections where line = 7")
        .await;
    assert!(lines.ends_with("(lignes 6 et 7, 8)"), "{lines}");
    office.confirm(row.id).await.expect("written");
    assert_eq!(written(&office).await, "1 2 2");
    assert_eq!(office.text("select name from companies").await, "Bonne É");
}

#[tokio::test]
async fn a_company_stays_for_the_lines_of_it_that_are_good() {
    let office = Office::new().await;
    let row = analyse(
        &office,
        "00002001600010;EXEMPLE;81999;12;2025\n\
         00002001600028;EXEMPLE;81004;5;2025\n",
    )
    .await;
    assert_eq!(told(&office).await, "2 commune");
    assert_eq!(row.counts.ready(), 1);
    office.confirm(row.id).await.expect("written");
    assert_eq!(written(&office).await, "1 1 1");
}

#[tokio::test]
async fn a_line_elsewhere_is_counted_so_and_nothing_of_it_is_to_mend() {
    let office = Office::new().await;
    let row = analyse(
        &office,
        "00002001600010;PARIS;75108;12;2025\n\
         00002001600010;PARIS;75108;12;2025\n\
         00002002400014;LYON;69123;douze;2025\n\
         00002003200017;ALBI;81004;12;2025\n",
    )
    .await;
    assert_eq!(told(&office).await, "∅");
    let counts = &row.counts;
    assert_eq!(
        (
            counts.rejected,
            counts.outside + counts.twice,
            counts.ready()
        ),
        (0, 3, 1),
        "{counts:?}"
    );
    assert!(counts.warnings.is_empty(), "{:?}", counts.warnings);
    office.confirm(row.id).await.expect("written");
    assert_eq!(written(&office).await, "1 1 1");
}

#[tokio::test]
async fn a_line_rejected_for_a_known_company_leaves_it_alone() {
    let office = Office::new().await;
    office
        .import(&[(
            "liste.csv",
            &format!("{TITLES}00002001600010;ANCIEN;81004;12;2025\n"),
        )])
        .await;
    let row = analyse(&office, "00002001600010;NOUVEAU;81999;13;2026\n").await;
    assert_eq!(row.counts.writes(), 0);
    office.confirm(row.id).await.expect("nothing to write");
    assert_eq!(office.text("select name from companies").await, "ANCIEN");
}
