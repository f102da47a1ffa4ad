//! `cargo bench --bench import`: a whole import of 300,000 generated establishments and their legal
//! units (analysis and confirmation) against `COPY` of the same columns into identical tables, in
//! the same run on the same server. Figures are printed, never asserted: only the ratio travels.
//!
//! The server is a throw-away private one, started here; `VIGIE_PG_BIN` names its programs.

use std::error::Error;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::NaiveDate;
use sqlx::{ConnectOptions as _, PgConnection};
use vigie::auth::audit::Acting;
use vigie::features::imports::intake::SourceFile;
use vigie::features::imports::{Deposit, Desk, run};
use vigie::formats::Limits;
use vigie::platform::clock::Clock;
use vigie::platform::db;
use vigie::platform::embedded_postgres::{Cluster, Options};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// As the issue asks; another number of establishments as first argument.
const ESTABLISHMENTS: u32 = 300_000;

const UNITS: &str = "siren,statutDiffusionUniteLegale,dateCreationUniteLegale,sigleUniteLegale,trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,categorieEntreprise,dateDebut,etatAdministratifUniteLegale,nomUniteLegale,prenomUsuelUniteLegale,denominationUniteLegale,denominationUsuelle1UniteLegale,categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,nomenclatureActivitePrincipaleUniteLegale,nicSiegeUniteLegale,economieSocialeSolidaireUniteLegale,societeMissionUniteLegale,caractereEmployeurUniteLegale,activitePrincipaleNAF25UniteLegale";
const PLACES: &str = "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,trancheEffectifsEtablissement,anneeEffectifsEtablissement,etablissementSiege,complementAdresseEtablissement,numeroVoieEtablissement,typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,codeCommuneEtablissement,coordonneeLambertAbscisseEtablissement,coordonneeLambertOrdonneeEtablissement,dateDebut,etatAdministratifEtablissement,enseigne1Etablissement,activitePrincipaleEtablissement,nomenclatureActivitePrincipaleEtablissement,caractereEmployeurEtablissement,activitePrincipaleNAF25Etablissement";

const TRADES: [&str; 12] = [
    "CHARPENTE",
    "TEXTILE",
    "GRANIT",
    "DELAINAGE",
    "VERRERIE",
    "MENUISERIE",
    "FROMAGERIE",
    "TRANSPORTS",
    "MECANIQUE",
    "BOULANGERIE",
    "CONSEIL",
    "IMMOBILIER",
];
const PLACE_NAMES: [&str; 8] = [
    "DU SIDOBRE",
    "DE L AGOUT",
    "DU DADOU",
    "DES MONTS",
    "DU THORE",
    "DU CERDU",
    "DE LA VERE",
    "DU LAURAGAIS",
];
const BANDS: [&str; 6] = ["NN", "00", "01", "02", "11", "12"];

fn main() -> Outcome {
    let wanted = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(ESTABLISHMENTS);
    let folder = std::env::temp_dir().join(format!("vigie-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let options = Options {
        data_dir: folder.join("data"),
        pg_bin: std::env::var_os("VIGIE_PG_BIN").map(PathBuf::from),
        settings: Vec::new(),
        throw_away: false,
    };
    std::fs::create_dir_all(&options.data_dir)?;
    let cluster = Cluster::start(&options)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(measure(&cluster, &folder, wanted));
    drop(runtime);
    cluster.stop()?;
    std::fs::remove_dir_all(&folder)?;
    outcome
}

async fn measure(cluster: &Cluster, folder: &Path, wanted: u32) -> Outcome {
    let server = cluster.connect_options("postgres");
    let mut admin = server.clone().connect().await?;
    sqlx::raw_sql("create database bench")
        .execute(&mut admin)
        .await?;
    let options = cluster.connect_options("bench");
    db::migrate(&options).await?;
    let mut owner = options.clone().connect().await?;
    reference(&mut owner).await?;
    let files = generate(folder, wanted)?;
    let bytes: u64 = files.iter().map(|file| file.size).sum();
    let rows = f64::from(wanted + units_of(wanted));
    println!(
        "{wanted} establishments, {} legal units, {} MB of CSV",
        units_of(wanted),
        bytes / 1_000_000
    );
    let desk = Desk {
        pool: db::pool(options),
        clock: Clock::system(),
        department: "81".to_owned(),
        acting: Acting::command(),
    };
    let before = peak_memory();
    let (first, counts) = import(&desk, &files).await?;
    assert_eq!(
        counts,
        i64::from(wanted + units_of(wanted)),
        "every generated row is written"
    );
    let memory = peak_memory();
    let (again, nothing) = import(&desk, &files).await?;
    assert_eq!(nothing, 0, "the same file twice changes nothing");
    let (indexed, plain) = copies(&mut owner, folder).await?;
    println!(
        "import        {:>8.0} rows/s  ({:.1} s: analysis {:.1}, confirmation {:.1})",
        rows / first.total(),
        first.total(),
        first.analysis,
        first.confirmation
    );
    println!(
        "same again    {:>8.0} rows/s  ({:.1} s: analysis {:.1}, confirmation {:.1})",
        rows / again.total(),
        again.total(),
        again.analysis,
        again.confirmation
    );
    println!(
        "COPY, indexes {:>8.0} rows/s  ({indexed:.1} s)   ratio {:.2}",
        rows / indexed,
        indexed / first.total()
    );
    println!(
        "COPY, bare    {:>8.0} rows/s  ({plain:.1} s)   ratio {:.2}",
        rows / plain,
        plain / first.total()
    );
    println!("peak memory of this process: {before} MB before, {memory} MB after the first import");
    Ok(())
}

struct Times {
    analysis: f64,
    confirmation: f64,
}

impl Times {
    fn total(&self) -> f64 {
        self.analysis + self.confirmation
    }
}

/// One import; its times in seconds and the rows written.
async fn import(desk: &Desk, files: &[SourceFile]) -> Outcome<(Times, i64)> {
    let deposit = Deposit {
        files: files.to_vec(),
        source_date: NaiveDate::from_ymd_opt(2026, 11, 1).ok_or("a date")?,
        label: String::new(),
        source: String::new(),
    };
    let id = desk.record_alone(&deposit).await?;
    let begun = Instant::now();
    run::analyse(desk, id, deposit, Limits::default()).await?;
    let analysis = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let counts = run::confirm(desk, id).await?;
    Ok((
        Times {
            analysis,
            confirmation: begun.elapsed().as_secs_f64(),
        },
        counts.writes(),
    ))
}

/// `COPY` of what the import wrote into identical tables: with the same indexes, then without.
async fn copies(owner: &mut PgConnection, folder: &Path) -> Outcome<(f64, f64)> {
    let mut dumps = Vec::new();
    for (table, columns) in [
        (
            "companies",
            "siren, diffusible, is_person, name, usual_name, acronym, legal_category, active, created_on, ceased_on, naf_code, naf_nomenclature, naf_2025, headcount_band, headcount_band_year, size_category, head_office_siret, is_social_economy, is_mission_company, is_employer, local_siret, import_id, source, source_date",
        ),
        (
            "establishments",
            "siret, siren, diffusible, is_head_office, active, name, address, postcode, commune_code, commune_label, insee_code, created_on, closed_on, naf_code, naf_nomenclature, naf_2025, headcount_band, headcount_band_year, lambert_x, lambert_y, import_id, source, source_date",
        ),
    ] {
        let path = folder.join(format!("{table}.copy"));
        dump(
            owner,
            &format!("copy (select {columns} from {table} order by 1) to stdout"),
            &path,
        )
        .await?;
        dumps.push((table, columns, path));
    }
    let mut times = [0.0; 2];
    for (time, like) in times
        .iter_mut()
        .zip(["including all", "including defaults including generated"])
    {
        for (table, columns, path) in &dumps {
            let setup = format!(
                "drop table if exists copied_{table}; create table copied_{table} (like {table} {like})"
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(setup))
                .execute(&mut *owner)
                .await?;
            let bytes = std::fs::read(path)?;
            let begun = Instant::now();
            let mut copying = owner
                .copy_in_raw(&format!("copy copied_{table} ({columns}) from stdin"))
                .await?;
            copying.send(bytes).await?;
            copying.finish().await?;
            *time += begun.elapsed().as_secs_f64();
        }
    }
    Ok((times[0], times[1]))
}

async fn dump(owner: &mut PgConnection, statement: &str, path: &Path) -> Outcome {
    use futures_util::TryStreamExt as _;
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    let mut rows = owner.copy_out_raw(statement).await?;
    while let Some(piece) = rows.try_next().await? {
        out.write_all(&piece)?;
    }
    Ok(out.flush()?)
}

/// Largest memory that this process has held, in megabytes (Linux; 0 elsewhere).
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

async fn reference(owner: &mut PgConnection) -> Outcome {
    sqlx::raw_sql(
        "insert into municipalities (insee_code, name, department)
           select '81' || lpad(i::text, 3, '0'), 'Commune ' || i, '81' from generate_series(1, 314) i
           on conflict do nothing;
         insert into headcount_bands (code, label, minimum, maximum, rank, estimate)
           select c, c, 0, 0, r, 0
             from unnest('{NN,00,01,02,03,11,12,21,22,31,32,41,42,51,52,53}'::text[]) with ordinality b(c, r)
           on conflict do nothing",
    )
    .execute(owner)
    .await?;
    Ok(())
}

/// Two units for three establishments, about as in the register.
fn units_of(establishments: u32) -> u32 {
    establishments * 2 / 3
}

/// The last digit that completes a number (Luhn).
fn completed(stem: &str) -> String {
    let weighed = stem.bytes().rev().enumerate().map(|(i, digit)| {
        let doubled = u32::from(digit - b'0') * if i % 2 == 0 { 2 } else { 1 };
        if doubled > 9 { doubled - 9 } else { doubled }
    });
    let key = (10 - weighed.sum::<u32>() % 10) % 10;
    format!("{stem}{key}")
}

fn generate(folder: &Path, wanted: u32) -> Outcome<Vec<SourceFile>> {
    let (units_path, places_path) = (folder.join("units.csv"), folder.join("places.csv"));
    let mut units = BufWriter::new(std::fs::File::create(&units_path)?);
    let mut places = BufWriter::new(std::fs::File::create(&places_path)?);
    writeln!(units, "{UNITS}")?;
    writeln!(places, "{PLACES}")?;
    let mut left = wanted;
    for i in 0..units_of(wanted) {
        let siren = completed(&format!("{:08}", 10_000_000 + i * 7));
        let pick = |list: &[&'static str], by: u32| list[(i / by) as usize % list.len()];
        let (trade, name) = (pick(&TRADES, 1), pick(&PLACE_NAMES, 5));
        let (year, month, day) = (1960 + i % 65, 1 + i % 12, 1 + i % 28);
        let band = pick(&BANDS, 3);
        let nic = &completed(&format!("{siren}0001"))[9..];
        writeln!(
            units,
            "{siren},O,{year}-{month:02}-{day:02},,{band},2023,PME,{year}-{month:02}-{day:02},A,,,EXEMPLE {trade} {name} {i},,5710,16.23Z,NAFRev2,{nic},N,N,O,16.23Y"
        )?;
        // Every second unit has two establishments.
        for rank in 1..=(1 + i % 2).min(left) {
            left -= 1;
            let siret = completed(&format!("{siren}{rank:04}"));
            let commune = 1 + (i * 31 + rank) % 314;
            writeln!(
                places,
                "{siren},{},{siret},O,{year}-{month:02}-{day:02},{band},2023,{},,{},RUE,{name},81{:03},COMMUNE {commune},81{commune:03},{},{},{year}-{month:02}-{day:02},A,,16.23Z,NAFRev2,O,16.23Y",
                &siret[9..],
                rank == 1,
                i % 90,
                commune % 99,
                600_000 + i % 60_000,
                6_270_000 + i % 70_000
            )?;
        }
    }
    units.flush()?;
    places.flush()?;
    let file = |name: &str, path: PathBuf| -> Outcome<SourceFile> {
        let size = std::fs::metadata(&path)?.len();
        Ok(SourceFile {
            name: name.to_owned(),
            path,
            digest: String::new(),
            size,
        })
    };
    Ok(vec![
        file("units.csv", units_path)?,
        file("places.csv", places_path)?,
    ])
}
