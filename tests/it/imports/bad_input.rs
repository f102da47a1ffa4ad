//! Files that are wrong: refused or set aside with a clear French answer, nothing written.

use std::io::Write as _;

use super::office::{Office, establishments, fixture, units};

/// What is said about a file that cannot be read at all.
async fn refusal(name: &str, bytes: &[u8]) -> String {
    let office = Office::new().await;
    let (row, outcome) = office.analyse_bytes(&[(name, bytes)]).await;
    outcome.expect_err("refused");
    assert_eq!(row.status, "failed");
    assert_eq!(
        office
            .text("select count(*)::text from staged_companies")
            .await,
        "0"
    );
    row.failure.expect("a reason")
}

#[tokio::test]
async fn files_that_are_no_data_say_what_they_are() {
    assert!(
        refusal("vide.csv", b"")
            .await
            .contains("Le fichier est vide")
    );
    let whole = units();
    let cut = &whole.as_bytes()[..whole.len() - 40];
    let said = refusal("coupe.csv", cut).await;
    assert!(
        said.contains("«\u{a0}coupe.csv\u{a0}»") && said.contains("incomplet"),
        "{said}"
    );
    let missing = units().replace("etatAdministratifUniteLegale", "autre");
    let said = refusal("u.csv", missing.as_bytes()).await;
    assert!(
        said.contains("il manque\u{a0}: etatAdministratifUniteLegale"),
        "{said}"
    );
    let said = refusal(
        "titres.csv",
        units().lines().next().expect("titles").as_bytes(),
    )
    .await;
    assert!(said.contains("ligne de titres"), "{said}");
    let said = refusal("scan.pdf", b"%PDF-1.7 rest").await;
    assert!(said.contains("PDF"), "{said}");
}

#[tokio::test]
async fn social_debts_of_companies_are_refused_by_default() {
    let delays = "Dep;Siret;Numero_compte_externe;Numero_structure;Date_creation;Date_echeance;\
                  Duree_delai;Montant_global_echeancier;Code_externe_stade;Code_externe_action\n\
                  81;00002001600010;1;2;01/02/2026;01/08/2026;180;1000;APPROB;SURSIS\n";
    let said = refusal("sigfaible_delais.csv", delays.as_bytes()).await;
    assert!(said.contains("base juridique"), "{said}");
}

#[tokio::test]
async fn a_zip_bomb_and_an_endless_line_are_refused() {
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    bomb.start_file("etablissements.csv", options)
        .expect("an entry");
    let block = vec![b'0'; 1 << 20];
    for _ in 0..64 {
        bomb.write_all(&block).expect("zeros");
    }
    let bomb = bomb.finish().expect("an archive").into_inner();
    assert!(bomb.len() < 200_000);
    let said = refusal("bombe.zip", &bomb).await;
    assert!(
        said.contains("gonfle") || said.contains("ligne dépasse"),
        "{said}"
    );
    // One line of a gigabyte, as it would arrive compressed: the same megabyte a thousand times.
    let member = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).expect("a line");
        out.finish().expect("an archive")
    };
    let mut line = member(b"siren,etatAdministratifUniteLegale\n000020016,");
    line.extend(member(&block).repeat(1024));
    let said = refusal("ligne.csv.gz", &line).await;
    assert!(
        said.contains("Une ligne dépasse") || said.contains("gonfle"),
        "{said}"
    );
}

#[tokio::test]
async fn other_encodings_and_separators_are_found_and_said() {
    let office = Office::new().await;
    let list = "siret;nom;commune\n00002001600010;EXEMPLE MÉGISSERIE CÔTÉ;Albi\n";
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(list);
    let (row, outcome) = office.analyse_bytes(&[("liste.csv", &latin)]).await;
    outcome.expect("read");
    assert_eq!(row.files[0].description, "Windows-1252, point-virgule");
    office.confirm(row.id).await.expect("written");
    assert_eq!(
        office.text("select name from companies").await,
        "EXEMPLE MÉGISSERIE CÔTÉ"
    );
    // A separator that is not one of ours: the columns found are named.
    let said = refusal("liste.csv", b"siret|nom\n00002001600010|EXEMPLE\n").await;
    assert!(said.contains("siret|nom"), "{said}");
}

#[tokio::test]
async fn each_faulty_line_is_told_with_its_cause_and_the_rest_stands() {
    let office = Office::new().await;
    let bad = fixture("sirene_etablissements_fautifs_EXEMPLE.csv");
    let row = office
        .analyse(&[("u.csv", &units()), ("e.csv", &bad)])
        .await;
    assert_eq!(row.status, "ready", "{:?}", row.failure);
    let causes: Vec<(&str, i64)> = row
        .counts
        .causes
        .iter()
        .map(|(k, n)| (k.as_str(), *n))
        .collect();
    assert_eq!(
        causes,
        [
            ("commune", 1),
            ("contradiction", 2),
            ("identifier_checksum", 1),
            ("no_unit", 1)
        ]
    );
    // Nine lines: five faulty, one said twice, two elsewhere, one good; and six units.
    assert_eq!(
        (
            row.counts.lines,
            row.counts.rejected,
            row.counts.twice,
            row.counts.outside
        ),
        (15, 5, 1, 2)
    );
    assert_eq!(
        (row.counts.ready(), row.counts.establishments.created),
        (7, 1)
    );
    let told = office
        .text("select string_agg(line || ' ' || cause || ' ' || value, ', ' order by line) from import_rejections where not keeps_line")
        .await;
    assert_eq!(
        told,
        "2 identifier_checksum 00002001600011, 3 commune 81999, 4 no_unit 00002009900016, \
         7 contradiction 00002001600051, 8 contradiction 00002001600051"
    );
    let said = office
        .text("select expected from import_rejections where cause = 'contradiction' limit 1")
        .await;
    assert!(said.contains("lignes 7 et 8"), "{said}");
    let said = office
        .text("select expected from import_rejections where cause = 'no_unit'")
        .await;
    assert!(
        said.contains("déposez aussi le fichier StockUniteLegale"),
        "{said}"
    );
    office.confirm(row.id).await.expect("written");
    assert_eq!(
        office
            .text("select string_agg(siret, ' ') from establishments")
            .await,
        "00002001600010"
    );
}

#[tokio::test]
async fn establishments_without_their_units_are_set_aside() {
    let office = Office::new().await;
    let row = office.analyse(&[("e.csv", &establishments())]).await;
    assert_eq!(row.counts.causes.get("no_unit"), Some(&8));
    assert_eq!(row.counts.ready(), 0);
}

#[tokio::test]
async fn headcounts_of_unknown_establishments_are_set_aside() {
    let office = Office::new().await;
    let row = office
        .analyse(&[("h.csv", &fixture("effectifs_EXEMPLE.csv"))])
        .await;
    assert_eq!(row.counts.causes.get("no_establishment"), Some(&3));
}

#[tokio::test]
async fn headcounts_by_siren_are_put_on_the_only_establishment_and_the_others_told() {
    let office = Office::new().await;
    office
        .import(&[("u.csv", &units()), ("e.csv", &establishments())])
        .await;
    let only = office
        .text(
            "select min(e.siren) from establishments e join companies c using (siren)
              where e.active and (select count(*) from establishments o where o.siren = e.siren and o.active) = 1
                and coalesce(c.head_office_siret = e.siret, true)",
        )
        .await;
    let several = office
        .text("select min(siren) from (select siren from establishments where active group by siren having count(*) > 1) s")
        .await;
    let file = format!(
        "siren;eff202411;eff202412;rais_soc\n{only};61;60;A\n{several};7;8;B\n000081018;9;9;C\n"
    );
    let row = office.analyse(&[("h.csv", &file)]).await;
    assert_eq!(row.counts.causes.get("not_one_site"), Some(&2));
    assert_eq!(row.source, "Urssaf, par SIREN");
    let counts = office.confirm(row.id).await.expect("written");
    assert_eq!(counts.headcounts.created, 2);
    let kept = office
        .text("select string_agg(left(siret, 9) || ' ' || headcount || ' ' || source, '|' order by period) from headcounts")
        .await;
    assert_eq!(
        kept,
        format!("{only} 61 Urssaf, par SIREN|{only} 60 Urssaf, par SIREN")
    );
}

#[tokio::test]
async fn without_the_communes_the_file_is_refused_rather_than_every_line() {
    let office = Office::new().await;
    let mut owner = office.db.owner().await;
    sqlx::raw_sql("delete from territory_memberships; delete from former_municipalities; delete from municipalities").execute(&mut owner).await.expect("emptied");
    let row = office.analyse(&[("u.csv", &units())]).await;
    assert_eq!(row.status, "failed");
    assert!(
        row.failure
            .expect("a reason")
            .contains("vigie import territoires")
    );
}

#[tokio::test]
async fn a_unit_that_goes_between_preview_and_confirmation_takes_its_establishments_with_it() {
    let office = Office::new().await;
    let (first, _) = office.import(&[("u.csv", &units())]).await;
    let row = office.analyse(&[("e.csv", &establishments())]).await;
    assert_eq!(row.counts.establishments.created, 8);
    office.undo(first).await.expect("undone");
    let counts = office.confirm(row.id).await.expect("written");
    assert_eq!(counts.establishments.created, 0);
    assert_eq!(
        office
            .text("select count(*)::text from establishments")
            .await,
        "0"
    );
}

#[tokio::test]
async fn a_text_without_end_is_set_aside_while_reading() {
    let office = Office::new().await;
    let (long, fits) = ("é".repeat(501), "EXEMPLE ".repeat(62));
    let list = format!(
        "siret;nom;code_commune;adresse\n00002001600010;{long};81004;\n\
         00002002400014;EXEMPLE;81004;{long}\n00002003200017;{fits};81004;\n"
    );
    let units = units().replace("EXEMPLE CHARPENTE", &"EXEMPLE ".repeat(1_500));
    let json = format!(
        r#"[{{"siren":"000020040","nom_complet":"{}"}}]"#,
        "x".repeat(9_000)
    );
    let row = office
        .analyse(&[("l.csv", &list), ("u.csv", &units), ("r.json", &json)])
        .await;
    assert_eq!(row.status, "ready", "{:?}", row.failure);
    assert_eq!(row.counts.causes.get("too_long"), Some(&4));
    let told = office
        .text(
            "select string_agg(file || ' ' || line || ' ' || column_name, ', ' order by file, line)
               from import_rejections where cause = 'too_long' and expected like '500\u{a0}caractères au plus%'",
        )
        .await;
    assert_eq!(
        told,
        "0 2 nom, 0 3 adresse, 1 2 denominationUniteLegale, 2 1 nom"
    );
    office.confirm(row.id).await.expect("written");
}

#[tokio::test]
async fn what_the_database_refuses_is_not_called_an_outage() {
    let office = Office::new().await;
    let row = office.analyse(&[("u.csv", &units())]).await;
    let mut owner = office.db.owner().await;
    sqlx::raw_sql("alter table companies add constraint odd check (name <> 'EXEMPLE CHARPENTE')")
        .execute(&mut owner)
        .await
        .expect("a rule that nobody knew");
    let failure = office.confirm(row.id).await.expect_err("refused");
    assert!(
        failure
            .in_french()
            .contains("c’est un défaut de Vigie, signalez-le"),
        "{}",
        failure.in_french()
    );
    let row = office.find(row.id).await;
    assert_eq!(row.status, "ready");
    assert!(
        row.failure
            .expect("a reason")
            .contains("Rien n’a été écrit")
    );
    let left = "select count(*)::text from companies";
    assert_eq!(office.text(left).await, "0");
}
