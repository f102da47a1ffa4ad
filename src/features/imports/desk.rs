//! Who works on an import and with what: the same for the pages, the command and the tests.

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::intake::SourceFile;
use super::model::{Counts, FileReport};
use super::queries::records::{self, NewImport};
use crate::auth::audit::{self, Acting};
use crate::domain::text::{self, hex};
use crate::formats::FileError;
use crate::platform::clock::Clock;
use crate::platform::db;

/// Who works, and with what.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Connections.
    pub pool: sqlx::PgPool,
    /// The only source of time.
    pub clock: Clock,
    /// INSEE code of the département.
    pub department: String,
    /// Who signs.
    pub acting: Acting,
}

/// What someone deposits.
#[derive(Debug, Clone)]
pub struct Deposit {
    /// At least one file.
    pub files: Vec<SourceFile>,
    /// The date that the data speaks of.
    pub source_date: NaiveDate,
    /// What the person calls it; the names of the files when empty.
    pub label: String,
    /// Producer of the data; found from the layouts when empty.
    pub source: String,
}

/// Why work on an import ended without its result.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file cannot be read; the sentence is for the person.
    #[error("«\u{a0}{name}\u{a0}»\u{a0}: {error}")]
    File {
        /// Name of the file.
        name: String,
        /// What is wrong.
        error: FileError,
    },
    /// The state of things refuses; the sentence is for the person.
    #[error("{0}")]
    Refused(String),
    /// The database.
    #[error("the database refused: {0}")]
    Database(#[from] sqlx::Error),
}

impl Failure {
    /// What the log may say of it: nothing that comes from a file.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File { error, .. } => error.code(),
            Self::Refused(_) => "refused",
            Self::Database(_) => "database",
        }
    }

    /// What the person reads.
    pub fn in_french(&self) -> String {
        match self {
            Self::Database(error) if is_lock_timeout(error) => {
                "Un autre import est en cours d’enregistrement. \
                 Rien n’a été écrit\u{a0}: attendez qu’il soit terminé, puis recommencez."
                    .to_owned()
            }
            Self::Database(error) if db::is_unavailable(error) => {
                "La base de données s’est arrêtée en cours de travail. Rien n’a été écrit\u{a0}: \
                 recommencez dans quelques minutes."
                    .to_owned()
            }
            Self::Database(_) => {
                "Vigie n’a pas pu enregistrer ce fichier\u{a0}: c’est un défaut de Vigie, signalez-le. \
                 Rien n’a été écrit."
                    .to_owned()
            }
            _ => self.to_string(),
        }
    }
}

fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "55P03")
}

impl Deposit {
    /// Same files, same fingerprint, whatever their names and order.
    pub fn fingerprint(&self) -> String {
        let mut digests: Vec<&str> = self.files.iter().map(|file| file.digest.as_str()).collect();
        digests.sort_unstable();
        hex(&Sha256::digest(digests.join("\n")))
    }

    fn label(&self) -> String {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        let typed = text::one_line(&self.label);
        let label = if typed.is_empty() {
            names.join(", ")
        } else {
            typed
        };
        label.chars().take(200).collect()
    }

    fn reports(&self) -> Vec<FileReport> {
        let report = |file: &SourceFile| FileReport {
            name: file.name.clone(),
            size: file.size,
            layout: String::new(),
            description: String::new(),
            titles: Vec::new(),
            has_example: false,
            recognised: Vec::new(),
            ignored: Vec::new(),
            lines: 0,
        };
        self.files.iter().map(report).collect()
    }
}

impl Desk {
    /// Records a deposit, in the caller's transaction. Its analysis may start once that is kept.
    pub async fn record(
        &self,
        conn: &mut sqlx::PgConnection,
        deposit: &Deposit,
    ) -> sqlx::Result<Uuid> {
        let id = Uuid::now_v7();
        let new = NewImport {
            id,
            label: &deposit.label(),
            source: deposit.source.trim(),
            source_date: deposit.source_date,
            fingerprint: &deposit.fingerprint(),
            files: &deposit.reports(),
        };
        records::create(conn, &new, &self.acting, self.clock.now()).await?;
        Ok(id)
    }

    /// The same in a transaction of its own (the command).
    pub async fn record_alone(&self, deposit: &Deposit) -> sqlx::Result<Uuid> {
        let mut tx = self.begin().await?;
        let id = self.record(&mut tx, deposit).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A transaction signed by whoever acts.
    pub async fn begin(&self) -> sqlx::Result<sqlx::Transaction<'static, sqlx::Postgres>> {
        let mut tx = db::begin(&self.pool).await?;
        audit::sign(&mut tx, &self.acting).await?;
        Ok(tx)
    }

    /// Writes why the work ended, and where the import stands now.
    pub async fn settle(
        &self,
        import_id: Uuid,
        status: &str,
        failure: &Failure,
    ) -> sqlx::Result<()> {
        if let Failure::Database(error) = failure {
            tracing::error!(%error, %import_id, "work on an import failed");
        }
        let mut tx = self.begin().await?;
        records::settle(&mut tx, import_id, status, &failure.in_french()).await?;
        tx.commit().await
    }
}

/// Adds up causes of several steps.
pub fn add_cause(counts: &mut Counts, cause: &str, rows: i64) {
    if rows > 0 {
        *counts.causes.entry(cause.to_owned()).or_default() += rows;
    }
}
