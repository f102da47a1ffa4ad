//! Configuration: one struct from environment and flags, refused at start with every fault listed.
//!
//! `.env.example` documents each variable; a test compares the two.

mod base_url;
mod settings;
mod store;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

pub use base_url::BaseUrl;
pub use settings::Settings;
pub use store::Store;

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address that the server listens on.
    pub listen: SocketAddr,
    /// Address that people type; every link in a mail starts with it.
    pub base_url: BaseUrl,
    /// Folder of the private database and of the kept files.
    pub data_dir: PathBuf,
    /// Which PostgreSQL to use.
    pub database: Database,
    /// INSEE code of the département, such as `81`, `2A` or `974`.
    pub department: String,
    /// Who runs this installation, for the legal pages.
    pub organisation: Organisation,
    /// Outgoing mail, when there is any.
    pub mail: Option<Mail>,
    /// What prints pages as PDF; searched for when absent.
    pub pdf_program: Option<PathBuf>,
    /// What looks for viruses in documents.
    pub scan_command: Option<PathBuf>,
    /// Where new documents are kept, when it is not in the database.
    pub documents_store: Option<Store>,
    /// Shape of the log lines.
    pub log_format: LogFormat,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long a session lives.
    pub session: SessionLimits,
    /// Open client connections, at most.
    pub max_connections: usize,
    /// Bytes of one deposit of files, at most.
    pub upload_limit: u64,
}

/// Which PostgreSQL to use.
#[derive(Clone, Debug)]
pub enum Database {
    /// A private cluster in the data folder, run by this program.
    Embedded {
        /// Folder of `postgres` and `initdb`; searched for when absent.
        pg_bin: Option<PathBuf>,
    },
    /// A server that someone else runs.
    External(Box<PgConnectOptions>),
}

/// Who runs this installation. Absent values are shown as such on the legal pages.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Name of the body, in French.
    pub name: String,
    /// Mail address for questions.
    pub contact_email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Publication director (law of 21 June 2004, article 1-1).
    pub publication_director: Option<String>,
    /// Name and address of the hosting provider (same article).
    pub hosting_provider: Option<String>,
    /// Mail address of the data protection officer (GDPR, article 13).
    pub dpo_email: Option<String>,
}

/// Outgoing mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// `smtp://` or `smtps://` address, password included.
    pub url: Secret,
    /// Sender, such as `Vigie <vigie@tarn.fr>`.
    pub from: String,
}

/// Shape of the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// For a terminal.
    Human,
}

impl LogFormat {
    /// What suits the reader: a person at a terminal, or a collector of logs.
    fn fitting(terminal: bool) -> Self {
        if terminal { Self::Human } else { Self::Json }
    }
}

/// How long a session lives (ASVS 5.0, 7.3.1 and 7.3.2).
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Without any request.
    pub idle: Duration,
    /// Since the sign-in.
    pub absolute: Duration,
}

/// A text that never shows in logs.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one who uses it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Every fault of a configuration, one line each.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration is refused:")?;
        self.0
            .iter()
            .try_for_each(|fault| writeln!(f, "  - {fault}"))
    }
}

impl std::error::Error for Faults {}
