//! The raw settings, as text, and their check. Everything is text here so that one run can list
//! every fault; `clap` alone would stop at the first.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

use super::{
    BaseUrl, Config, Database, Faults, LogFormat, Mail, Organisation, Secret, SessionLimits,
};
use crate::platform::pdf;

/// Settings of every subcommand.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Settings (also read from the environment)")]
pub struct Settings {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "VIGIE_LISTEN", global = true)]
    pub listen: Option<String>,
    /// Address that people type; https unless it is this machine [default: http://localhost:PORT]
    #[arg(long, env = "VIGIE_BASE_URL", global = true)]
    pub base_url: Option<String>,
    /// Folder of the private database and of the kept files
    #[arg(long, env = "VIGIE_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// PostgreSQL server to use instead of a private one (holds a password: prefer the variable)
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// Folder of the `postgres` and `initdb` programs, when they are not found
    #[arg(long, env = "VIGIE_PG_BIN", global = true)]
    pub pg_bin: Option<PathBuf>,
    /// INSEE code of the département [default: 81]
    #[arg(long, env = "VIGIE_DEPARTMENT", global = true)]
    pub department: Option<String>,
    /// Name of the organisation [default: Département du Tarn]
    #[arg(long, env = "VIGIE_ORGANISATION", global = true)]
    pub organisation: Option<String>,
    /// Mail address for questions, on the legal pages
    #[arg(long, env = "VIGIE_CONTACT_EMAIL", global = true)]
    pub contact_email: Option<String>,
    /// Postal address, on the legal pages
    #[arg(long, env = "VIGIE_ADDRESS", global = true)]
    pub address: Option<String>,
    /// Publication director, on the legal pages
    #[arg(long, env = "VIGIE_PUBLICATION_DIRECTOR", global = true)]
    pub publication_director: Option<String>,
    /// Name and address of the hosting provider, on the legal pages
    #[arg(long, env = "VIGIE_HOSTING_PROVIDER", global = true)]
    pub hosting_provider: Option<String>,
    /// Mail address of the data protection officer, on the legal pages
    #[arg(long, env = "VIGIE_DPO_EMAIL", global = true)]
    pub dpo_email: Option<String>,
    /// Mail server, smtp:// or smtps:// (holds a password: prefer the variable)
    #[arg(long, env = "VIGIE_SMTP_URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Sender of the mails, such as `Vigie <vigie@example.fr>`
    #[arg(long, env = "VIGIE_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
    /// Chromium that prints pages as PDF, when it is not found
    #[arg(long, env = "VIGIE_PDF_PROGRAM", global = true)]
    pub pdf_program: Option<PathBuf>,
    /// Program that looks for viruses in documents, on its standard input; exit status 1 is infected
    #[arg(long, env = "VIGIE_SCAN_COMMAND", global = true)]
    pub scan_command: Option<PathBuf>,
    /// Where new documents are kept: `s3://bucket` or `s3://bucket/folder` [default: the database]
    #[arg(long, env = "VIGIE_DOCUMENTS_STORE", global = true)]
    pub documents_store: Option<String>,
    /// Address of the S3-compatible store; https unless it is this machine [default: Amazon's]
    #[arg(long, env = "VIGIE_S3_ENDPOINT", global = true)]
    pub s3_endpoint: Option<String>,
    /// Region that requests to the store are signed for [default: us-east-1]
    #[arg(long, env = "VIGIE_S3_REGION", global = true)]
    pub s3_region: Option<String>,
    /// Key of access to the store (prefer the variable)
    #[arg(
        long,
        env = "VIGIE_S3_ACCESS_KEY",
        global = true,
        hide_env_values = true
    )]
    pub s3_access_key: Option<String>,
    /// Secret of that key (prefer the variable)
    #[arg(
        long,
        env = "VIGIE_S3_SECRET_KEY",
        global = true,
        hide_env_values = true
    )]
    pub s3_secret_key: Option<String>,
    /// Whether the bucket is in the path of addresses, not in the name of the host [default: true]
    #[arg(long, env = "VIGIE_S3_PATH_STYLE", global = true)]
    pub s3_path_style: Option<String>,
    /// Log lines: `json` or `human` [default: human on a terminal, else json]
    #[arg(long, env = "VIGIE_LOG_FORMAT", global = true)]
    pub log_format: Option<String>,
    /// Proxies to believe, IP addresses separated by commas
    #[arg(long, env = "VIGIE_TRUSTED_PROXIES", global = true)]
    pub trusted_proxies: Option<String>,
    /// Minutes without a request that end a session, 5 to 120 [default: 30]
    #[arg(long, env = "VIGIE_SESSION_IDLE_MINUTES", global = true)]
    pub session_idle_minutes: Option<String>,
    /// Hours after sign-in that end a session, 1 to 24 [default: 12]
    #[arg(long, env = "VIGIE_SESSION_HOURS", global = true)]
    pub session_hours: Option<String>,
    /// Open client connections, 16 to 65536 [default: 1024]
    #[arg(long, env = "VIGIE_MAX_CONNECTIONS", global = true)]
    pub max_connections: Option<String>,
    /// Megabytes of one deposit of files, 1 to 100000 [default: 4096]
    #[arg(long, env = "VIGIE_UPLOAD_LIMIT_MB", global = true)]
    pub upload_limit_mb: Option<String>,
}

/// A program that can be run, when one is named.
fn program(reader: &mut Reader, name: &str, named: Option<&PathBuf>) -> Option<PathBuf> {
    let program = named?;
    if program.as_os_str().is_empty() {
        return None;
    }
    if !pdf::is_program(program) {
        let why = format!("{} is not a program that can be run", program.display());
        reader.fault(name, &why);
    }
    Some(program.clone())
}

/// Collects faults while reading; a wrong setting reads as its default so that the rest is checked.
#[derive(Default)]
pub(super) struct Reader {
    faults: Vec<String>,
}

impl Reader {
    pub(super) fn fault(&mut self, name: &str, why: &str) {
        self.faults.push(format!("{name}: {why}"));
    }

    pub(super) fn parsed<T: FromStr>(
        &mut self,
        name: &str,
        text: Option<&String>,
        example: &str,
    ) -> Option<T> {
        let text = filled(text)?;
        text.parse().map_or_else(
            |_| {
                self.fault(
                    name,
                    &format!("`{text}` is not understood; example: {example}"),
                );
                None
            },
            Some,
        )
    }

    fn number(&mut self, name: &str, text: Option<&String>, range: [u64; 2], default: u64) -> u64 {
        let [low, high] = range;
        let value = self
            .parsed(name, text, &default.to_string())
            .unwrap_or(default);
        if !(low..=high).contains(&value) {
            self.fault(name, &format!("{value} is not between {low} and {high}"));
        }
        value
    }

    fn email(&mut self, name: &str, text: Option<&String>) -> Option<String> {
        let text = filled(text)?;
        if text.parse::<lettre::Address>().is_err() {
            self.fault(
                name,
                &format!("`{text}` is not a mail address such as nom@example.fr"),
            );
        }
        Some(text.to_owned())
    }
}

/// An empty variable, as docker compose leaves them, counts as absent.
pub(super) fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn owned(text: Option<&String>) -> Option<String> {
    filled(text).map(str::to_owned)
}

impl Settings {
    /// Checks every setting; `home_data` is the data folder when none is given.
    pub fn resolve(&self, home_data: Option<PathBuf>) -> Result<Config, Faults> {
        let mut reader = Reader::default();
        let (listen, base_url) = self.addresses(&mut reader);
        let data_dir = self
            .data_dir
            .clone()
            .filter(|dir| !dir.as_os_str().is_empty())
            .or(home_data);
        if data_dir.is_none() {
            reader.fault(
                "VIGIE_DATA_DIR",
                "no home folder is known; set this to a folder",
            );
        }
        let config = Config {
            listen,
            data_dir: data_dir.unwrap_or_default(),
            database: self.database(&mut reader),
            department: self.department(&mut reader),
            organisation: self.organisation(&mut reader),
            mail: self.mail(&mut reader),
            pdf_program: program(&mut reader, "VIGIE_PDF_PROGRAM", self.pdf_program.as_ref()),
            scan_command: program(
                &mut reader,
                "VIGIE_SCAN_COMMAND",
                self.scan_command.as_ref(),
            ),
            documents_store: self.store(&mut reader),
            log_format: self.log_format(&mut reader),
            trusted_proxies: self.trusted_proxies(&mut reader),
            session: self.session(&mut reader),
            max_connections: self.max_connections(&mut reader),
            upload_limit: self.upload_limit(&mut reader),
            base_url: base_url.unwrap_or_else(|| BaseUrl::local(listen.port())),
        };
        if reader.faults.is_empty() {
            Ok(config)
        } else {
            Err(Faults(reader.faults))
        }
    }

    fn addresses(&self, reader: &mut Reader) -> (SocketAddr, Option<BaseUrl>) {
        let listen = reader
            .parsed("VIGIE_LISTEN", self.listen.as_ref(), "127.0.0.1:8080")
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let base_url = filled(self.base_url.as_ref()).and_then(|text| {
            BaseUrl::parse(text)
                .map_err(|why| reader.fault("VIGIE_BASE_URL", &why))
                .ok()
        });
        let secure = base_url.as_ref().is_some_and(BaseUrl::is_secure);
        if !listen.ip().is_loopback() && !secure {
            let why =
                format!("{listen} is open to the network: VIGIE_BASE_URL must be an https address");
            reader.fault("VIGIE_LISTEN", &why);
        }
        (listen, base_url)
    }

    fn database(&self, reader: &mut Reader) -> Database {
        let embedded = || Database::Embedded {
            pg_bin: self
                .pg_bin
                .clone()
                .filter(|dir| !dir.as_os_str().is_empty()),
        };
        let Some(url) = filled(self.database_url.as_ref()) else {
            return embedded();
        };
        match url.parse::<PgConnectOptions>() {
            Ok(options) if url.starts_with("postgres") => Database::External(Box::new(options)),
            // The text may hold a password, so it is not repeated.
            _ => {
                reader.fault(
                    "DATABASE_URL",
                    "not understood; example: postgres://vigie@host/vigie",
                );
                embedded()
            }
        }
    }

    fn department(&self, reader: &mut Reader) -> String {
        let code = owned(self.department.as_ref())
            .unwrap_or_else(|| "81".to_owned())
            .to_uppercase();
        if !is_department(&code) {
            reader.fault(
                "VIGIE_DEPARTMENT",
                &format!("`{code}` is not a code such as 81, 2A or 974"),
            );
        }
        code
    }

    fn organisation(&self, reader: &mut Reader) -> Organisation {
        Organisation {
            name: owned(self.organisation.as_ref())
                .unwrap_or_else(|| "Département du Tarn".to_owned()),
            contact_email: reader.email("VIGIE_CONTACT_EMAIL", self.contact_email.as_ref()),
            address: owned(self.address.as_ref()),
            publication_director: owned(self.publication_director.as_ref()),
            hosting_provider: owned(self.hosting_provider.as_ref()),
            dpo_email: reader.email("VIGIE_DPO_EMAIL", self.dpo_email.as_ref()),
        }
    }

    fn mail(&self, reader: &mut Reader) -> Option<Mail> {
        let url = filled(self.smtp_url.as_ref());
        let from = filled(self.mail_from.as_ref());
        if let Some(from) = from
            && from.parse::<lettre::message::Mailbox>().is_err()
        {
            let why = format!("`{from}` is not a sender such as Vigie <vigie@example.fr>");
            reader.fault("VIGIE_MAIL_FROM", &why);
        }
        let url = url?;
        if crate::platform::mail::check_url(url).is_err() {
            // The text may hold a password, so it is not repeated.
            reader.fault(
                "VIGIE_SMTP_URL",
                "not understood; example: smtps://user:password@host:465",
            );
        }
        let Some(from) = from else {
            reader.fault("VIGIE_MAIL_FROM", "needed with VIGIE_SMTP_URL");
            return None;
        };
        Some(Mail {
            url: Secret::new(url),
            from: from.to_owned(),
        })
    }

    fn log_format(&self, reader: &mut Reader) -> LogFormat {
        use std::io::IsTerminal as _;
        match filled(self.log_format.as_ref()) {
            Some("json") => LogFormat::Json,
            Some("human") => LogFormat::Human,
            None => LogFormat::fitting(std::io::stderr().is_terminal()),
            Some(other) => {
                reader.fault(
                    "VIGIE_LOG_FORMAT",
                    &format!("`{other}` is neither json nor human"),
                );
                LogFormat::Json
            }
        }
    }

    fn trusted_proxies(&self, reader: &mut Reader) -> Vec<IpAddr> {
        let text = filled(self.trusted_proxies.as_ref()).unwrap_or_default();
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        parts
            .filter_map(|part| {
                reader.parsed(
                    "VIGIE_TRUSTED_PROXIES",
                    Some(&part.to_owned()),
                    "127.0.0.1,10.0.0.2",
                )
            })
            .collect()
    }

    fn session(&self, reader: &mut Reader) -> SessionLimits {
        let idle = self.session_idle_minutes.as_ref();
        let idle = reader.number("VIGIE_SESSION_IDLE_MINUTES", idle, [5, 120], 30);
        let hours = reader.number(
            "VIGIE_SESSION_HOURS",
            self.session_hours.as_ref(),
            [1, 24],
            12,
        );
        SessionLimits {
            idle: Duration::from_secs(idle * 60),
            absolute: Duration::from_secs(hours * 3600),
        }
    }

    fn upload_limit(&self, reader: &mut Reader) -> u64 {
        let text = self.upload_limit_mb.as_ref();
        reader.number("VIGIE_UPLOAD_LIMIT_MB", text, [1, 100_000], 4_096) * (1 << 20)
    }

    fn max_connections(&self, reader: &mut Reader) -> usize {
        let text = self.max_connections.as_ref();
        let default = crate::platform::limits::CLIENT_CONNECTIONS;
        let wanted = reader.number("VIGIE_MAX_CONNECTIONS", text, [16, 65_536], default as u64);
        usize::try_from(wanted).unwrap_or(default)
    }
}

/// 01 to 95 (2A and 2B for Corsica instead of 20), 971 to 989 overseas (Code officiel
/// géographique, INSEE).
fn is_department(code: &str) -> bool {
    match code.len() {
        2 => {
            code == "2A"
                || code == "2B"
                || code
                    .parse()
                    .is_ok_and(|n: u8| (1..=95).contains(&n) && n != 20)
        }
        3 => code.parse().is_ok_and(|n: u16| (971..=989).contains(&n)),
        _ => false,
    }
}
