//! `vigie backtest`, `fit` and `history`, as the person at the terminal meets them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use chrono::NaiveDate;
use flate2::Compression;
use flate2::write::GzEncoder;
use vigie::domain::insolvency::{Category, Judgment, NoticeKind, Procedure};
use vigie::features::risk::{history, models};
use vigie::formats::Confidentiality;
use vigie::formats::bodacc::{Family, JudgmentRow, NoticeRow};
use vigie::formats::ratios::{AccountsKind, Amounts, Ratios, RatiosRow};
use vigie::scoring::assessment::Scorer;

use crate::support::app::TestApp;
use crate::support::folder::Folder;
use crate::support::portfolio::{Company, reference};

const COLUMNS: &str = "siren,period,label,months_to_event,sector,size,eq_ta,re_ta,ebit_ta,ni_ta,cf_tl,ca_cl,cash_cl,cl_ta,g_sales,cl_days";

/// Four years of two hundred and fifty companies: the thinner the equity, the more of them fail.
fn panel() -> String {
    let mut text = format!("{COLUMNS}\n");
    for firm in 0..250_u32 {
        for year in 2018..2022 {
            let equity = f64::from(firm % 50) / 50.0 - 0.1;
            let fails =
                u32::from(year == 2021 && (equity < 0.15 || firm % 41 == 0) && firm % 3 != 0);
            let months = if fails == 1 { "9" } else { "" };
            let _ = writeln!(
                text,
                "9{firm:08},{year}-12-31,{fails},{months},10,10 à 19,{equity:.2},{equity:.2},0.01,,0.1,1.2,,0.5,0.02,60"
            );
        }
    }
    text
}

struct House(Folder);

impl House {
    fn new(name: &str, text: &str) -> Self {
        let house = Self(Folder::new());
        std::fs::write(house.path(name), text).expect("a file");
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Runs the program in the folder, without settings of this machine.
    fn vigie(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("VIGIE_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        command.env("VIGIE_DATA_DIR", self.path("data"));
        let command = command.current_dir(self.0.path()).args(line.split(' '));
        command.output().expect("the program runs")
    }

    fn prints(&self, line: &str) -> String {
        let output = self.vigie(line);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {error}");
        String::from_utf8(output.stdout).expect("text")
    }

    fn fails(&self, line: &str) -> String {
        let output = self.vigie(line);
        assert!(!output.status.success(), "{line}");
        String::from_utf8(output.stderr).expect("text")
    }
}

#[test]
fn the_shipped_grid_is_measured_and_the_report_written_the_same_twice() {
    let house = House::new("past.csv", &panel());
    let line = "backtest --model grille --data past.csv --format vigie --mask 0.25 --html report.html --out";
    let table = house.prints(&format!("{line} one.json"));
    for words in [
        "grille-fragilite 1.0.0",
        "AUC (DeLong)",
        "par entreprise, 5 plis",
        "Niveau",
        "Stabilité",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert_eq!(table, house.prints(&format!("{line} two.json")));
    assert_eq!(house.text("one.json"), house.text("two.json"));
    let report: serde_json::Value = serde_json::from_str(&house.text("one.json")).expect("JSON");
    assert_eq!(report["rows"], 1000);
    assert!(report["auc"]["value"].as_f64().expect("an area") > 0.6);
    assert!(
        house
            .text("report.html")
            .contains("<h1>Rétro-test\u{a0}: grille-fragilite 1.0.0</h1>")
    );
}

#[test]
fn a_gzipped_file_says_what_the_plain_one_says_and_time_splits_by_year() {
    let house = House::new("past.csv", &panel());
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(panel().as_bytes()).expect("a file");
    std::fs::write(house.path("past.csv.gz"), packed.finish().expect("a file")).expect("a file");
    let line = "backtest --model grille --format vigie --split time --data";
    let plain = house.prints(&format!("{line} past.csv"));
    assert_eq!(plain, house.prints(&format!("{line} past.csv.gz")));
    assert!(
        plain.contains("passé jusqu’à 2019, calage jusqu’à 2020"),
        "{plain}"
    );
}

#[test]
fn what_cannot_be_measured_is_told_with_its_place() {
    let house = House::new("past.csv", &panel().replacen("eq_ta", "equity", 1));
    let line = "backtest --model grille --format vigie --data";
    let error = house.fails(&format!("{line} past.csv"));
    assert!(
        error.contains("past.csv\u{a0}: colonne «\u{a0}eq_ta\u{a0}» absente du fichier"),
        "{error}"
    );
    assert!(
        house
            .fails(&format!("{line} nowhere.csv"))
            .contains("nowhere.csv\u{a0}: fichier ou dossier introuvable")
    );
    let grid = include_str!("../../models/grille-1.0.0.toml");
    let wrong = grid
        .replacen("points = [20, 12, 5, 0]", "points = [5, 12, 20, 0]", 1)
        .replacen("high = 45", "high = 25", 1);
    std::fs::write(house.path("wrong.toml"), wrong).expect("a file");
    let error = house.fails("backtest --model wrong.toml --format vigie --data past.csv");
    for words in [
        "wrong.toml\u{a0}: modèle refusé",
        "contredisent la direction",
        "les seuils doivent croître",
    ] {
        assert!(error.contains(words), "{words}: {error}");
    }
    assert!(
        house
            .fails(&format!("{line} past.csv --mask 2"))
            .contains("from 0 to 1")
    );
    let torn = format!("{}a,b\n", panel());
    std::fs::write(house.path("torn.csv"), torn).expect("a file");
    let error = house.fails(&format!("{line} torn.csv"));
    assert!(error.contains("colonnes au lieu de"), "{error}");
    std::fs::write(house.path("torn.toml"), "[levels\nhigh =").expect("a file");
    let error = house.fails("backtest --model torn.toml --format vigie --data past.csv");
    assert!(error.contains("ligne 1"), "{error}");
    assert!(
        !error.contains("expected") && !error.contains("TOML parse"),
        "{error}"
    );
    let polish = "backtest --model grille --format polish --split time --data past.csv";
    assert!(house.fails(polish).contains("colonne"));
}

#[test]
fn a_trained_model_is_applied_as_the_grid_is_and_its_card_stands_beside_it() {
    let house = House::new("past.csv", &panel());
    let line = "fit --data past.csv --format vigie --valid-from 2027-01-01 --author Essai --out";
    house.prints(&format!("{line} one.toml"));
    house.prints(&format!("{line} two.toml"));
    assert_eq!(house.text("one.toml"), house.text("two.toml"));
    let scorer = Scorer::parse(&house.text("one.toml")).expect("a model that reads accounts");
    let grid = models::all().last().expect("a grid").model();
    assert!(scorer.model().identity.trained);
    assert_eq!(scorer.model().aggregates, grid.aggregates);
    let learnt = &scorer.model().variables[0];
    assert_eq!(
        learnt.clip.map(f64::to_bits),
        grid.variables[0].clip.map(f64::to_bits)
    );
    let card = house.text("one.md");
    for words in [
        "# Fiche du modèle modele-appris 0.1.0",
        "Auteur\u{a0}: Essai",
        "Ce qu’il n’est pas",
    ] {
        assert!(card.contains(words), "{words}");
    }
    let table = house.prints("backtest --model one.toml --data past.csv --format vigie");
    assert!(table.contains("appris sur ce fichier même"), "{table}");
}

#[test]
fn too_few_failures_teach_nothing() {
    let house = House::new("past.csv", &panel().replace("12-31,1,9,", "12-31,0,,"));
    let error = house.fails("fit --data past.csv --format vigie --out model.toml");
    assert!(error.contains("0 défaillances seulement"), "{error}");
    assert!(!house.path("model.toml").exists());
}

/// Public ratios of an exercise, as the import keeps them.
async fn ratios(app: &TestApp, siren: &str, closing: &str, sales: i64) {
    let closed_on = day(closing);
    let row = RatiosRow {
        siren: siren.parse().expect("a SIREN"),
        closed_on,
        kind: AccountsKind::Complete,
        confidentiality: Confidentiality::Public,
        amounts: Amounts {
            chiffre_d_affaires: Some(sales),
            ..Amounts::default()
        },
        ratios: Ratios {
            autonomie_financiere: Some(25.0),
            ..Ratios::default()
        },
    };
    let content = serde_json::to_value(row).expect("a row");
    fact(app, siren, "ratios", closed_on, content).await;
}

/// The opening of a receivership, as the import keeps it.
async fn opening(app: &TestApp, siren: &str, on: &str) {
    let on = day(on);
    let row = NoticeRow {
        id: format!("A{siren}{on}"),
        siren: siren.parse().expect("a SIREN"),
        other_sirens: Vec::new(),
        published_on: on,
        family: Family::Collective,
        kind: NoticeKind::Original,
        previous: None,
        court: None,
        department: None,
        trader: None,
        postcode: None,
        town: None,
        is_person: None,
        judgment: Some(JudgmentRow {
            kind: None,
            family: None,
            nature: None,
            decided_on: Some(on),
            complement: None,
            reading: Judgment {
                category: Category::Opening,
                procedure: Procedure::Receivership,
            },
        }),
        deposit: None,
        radiation: None,
    };
    let content = serde_json::to_value(row).expect("a row");
    fact(app, siren, "notice", on, content).await;
}

async fn fact(app: &TestApp, siren: &str, kind: &str, on: NaiveDate, content: serde_json::Value) {
    sqlx::query(
        "insert into facts (kind, key, siren, happened_on, content, source, source_date)
         values ($1, $2 || $3::text, $2, $3, $4, 'essai', $3)",
    )
    .bind(kind)
    .bind(siren)
    .bind(on)
    .bind(content)
    .execute(&app.db.pool)
    .await
    .expect("a fact");
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// One company fails nine months after its last accounts are public, another never does.
#[tokio::test]
async fn the_history_joins_accounts_with_what_followed_and_stops_where_nobody_knows() {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let failed = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let sound = Company::new(2, "EXEMPLE GRANIT").add(&app.db.pool).await;
    for siren in [&failed, &sound] {
        for (closing, sales) in [
            ("2020-12-31", 100_000),
            ("2021-12-31", 90_000),
            ("2023-12-31", 80_000),
        ] {
            ratios(&app, siren, closing, sales).await;
        }
    }
    opening(&app, &failed, "2023-03-15").await;
    let scorer = models::all().last().expect("a grid");
    let mut conn = app.db.pool.acquire().await.expect("a connection");
    assert_eq!(
        history::last_notice(&mut conn).await.expect("a day"),
        Some(day("2023-03-15"))
    );
    let lines = history::lines(&mut conn, scorer, day("2024-12-31"))
        .await
        .expect("lines");
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line.siren.as_str(),
                line.closing,
                line.label,
                line.months_to_event,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (failed.as_str(), day("2020-12-31"), false, Some(26)),
            (failed.as_str(), day("2021-12-31"), true, Some(14)),
            (sound.as_str(), day("2020-12-31"), false, None),
            (sound.as_str(), day("2021-12-31"), false, None),
        ]
    );
    let equity = lines[1].values[0].expect("equity is known");
    assert!((equity - 0.25).abs() < 1e-9);
    assert_eq!(lines[1].sector, "25");
    assert!(!lines[1].size.is_empty());
}
