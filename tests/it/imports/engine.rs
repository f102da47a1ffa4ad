//! What a confirmed import writes, and what it leaves alone.

use super::office::{
    GROUP_HEAD_OFFICE, GROUP_SITE, HIDDEN_COMPANY, HIDDEN_PERSON, Office, WOOD, establishments,
    fixture, units,
};

#[tokio::test]
async fn a_preview_writes_nothing() {
    let office = Office::new().await;
    let before = office.checksum().await;
    let row = office
        .analyse(&[("u.csv", &units()), ("e.csv", &establishments())])
        .await;
    assert_eq!(row.status, "ready", "{:?}", row.failure);
    assert_eq!(row.counts.lines, 14);
    assert_eq!(
        (
            row.counts.companies.created,
            row.counts.establishments.created
        ),
        (6, 8)
    );
    assert_eq!(row.counts.ready(), 14);
    assert_eq!(row.files[0].description, "texte sans accents, virgule");
    assert!(
        row.files[0]
            .recognised
            .contains(&"denominationUniteLegale".to_owned())
    );
    assert_eq!(office.checksum().await, before);
    assert_eq!(
        office.text("select count(*)::text from companies").await,
        "0"
    );
}

#[tokio::test]
async fn every_trap_of_sirene_is_read_as_it_should() {
    let office = Office::new().await;
    let (_, counts) = office.import_sirene().await;
    assert_eq!(
        (counts.companies.created, counts.establishments.created),
        (6, 8)
    );
    // A merged commune keeps resolving; the file's own code stays beside.
    let merged = office
        .text("select commune_code || '>' || insee_code from establishments where siret = '00002001600028'")
        .await;
    assert_eq!(merged, "81226>81233");
    // The head office elsewhere is kept, and the local site stands for the company here.
    let group = office
        .text("select head_office_siret || ' ' || local_siret from companies where siren = '000020024'")
        .await;
    assert_eq!(group, format!("{GROUP_HEAD_OFFICE} {GROUP_SITE}"));
    let away = office.text("select coalesce(insee_code, 'none') || commune_code from establishments where siret = '00002002400014'").await;
    assert_eq!(away, "none75108");
    // An old nomenclature stays what it is; the closed company has its place still.
    let tannery = office.text("select naf_nomenclature || naf_code || active || local_siret from companies where siren = '000020057'").await;
    assert_eq!(tannery, "199317.2Afalse00002005700014");
    // A date in year 8 is unknown, and told.
    assert_eq!(
        office
            .text("select created_on::text from companies where siren = '000020065'")
            .await,
        "∅"
    );
    assert_eq!(counts.warnings.get("date_implausible"), Some(&1));
    // Leading zeros stay; both nomenclatures stand side by side.
    assert_eq!(
        office
            .text("select siren || naf_code || naf_2025 from companies where siren = '000020016'")
            .await,
        format!("{WOOD}16.23Z16.23Y")
    );
}

#[tokio::test]
async fn what_diffusion_hides_never_comes_in() {
    let office = Office::new().await;
    office.import_sirene().await;
    let person = office.text("select concat_ws('/', siren, diffusible, is_person, name) from companies where siren = '000020032'").await;
    assert_eq!(person, format!("{HIDDEN_PERSON}/f/t"));
    // A company keeps its name, not its address.
    let company = office.text("select concat_ws('/', siren, diffusible, name, acronym) from companies where siren = '000020040'").await;
    assert_eq!(
        company,
        format!("{HIDDEN_COMPANY}/f/EXEMPLE DIFFUSION PARTIELLE")
    );
    assert_eq!(office.text("select concat_ws('/', address, postcode, insee_code) from establishments where siret = '00002004000010'").await, "81099");
    // Another source does not unmask.
    let list = "siren;nom;adresse\n000020032;MADAME EXEMPLE;\n";
    let (_, counts) = office.import(&[("liste.csv", list)]).await;
    assert_eq!(counts.companies.changed, 0);
    assert_eq!(
        office
            .text("select name from companies where siren = '000020032'")
            .await,
        "∅"
    );
}

#[tokio::test]
async fn a_person_who_asks_to_be_hidden_is_erased_and_one_who_comes_back_is_shown() {
    let office = Office::new().await;
    office.import_sirene().await;
    assert_eq!(
        office
            .text("select name from companies where siren = '000020065'")
            .await,
        "Camille EXEMPLE"
    );
    let hidden = units().replace("000020065,O,", "000020065,P,");
    let places = establishments().replace("00002006500017,O,", "00002006500017,P,");
    let (import, counts) = office
        .import(&[("u.csv", &hidden), ("e.csv", &places)])
        .await;
    assert_eq!(
        (counts.companies.changed, counts.establishments.changed),
        (1, 1)
    );
    assert_eq!(
        office
            .text("select name from companies where siren = '000020065'")
            .await,
        "∅"
    );
    assert_eq!(
        office
            .text("select address from establishments where siret = '00002006500017'")
            .await,
        "∅"
    );
    // Nor does the ledger remember, nor an undo bring it back.
    let told = office.text("select string_agg(coalesce(before::text, '') || coalesce(after::text, ''), '') from import_changes where verb = 'update'").await;
    assert!(
        !told.contains("Camille") && !told.contains("LAVOIR"),
        "{told}"
    );
    office.undo(import).await.expect("undone");
    assert_eq!(
        office
            .text(
                "select concat_ws('/', diffusible, name) from companies where siren = '000020065'"
            )
            .await,
        "f"
    );
    office.import_sirene().await;
    assert_eq!(
        office
            .text("select name from companies where siren = '000020065'")
            .await,
        "Camille EXEMPLE"
    );
    assert_eq!(
        office
            .text("select address from establishments where siret = '00002006500017'")
            .await,
        "5 RUE DU LAVOIR"
    );
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let office = Office::new().await;
    office.import_sirene().await;
    let before = office.checksum().await;
    let (_, counts) = office.import_sirene().await;
    assert_eq!(counts.writes(), 0);
    assert_eq!(
        (counts.companies.unchanged, counts.establishments.unchanged),
        (6, 8)
    );
    assert_eq!(office.checksum().await, before);
    assert_eq!(
        office
            .text("select count(*)::text from import_changes")
            .await,
        "14"
    );
    assert_eq!(
        office
            .text("select count(*)::text from staged_companies")
            .await,
        "0"
    );
}

#[tokio::test]
async fn only_what_changed_is_written_and_told() {
    let office = Office::new().await;
    let (first, _) = office.import_sirene().await;
    let renamed = units().replace("EXEMPLE CHARPENTE", "EXEMPLE OSSATURE BOIS");
    let (second, counts) = office
        .import(&[("u.csv", &renamed), ("e.csv", &establishments())])
        .await;
    assert_eq!((counts.companies.changed, counts.writes()), (1, 1));
    let told = office.text("select row_key || (before ->> 'name') || '>' || (after ->> 'name') from import_changes where verb = 'update'").await;
    assert_eq!(told, "000020016EXEMPLE CHARPENTE>EXEMPLE OSSATURE BOIS");
    let owners = office.text("select string_agg(distinct import_id::text, ' ') from companies where siren <> '000020016'").await;
    assert_eq!(owners, first.to_string());
    assert_eq!(
        office
            .text("select import_id::text from companies where siren = '000020016'")
            .await,
        second.to_string()
    );
    // The rows' own audit stayed silent: the ledger is the audit.
    assert_eq!(
        office
            .text("select count(*)::text from audit_events where object_type = 'companies'")
            .await,
        "0"
    );
    assert_ne!(
        office
            .text("select count(*)::text from audit_events where object_type = 'imports'")
            .await,
        "0"
    );
}

#[tokio::test]
async fn a_source_that_does_not_know_a_column_leaves_it_alone() {
    let office = Office::new().await;
    office.import_sirene().await;
    let list = "siret;nom;adresse\n00002001600010;EXEMPLE CHARPENTE;2 rue du Bois\n";
    let (_, counts) = office.import(&[("liste.csv", list)]).await;
    assert_eq!(
        (counts.companies.unchanged, counts.establishments.changed),
        (1, 1)
    );
    let kept = office.text("select concat_ws('/', address, postcode, insee_code, naf_code, headcount_band, name) from establishments where siret = '00002001600010'").await;
    assert_eq!(kept, "2 rue du Bois/81000/81004/16.23Z/21/LES CHARPENTES");
    let (_, counts) = office
        .import(&[("effectifs.csv", &fixture("effectifs_EXEMPLE.csv"))])
        .await;
    assert_eq!(counts.headcounts.created, 3);
    assert_eq!(counts.establishments.total(), 0);
}

#[tokio::test]
async fn a_value_that_is_set_aside_does_not_erase_the_one_that_is_known() {
    let office = Office::new().await;
    office.import_sirene().await;
    let absurd = units().replace("1994-03-01,EXC", "0008-03-01,EXC");
    let (_, counts) = office.import(&[("u.csv", &absurd)]).await;
    assert_eq!(counts.warnings.get("date_implausible"), Some(&2));
    assert_eq!(counts.writes(), 0);
    let date = "select created_on::text from companies where siren = '000020016'";
    assert_eq!(office.text(date).await, "1994-03-01");
}

#[tokio::test]
async fn a_list_of_ours_finds_communes_by_name_and_keeps_several_sites_of_one_company() {
    let office = Office::new().await;
    let list = "siret;nom;commune;effectif;annee_effectif\n\
                00002001600010;EXEMPLE CHARPENTE;ALBI;54;2025\n\
                00002001600028;EXEMPLE CHARPENTE;terre de bancalie;;\n";
    let (_, counts) = office.import(&[("liste.csv", list)]).await;
    assert_eq!(
        (
            counts.companies.created,
            counts.establishments.created,
            counts.headcounts.created
        ),
        (1, 2, 1)
    );
    assert_eq!(
        office
            .text("select string_agg(insee_code, ' ' order by siret) from establishments")
            .await,
        "81004 81233"
    );
    assert_eq!(
        office.text("select local_siret from companies").await,
        "00002001600010"
    );
}

#[tokio::test]
async fn two_confirmations_at_once_write_one_after_the_other() {
    let office = Office::new().await;
    let files = [("u.csv", units()), ("e.csv", establishments())];
    let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, t.as_str())).collect();
    let (one, two) = tokio::join!(office.analyse(&files), office.analyse(&files));
    let (first, second) = tokio::join!(office.confirm(one.id), office.confirm(two.id));
    let mut writes = [
        first.expect("written").writes(),
        second.expect("written").writes(),
    ];
    writes.sort_unstable();
    assert_eq!(writes, [0, 14]);
    assert_eq!(
        office
            .text("select count(*)::text from import_changes")
            .await,
        "14"
    );
}

#[tokio::test]
async fn a_confirmation_that_is_cut_leaves_nothing_and_is_told_at_the_next_start() {
    let office = Office::new().await;
    office.import_sirene().await;
    let before = office.checksum().await;
    let renamed = units().replace("EXEMPLE", "EXEMPLAIRE");
    let row = office.analyse(&[("u.csv", &renamed)]).await;
    assert!(office.move_to(row.id, "ready", "applying").await);
    // Someone holds the last table that the confirmation writes, so that it stops in the middle.
    let mut blocker = office.db.owner().await;
    sqlx::raw_sql("begin; lock table import_changes in access exclusive mode")
        .execute(&mut blocker)
        .await
        .expect("a lock");
    let desk = office.desk.clone();
    let work =
        tokio::spawn(
            async move { vigie::features::imports::writing::confirm(&desk, row.id).await },
        );
    let mut owner = office.db.owner().await;
    let pid = loop {
        let waiting: Option<i32> = sqlx::query_scalar(
            "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%merged_companies%'",
        )
        .fetch_optional(&mut owner)
        .await
        .expect("an answer");
        if let Some(pid) = waiting {
            break pid;
        }
        tokio::task::yield_now().await;
    };
    // As a crash of the program would: its task dies with its connection.
    work.abort();
    sqlx::query("select pg_terminate_backend($1)")
        .bind(pid)
        .execute(&mut owner)
        .await
        .expect("killed");
    sqlx::raw_sql("rollback")
        .execute(&mut blocker)
        .await
        .expect("free");
    let _ = work.await;
    assert_eq!(office.checksum().await, before);
    assert_eq!(office.find(row.id).await.status, "applying");
    let mut conn = office.db.pool.acquire().await.expect("a connection");
    let left = vigie::features::imports::writing::recover_left(&mut conn).await;
    assert_eq!(left.expect("an answer"), 0, "it may have just begun");
    let recovered = vigie::features::imports::writing::recover_interrupted(&office.desk)
        .await
        .expect("recovered");
    assert_eq!(recovered, 1);
    let row = office.find(row.id).await;
    assert_eq!(row.status, "failed");
    assert!(row.failure.expect("a word").contains("interrompu"));
}

#[tokio::test]
async fn a_preview_lost_by_the_server_is_not_taken_for_an_empty_file() {
    let office = Office::new().await;
    let row = office.analyse(&[("u.csv", &units())]).await;
    let mut owner = office.db.owner().await;
    sqlx::raw_sql("truncate staged_companies")
        .execute(&mut owner)
        .await
        .expect("emptied");
    let error = office.confirm(row.id).await.expect_err("refused");
    assert!(
        error.in_french().contains("à nouveau"),
        "{}",
        error.in_french()
    );
    assert_eq!(office.find(row.id).await.status, "failed");
}

#[tokio::test]
async fn a_table_of_facts_says_which_of_its_columns_are_read() {
    let office = Office::new().await;
    let row = office
        .analyse(&[(
            "ratios.csv",
            "siren;date_cloture_exercice;chiffre_d_affaires;ebe;autonomie_financiere;type_bilan;confidentiality;inconnue\n\
             000020016;2025-12-31;1204000;3;47,9;C;Public;x\n",
        )])
        .await;
    let file = &row.files[0];
    assert!(
        file.recognised.contains(&"chiffre_d_affaires".to_owned()),
        "{:?}",
        file.recognised
    );
    assert_eq!(file.ignored, ["inconnue"]);
}
