//! The program as an operator starts it, on a data folder and a port of its own.

use std::collections::HashMap;
use std::io::BufReader;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use crate::caretaker::Ward;
use crate::post::Post;

/// Address and password by role.
type Accounts = HashMap<String, (String, String)>;

/// A running program with the demonstration portfolio.
pub struct Program {
    ward: Option<Ward>,
    /// Address of the site.
    pub url: String,
    /// Address and password of each role's account, as printed at the first start.
    accounts: Accounts,
    /// Path that makes the first administrator, when there is none.
    first_link: Option<String>,
    database: Option<OwnDatabase>,
}

impl Program {
    /// Starts it and waits for its accounts and its address.
    pub async fn start() -> Self {
        Self::start_with(&["--demo"], &[]).await
    }

    /// Starts it on an empty database.
    pub async fn start_empty() -> Self {
        Self::start_with(&[], &[]).await
    }

    /// Path that makes the first administrator.
    pub fn first_link(&self) -> &str {
        self.first_link.as_deref().expect("no administrator yet")
    }

    /// The same, with a mail server.
    pub async fn start_mailing(post: &Post) -> Self {
        let from = "Vigie <vigie@tarn.example>";
        Self::start_with(
            &["--demo"],
            &[("VIGIE_SMTP_URL", &post.url), ("VIGIE_MAIL_FROM", from)],
        )
        .await
    }

    async fn start_with(arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("vigie-browser-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let port = free_port();
        let database = OwnDatabase::create(number).await;
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command
            .arg("serve")
            .args(arguments)
            .env("VIGIE_LISTEN", format!("127.0.0.1:{port}"))
            .env("VIGIE_DATA_DIR", &folder)
            .env("RUST_LOG", "warn")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped());
        if let Some(database) = &database {
            command.env("DATABASE_URL", &database.url);
        }
        let mut ward = Ward::start(&mut command, "TERM", &folder);
        let output = BufReader::new(ward.program().stdout.take().expect("its output"));
        let (accounts, first_link, url) = read_start(output);
        Self {
            ward: Some(ward),
            url,
            accounts,
            first_link,
            database,
        }
    }

    /// Address and password of a role's account.
    pub fn account(&self, role: &str) -> (&str, &str) {
        let (email, password) = &self.accounts[role];
        (email, password)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Before its database goes.
        drop(self.ward.take());
        if let Some(database) = self.database.take() {
            database.drop_now();
        }
    }
}

/// Reads the accounts (role, address, password in columns) or the first link, until the line that gives
/// the address.
fn read_start(output: impl std::io::BufRead) -> (Accounts, Option<String>, String) {
    let (mut accounts, mut link) = (HashMap::new(), None);
    for line in output.lines() {
        let line = line.expect("a line of text");
        if let Some((_, url)) = line.split_once("Vigie is ready: ") {
            let link = link.map(|link: String| link.replace(url, ""));
            return (accounts, link, url.to_owned());
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [
                role @ ("admin" | "staff" | "adviser" | "elected"),
                email,
                password,
                ..,
            ] => {
                accounts.insert(role.to_owned(), (email.to_owned(), password.to_owned()));
            }
            [one] if one.starts_with("http://") => link = Some(one.to_owned()),
            _ => {}
        }
    }
    panic!("the program stopped before giving its address");
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// With `DATABASE_URL` set, a database of one's own on that server.
struct OwnDatabase {
    server: PgConnectOptions,
    /// The same address with the name of the database.
    url: String,
    name: String,
}

impl OwnDatabase {
    async fn create(number: u32) -> Option<Self> {
        let url = std::env::var("DATABASE_URL").ok()?;
        let server: PgConnectOptions = url.parse().expect("DATABASE_URL");
        let name = format!("vigie_browser_{}_{number}", std::process::id());
        run(&server, format!("create database {name}")).await;
        let (address, query) = url.split_once('?').unwrap_or((&url, ""));
        let (server_address, _) = address
            .rsplit_once('/')
            .expect("an address with a database");
        let url = format!("{server_address}/{name}?{query}");
        Some(Self { server, url, name })
    }

    fn drop_now(self) {
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(run(
                &self.server,
                format!("drop database if exists {} with (force)", self.name),
            ));
        });
        let _ = dropped.join();
    }
}

/// Names here are made of constants and numbers only.
async fn run(server: &PgConnectOptions, statement: String) {
    let mut conn = server.connect().await.expect("the server of DATABASE_URL");
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut conn)
        .await
        .expect("a statement");
}
