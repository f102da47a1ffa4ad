//! A place to import files: a database with its reference, and a desk to work at.

use std::path::Path;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vigie::auth::audit::Acting;
use vigie::domain::text::hex;
use vigie::features::imports::intake::SourceFile;
use vigie::features::imports::model::Counts;
use vigie::features::imports::queries::records::{self, ImportRow};
use vigie::features::imports::{Deposit, Desk, Failure, analysis, writing};
use vigie::formats::Limits;
use vigie::platform::clock::Clock;

use crate::support::app::start;
use crate::support::db::TestDb;
use crate::support::folder::Folder;

/// Invented companies: wood, a group whose head office is in Paris, a hidden person, a partly
/// hidden company, a closed tannery under an old nomenclature, a person born in year 8.
pub const WOOD: &str = "000020016";
pub const GROUP_HEAD_OFFICE: &str = "00002002400014";
pub const GROUP_SITE: &str = "00002002400071";
pub const HIDDEN_PERSON: &str = "000020032";
pub const HIDDEN_COMPANY: &str = "000020040";

/// The text of a file of `tests/fixtures`.
pub fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read_to_string(path).expect("a fixture")
}

pub fn units() -> String {
    fixture("sirene_unites_legales_EXEMPLE.csv")
}

pub fn establishments() -> String {
    fixture("sirene_etablissements_EXEMPLE.csv")
}

pub struct Office {
    pub db: TestDb,
    pub desk: Desk,
    folder: Folder,
}

impl Office {
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let desk = Desk {
            pool: db.pool.clone(),
            clock: Clock::fixed(start()),
            department: "81".to_owned(),
            acting: Acting::command(),
        };
        Self {
            db,
            desk,
            folder: Folder::new(),
        }
    }

    /// A deposit of files by name and content.
    pub fn deposit(&self, files: &[(&str, &[u8])]) -> Deposit {
        let source = |(name, bytes): &(&str, &[u8])| {
            let path = self.folder.path().join(Uuid::new_v4().to_string());
            std::fs::write(&path, bytes).expect("a file");
            SourceFile {
                name: (*name).to_owned(),
                path,
                digest: hex(&Sha256::digest(bytes)),
                size: bytes.len() as u64,
            }
        };
        Deposit {
            files: files.iter().map(source).collect(),
            source_date: NaiveDate::from_ymd_opt(2026, 11, 1).expect("a date"),
            label: String::new(),
            source: String::new(),
        }
    }

    /// Analyses files; gives the import as it stands then.
    pub async fn analyse(&self, files: &[(&str, &str)]) -> ImportRow {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
        self.analyse_bytes(&files).await.0
    }

    pub async fn analyse_bytes(&self, files: &[(&str, &[u8])]) -> (ImportRow, Result<(), Failure>) {
        let deposit = self.deposit(files);
        let id = self.desk.record_alone(&deposit).await.expect("a record");
        let outcome = analysis::analyse(&self.desk, id, deposit, Limits::default()).await;
        (self.find(id).await, outcome)
    }

    pub async fn find(&self, id: Uuid) -> ImportRow {
        let mut conn = self.db.pool.acquire().await.expect("a connection");
        records::find(&mut conn, id)
            .await
            .expect("an answer")
            .expect("the import")
    }

    pub async fn move_to(&self, id: Uuid, from: &str, to: &str) -> bool {
        let mut conn = self.db.pool.acquire().await.expect("a connection");
        records::step(&mut conn, id, from, to)
            .await
            .expect("an answer")
    }

    pub async fn confirm(&self, id: Uuid) -> Result<Counts, Failure> {
        assert!(
            self.move_to(id, "ready", "applying").await,
            "nothing to confirm"
        );
        writing::confirm(&self.desk, id).await
    }

    /// Analyses and confirms.
    pub async fn import(&self, files: &[(&str, &str)]) -> (Uuid, Counts) {
        let row = self.analyse(files).await;
        assert_eq!(row.status, "ready", "{:?}", row.failure);
        let counts = self.confirm(row.id).await.expect("written");
        (row.id, counts)
    }

    /// The two SIRENE fixtures.
    pub async fn import_sirene(&self) -> (Uuid, Counts) {
        self.import(&[
            ("unites.csv", &units()),
            ("etablissements.csv", &establishments()),
        ])
        .await
    }

    pub async fn undo(&self, id: Uuid) -> Result<(), Failure> {
        assert!(
            self.move_to(id, "applied", "undoing").await,
            "nothing to undo"
        );
        writing::undo(&self.desk, id).await
    }

    /// One text of the database.
    pub async fn text(&self, sql: &'static str) -> String {
        sqlx::query_scalar::<_, Option<String>>(sql)
            .fetch_optional(&self.db.pool)
            .await
            .expect("an answer")
            .flatten()
            .unwrap_or_else(|| "∅".to_owned())
    }

    /// Everything that is kept, in one number: the same data, the same number.
    pub async fn checksum(&self) -> String {
        self.text(
            "select md5(coalesce((select string_agg(c::text, '|' order by siren) from companies c), '')
                     || coalesce((select string_agg(e::text, '|' order by siret) from establishments e), '')
                     || coalesce((select string_agg(h::text, '|' order by siret, period) from headcounts h), ''))",
        )
        .await
    }
}
